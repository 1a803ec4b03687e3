//! The servers that this browser trusts.

use transom_browser::vault::KnownHost;
use yew::{Callback, Html, MouseEvent, component, html, use_effect_with, use_state};

use crate::component::field::search_field;
use crate::component::icon::{Glyph, Icon};
use crate::component::known_hosts_import::KnownHostsImporter;
use crate::hook::use_title;
use crate::service::{download, place, vault};
use crate::state::message::{button, known_hosts as words};

/// What was read.
#[derive(Clone, Debug, PartialEq)]
enum Listing {
    Reading,
    Read(Vec<KnownHost>),
    /// The browser keeps no data for this page.
    Unreadable,
}

/// Lists the trusted host keys, finds among them, removes them.
#[component]
pub(crate) fn KnownHosts() -> Html {
    use_title(words::PAGE.say().to_owned());
    let listing = use_state(|| Listing::Reading);
    let wanted = use_state(String::new);
    let round = use_state(|| 0_u32);
    let setter = listing.setter();
    use_effect_with(*round, move |_| {
        wasm_bindgen_futures::spawn_local(async move {
            let read = vault::known_hosts().await;
            setter.set(read.map_or(Listing::Unreadable, Listing::Read));
        });
    });
    let on_remove = {
        let (next, setter) = (*round + 1, round.setter());
        Callback::from(move |line: String| {
            let setter = setter.clone();
            wasm_bindgen_futures::spawn_local(async move {
                // Either way, what is read next is the truth.
                let _ = vault::forget(line).await;
                setter.set(next);
            });
        })
    };
    let on_kept = {
        let (next, setter) = (*round + 1, round.setter());
        Callback::from(move |()| setter.set(next))
    };
    let on_export = {
        let listing = listing.clone();
        Callback::from(move |_: MouseEvent| {
            if let Listing::Read(hosts) = &*listing {
                download::text("known_hosts", "text/plain", &file(hosts));
            }
        })
    };
    let empty = !matches!(&*listing, Listing::Read(hosts) if !hosts.is_empty());
    let body = match &*listing {
        Listing::Reading => Html::default(),
        Listing::Unreadable => html! {
            <p class="refusal">{ words::UNREADABLE_STORE.say() }</p>
        },
        Listing::Read(hosts) if hosts.is_empty() => html! {
            <p class="empty">{ words::EMPTY.say() }</p>
        },
        Listing::Read(hosts) => table(hosts, &wanted, &on_remove),
    };
    html! {
        <main class="page">
            <header>
                <h1>{ words::TITLE.say() }</h1>
                <p class="lead">{ words::LEAD.say() }</p>
            </header>
            { search_field([button::SEARCH.say(); 2], &wanted) }
            { body }
            <h2>{ words::IMPORT_EXPORT.say() }</h2>
            <KnownHostsImporter {on_kept}>
                <button type="button" class="quiet" disabled={empty} onclick={on_export}>
                    <Icon glyph={Glyph::Download} />{ words::EXPORT.say() }
                </button>
            </KnownHostsImporter>
        </main>
    }
}

fn table(hosts: &[KnownHost], wanted: &str, on_remove: &Callback<String>) -> Html {
    let rows: Vec<Html> = hosts
        .iter()
        .filter(|host| host.line.to_lowercase().contains(&wanted.to_lowercase()))
        .map(|host| row(host, on_remove))
        .collect();
    if rows.is_empty() {
        return html! { <p class="empty">{ words::NO_MATCH.say() }</p> };
    }
    html! {
        <div class="table">
            <table>
                <thead><tr>
                    <th scope="col">{ words::HOST.say() }</th><th scope="col">{ words::KEY.say() }</th>
                    <th scope="col">{ words::FIRST_SEEN.say() }</th><th scope="col">{ words::LAST_SEEN.say() }</th>
                    <th scope="col"><span class="unseen">{ words::ACTIONS.say() }</span></th>
                </tr></thead>
                <tbody>{ for rows }</tbody>
            </table>
        </div>
    }
}

fn row(host: &KnownHost, on_remove: &Callback<String>) -> Html {
    let (name, kind) = parts(&host.line);
    // A hash, which nobody can read.
    let hidden = name.starts_with('|');
    let line = host.line.clone();
    let onclick = on_remove.reform(move |_: MouseEvent| line.clone());
    html! {
        <tr key={host.line.clone()}>
            <th scope="row" title={hidden.then(|| name.to_owned())}>
                { if hidden { words::HIDDEN.say() } else { name } }
            </th>
            <td>
                if let Some(words) = marker(&host.line) {
                    <strong class="marker">{ words }</strong>{ " " }
                }
                { kind.to_owned() }
            </td>
            <td>{ place::date(host.first_seen_ms) }</td>
            <td>{ seen(host.last_seen_ms) }</td>
            <td>
                <button type="button" aria-label={words::REMOVE_IT.with(&[("name", name), ("kind", kind)])} {onclick}>
                    { words::REMOVE.say() }
                </button>
            </td>
        </tr>
    }
}

/// All lines as a file that OpenSSH reads, those trusted first at its begin.
fn file(hosts: &[KnownHost]) -> String {
    let mut hosts: Vec<&KnownHost> = hosts.iter().collect();
    hosts.sort_by(|a, b| a.first_seen_ms.total_cmp(&b.first_seen_ms));
    let lines = hosts.iter().flat_map(|host| [host.line.as_str(), "\n"]);
    lines.collect()
}

/// When a server showed the key.
fn seen(last_seen_ms: f64) -> String {
    if last_seen_ms > 0.0 {
        place::date(last_seen_ms)
    } else {
        words::NEVER.say().to_owned()
    }
}

/// What a line says beside trusting a key.
fn marker(line: &str) -> Option<&'static str> {
    match line.split_whitespace().next()? {
        "@revoked" => Some(words::REVOKED.say()),
        "@cert-authority" => Some(words::AUTHORITY.say()),
        _ => None,
    }
}

/// The host and the key type of a known_hosts line; a marker may stand before both.
fn parts(line: &str) -> (&str, &str) {
    let mut words = line
        .split_whitespace()
        .skip_while(|word| word.starts_with('@'));
    let name = words.next().unwrap_or(line);
    (name, words.next().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_has_one_line_for_each_key_the_oldest_first() {
        let host = |line: &str, first_seen_ms| KnownHost {
            line: line.to_owned(),
            first_seen_ms,
            last_seen_ms: 0.0,
        };
        let hosts = [host("b ssh-rsa B", 2.0), host("a ssh-rsa A", 1.0)];
        assert_eq!(file(&hosts), "a ssh-rsa A\nb ssh-rsa B\n");
    }

    #[test]
    fn a_marker_is_not_a_host() {
        assert_eq!(parts("web-1 ssh-ed25519 AAAA"), ("web-1", "ssh-ed25519"));
        assert_eq!(
            parts("@revoked [web-1]:2222 ssh-rsa AAAA"),
            ("[web-1]:2222", "ssh-rsa")
        );
        assert_eq!(parts("x"), ("x", ""));
        assert_eq!(marker("@revoked x ssh-rsa AAAA"), Some("revoked"));
        assert_eq!(marker("x ssh-rsa AAAA"), None);
    }
}
