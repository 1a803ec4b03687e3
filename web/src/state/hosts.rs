//! The hosts that a person saved.

use std::rc::Rc;

use crate::state::message::hosts as words;

use transom_protocol::{Environment, SavedHost, Target};
use yew::Reducible;

/// Most hosts that one file may bring, so that a mistaken file cannot fill the page.
pub(crate) const MAX_HOSTS: usize = 5000;

/// The saved hosts, by group and name.
///
/// INVARIANT: each has an id of its own, and they are sorted.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Hosts {
    list: Vec<SavedHost>,
}

/// What happened to them.
#[derive(Clone, Debug)]
pub(crate) enum HostsAction {
    /// All of them were read.
    Read(Vec<SavedHost>),
    /// These are new or changed.
    Saved(Vec<SavedHost>),
    /// The one with this id is gone.
    Removed(String),
}

impl Hosts {
    /// All of them, by group and name.
    pub(crate) fn list(&self) -> &[SavedHost] {
        &self.list
    }

    /// The one that leads to `target`. Where several do, the one to be most careful with.
    pub(crate) fn of(&self, target: &Target) -> Option<&SavedHost> {
        let fits = self.list.iter().filter(|host| host.leads_to(target));
        fits.max_by_key(|host| care(host.environment))
    }

    /// The one that a person calls `name`.
    pub(crate) fn named(&self, name: &str) -> Option<&SavedHost> {
        let name = name.trim().to_lowercase();
        self.list
            .iter()
            .find(|host| !name.is_empty() && host.name.to_lowercase() == name)
    }

    /// The groups that there are.
    pub(crate) fn groups(&self) -> Vec<&str> {
        let mut groups: Vec<&str> = self.list.iter().map(|host| host.group.as_str()).collect();
        groups.retain(|group| !group.is_empty());
        groups.dedup();
        groups
    }

    /// Those that hold every word of `typed` in name, address, group, tags or environment.
    pub(crate) fn fitting(&self, typed: &str) -> Vec<&SavedHost> {
        let typed = typed.to_lowercase();
        let words: Vec<&str> = typed.split_whitespace().collect();
        let fits = |host: &&SavedHost| {
            let text = format!(
                "{} {}@{}:{} {} {} {}",
                host.name,
                host.user.as_deref().unwrap_or_default(),
                host.host,
                host.port,
                host.group,
                host.tags.join(" "),
                label(host.environment),
            );
            let text = text.to_lowercase();
            words.iter().all(|word| text.contains(word))
        };
        self.list.iter().filter(fits).collect()
    }

    /// A name for a copy of `name` that no host has yet.
    pub(crate) fn free_name(&self, name: &str) -> String {
        let numbers = 2..=u32::MAX;
        let mut names = numbers.map(|number| format!("{name} ({number})"));
        let free = names.find(|name| self.named(name).is_none());
        free.unwrap_or_else(|| name.to_owned())
    }
}

impl Reducible for Hosts {
    type Action = HostsAction;

    fn reduce(self: Rc<Self>, action: HostsAction) -> Rc<Self> {
        let mut list = Rc::unwrap_or_clone(self).list;
        match action {
            HostsAction::Read(read) => list = read,
            HostsAction::Saved(saved) => {
                list.retain(|known| saved.iter().all(|host| host.id != known.id));
                list.extend(saved);
            }
            HostsAction::Removed(id) => list.retain(|host| host.id != id),
        }
        // Those without a group come last, under no heading.
        list.sort_by_cached_key(|host| {
            let group = host.group.to_lowercase();
            (group.is_empty(), group, host.name.to_lowercase())
        });
        Rc::new(Self { list })
    }
}

fn care(environment: Environment) -> u8 {
    match environment {
        Environment::Development => 0,
        Environment::Staging => 1,
        Environment::Production => 2,
    }
}

/// The environment's name for people; empty where nothing is said about it.
pub(crate) fn label(environment: Environment) -> &'static str {
    match environment {
        Environment::Development => "",
        Environment::Staging => words::STAGING.say(),
        Environment::Production => words::PRODUCTION.say(),
    }
}

