//! A host that a person saved: how to get there and how it is shown. It holds no secret.

use serde::{Deserialize, Serialize};

use crate::{ParseTargetError, Target};

/// What depends on a host, so how careful the page is with it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Environment {
    /// Nothing is said about it.
    #[default]
    Development,
    /// Marked in amber.
    Staging,
    /// Marked in red; several lines are pasted only after a question.
    Production,
}

/// A record of the store `hosts`, and an entry of an exported list.
///
/// A member that is missing is the default, so that lists of other versions can be read.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct SavedHost {
    /// Names the record; never shown.
    pub id: String,
    /// What the person calls it, not empty.
    pub name: String,
    /// Host name or address, without brackets.
    pub host: String,
    /// TCP port, 1 to 65535.
    pub port: u16,
    /// User name; `None` is asked for.
    pub user: Option<String>,
    /// Jump hosts, as [`Target::parse_jump`] reads them; empty where there are none.
    pub jump: String,
    /// The heading under which it is listed; may be empty.
    pub group: String,
    /// Words to find it by.
    pub tags: Vec<String>,
    /// Name of one of the page's colours; empty is none.
    pub colour: String,
    /// What depends on it.
    pub environment: Environment,
    /// Typed into each new shell, with Enter.
    pub startup: Option<String>,
    /// Programs on it may ask for signatures, each of which is confirmed.
    pub forward_agent: bool,
    /// When it was last connected to, in milliseconds since 1970.
    pub last_ms: Option<f64>,
}

impl SavedHost {
    /// Where it is.
    ///
    /// # Errors
    ///
    /// [`ParseTargetError`] when a record of another program or version holds what is no
    /// address. Nothing may be connected to then.
    pub fn target(&self) -> Result<Target, ParseTargetError> {
        if self.port == 0 {
            return Err(ParseTargetError::Port);
        }
        let address = if self.host.contains(':') {
            format!("[{}]:{}", self.host, self.port)
        } else {
            format!("{}:{}", self.host, self.port)
        };
        let target: Target = address.parse()?;
        let user = self.user.clone().filter(|user| !user.is_empty());
        let jump = Target::parse_jump(&self.jump)?;
        Ok(Target {
            user,
            jump,
            ..target
        })
    }

    /// Takes the address of `target`.
    pub fn set_target(&mut self, target: Target) {
        self.host = target.host;
        self.port = target.port;
        self.user = target.user;
        self.jump = Target::write_jump(&target.jump);
    }

    /// Whether this is where `target` leads. A record without a user is for every user.
    pub fn leads_to(&self, target: &Target) -> bool {
        let user = self.user.as_ref().filter(|user| !user.is_empty());
        self.host.eq_ignore_ascii_case(&target.host)
            && self.port == target.port
            && (user.is_none() || user == target.user.as_ref())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn host(address: &str) -> SavedHost {
        let mut host = SavedHost::default();
        host.set_target(address.parse().unwrap());
        host
    }

    #[test]
    fn an_address_survives_the_record() {
        for address in [
            "ops@web-1",
            "db:2222",
            "ops@[::1]:22",
            "a@b@web-1:8022",
            "db via ops@edge:2222,second",
        ] {
            let target: Target = address.parse().unwrap();
            assert_eq!(host(address).target().unwrap(), target, "{address}");
        }
    }

    #[test]
    fn a_damaged_record_leads_nowhere() {
        assert!(SavedHost::default().target().is_err());
        let spaced = SavedHost {
            host: "web 1".to_owned(),
            port: 22,
            ..SavedHost::default()
        };
        assert!(spaced.target().is_err());
        let partial: SavedHost = serde_json::from_str(r#"{"id":"1","later":true}"#).unwrap();
        assert_eq!(partial.environment, Environment::Development);
    }

    #[test]
    fn a_damaged_jump_host_is_not_left_out() {
        let mut host = host("db via edge");
        host.jump.push_str(",two words");
        assert_eq!(host.target(), Err(ParseTargetError::Jump));
    }

    #[test]
    fn a_record_without_a_user_is_for_every_user() {
        let target: Target = "ops@Web-1".parse().unwrap();
        assert!(host("web-1").leads_to(&target));
        assert!(host("ops@web-1").leads_to(&target));
        assert!(!host("root@web-1").leads_to(&target));
        assert!(!host("web-1:23").leads_to(&target));
    }
}