/// Reads tags as a person types them: words between commas, each once.
pub(crate) fn tags(typed: &str) -> Vec<String> {
    let mut tags: Vec<String> = Vec::new();
    for tag in typed.split(',').map(str::trim) {
        if !tag.is_empty() && !tags.iter().any(|known| known == tag) {
            tags.push(tag.to_owned());
        }
    }
    tags
}

/// Writes hosts for a file.
pub(crate) fn to_json(hosts: &[SavedHost]) -> String {
    // Strings and numbers can always be written.
    serde_json::to_string_pretty(hosts).unwrap_or_default()
}

/// Reads what [`to_json`] wrote. An entry that leads nowhere is left out; all are left out where
/// the text is no such list, or longer than [`MAX_HOSTS`].
pub(crate) fn from_json(text: &str) -> Vec<SavedHost> {
    let list: Vec<serde_json::Value> = serde_json::from_str(text).unwrap_or_default();
    if list.len() > MAX_HOSTS {
        return Vec::new();
    }
    list.into_iter()
        .filter_map(|entry| serde_json::from_value::<SavedHost>(entry).ok())
        .filter(|host| !host.id.is_empty() && !host.name.is_empty() && host.target().is_ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn host(id: &str, name: &str, address: &str, group: &str) -> SavedHost {
        let mut host = SavedHost {
            id: id.to_owned(),
            name: name.to_owned(),
            group: group.to_owned(),
            ..SavedHost::default()
        };
        host.set_target(address.parse().unwrap());
        host
    }

    fn some() -> Rc<Hosts> {
        let mut prod = host("3", "Shop", "ops@web-1", "shop");
        prod.environment = Environment::Production;
        prod.tags = vec!["eu".to_owned()];
        let list = vec![
            host("1", "zulu", "z.example", ""),
            host("2", "Any", "web-1", "shop"),
            prod,
        ];
        Rc::new(Hosts::default()).reduce(HostsAction::Read(list))
    }

    #[test]
    fn hosts_are_sorted_by_group_and_name_and_those_without_a_group_are_last() {
        let hosts = some();
        let names: Vec<_> = hosts.list().iter().map(|host| host.name.as_str()).collect();
        assert_eq!(names, ["Any", "Shop", "zulu"]);
        assert_eq!(hosts.groups(), ["shop"]);
    }

    #[test]
    fn the_most_careful_entry_of_an_address_counts() {
        let target = "ops@web-1".parse().unwrap();
        assert_eq!(some().of(&target).unwrap().name, "Shop");
        let other = "dev@web-1".parse().unwrap();
        assert_eq!(some().of(&other).unwrap().name, "Any");
        assert!(some().of(&"none".parse().unwrap()).is_none());
    }

    #[test]
    fn every_word_of_a_search_must_fit() {
        let names = |typed: &str| -> Vec<String> {
            let hosts = some();
            let fitting = hosts.fitting(typed);
            fitting.iter().map(|host| host.name.clone()).collect()
        };
        assert_eq!(names("prod eu"), ["Shop"]);
        assert_eq!(names("WEB"), ["Any", "Shop"]);
        assert_eq!(names("").len(), 3);
        assert!(names("web zulu").is_empty());
    }

    #[test]
    fn a_saved_host_replaces_its_older_self() {
        let hosts = some().reduce(HostsAction::Saved(vec![host("1", "alpha", "a", "")]));
        assert_eq!(hosts.list().len(), 3);
        assert!(hosts.named("ALPHA").is_some());
        assert_eq!(hosts.free_name("alpha"), "alpha (2)");
        let hosts = hosts.reduce(HostsAction::Removed("1".to_owned()));
        assert!(hosts.named("alpha").is_none());
    }

    #[test]
    fn a_list_survives_a_file_and_damage_is_left_out() {
        let hosts = some();
        assert_eq!(from_json(&to_json(hosts.list())), hosts.list());
        assert!(from_json("{}").is_empty());
        assert!(from_json(r#"[{"id":"1","name":"x","host":"a b","port":22}, 7]"#).is_empty());
        assert!(from_json(&format!("[{}]", vec!["7"; 5001].join(","))).is_empty());
    }

    #[test]
    fn tags_are_words_between_commas() {
        assert_eq!(tags(" eu, web ,,eu"), ["eu", "web"]);
        assert!(tags("").is_empty());
    }
}
