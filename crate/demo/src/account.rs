//! Who started the program: the only person who may log in.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

/// The shell of an account that names none (passwd(5)).
const DEFAULT_SHELL: &str = "/bin/sh";

/// The invoking user has no name.
#[derive(Debug, thiserror::Error)]
#[error("user {uid} is not in /etc/passwd, and USER is not set")]
pub struct UnknownUser {
    /// The numeric user id.
    pub uid: u32,
}

/// A local account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// The log-in name.
    pub name: String,
    /// The home directory.
    pub home: PathBuf,
    /// The log-in shell.
    pub shell: PathBuf,
}

impl Account {
    /// The account that runs this program.
    ///
    /// The name comes from `/etc/passwd`, because `USER` is often stale after su(1). Home and
    /// shell come from `HOME` and `SHELL`, which are what the person is used to.
    ///
    /// # Errors
    ///
    /// [`UnknownUser`] if neither `/etc/passwd` nor `USER` names it.
    pub fn invoking() -> Result<Self, UnknownUser> {
        let uid = rustix::process::getuid().as_raw();
        let passwd = fs::read_to_string("/etc/passwd").unwrap_or_default();
        let entry = find(&passwd, uid);
        let name = match &entry {
            Some(entry) => entry.name.clone(),
            None => env::var("USER").map_err(|_| UnknownUser { uid })?,
        };
        let from_entry = |field: fn(Self) -> PathBuf| entry.clone().map(field);
        Ok(Self {
            name,
            home: absolute("HOME")
                .or_else(|| from_entry(|entry| entry.home))
                .unwrap_or_else(|| PathBuf::from("/")),
            shell: absolute("SHELL")
                .or_else(|| from_entry(|entry| entry.shell))
                .unwrap_or_else(|| PathBuf::from(DEFAULT_SHELL)),
        })
    }
}

fn absolute(variable: &str) -> Option<PathBuf> {
    env::var_os(variable)
        .map(PathBuf::from)
        .filter(|path| path.is_absolute())
}

/// Finds a user in the text of passwd(5).
fn find(passwd: &str, uid: u32) -> Option<Account> {
    passwd.lines().find_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next()?;
        let found: u32 = fields.nth(1)?.parse().ok()?;
        let home = fields.nth(2)?;
        let shell = fields.next().filter(|shell| !shell.is_empty());
        (found == uid).then(|| Account {
            name: name.to_owned(),
            home: Path::new(home).to_owned(),
            shell: Path::new(shell.unwrap_or(DEFAULT_SHELL)).to_owned(),
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const PASSWD: &str = "\
root:x:0:0:root:/root:/bin/bash
# a comment
ops:x:1000:1000:,,,:/home/ops:
";

    #[test]
    fn an_entry_is_found_by_its_number() {
        let root = find(PASSWD, 0).unwrap();
        assert_eq!(root.name, "root");
        assert_eq!(root.home, Path::new("/root"));
        assert_eq!(root.shell, Path::new("/bin/bash"));
    }

    #[test]
    fn an_account_without_a_shell_gets_the_default_one() {
        assert_eq!(find(PASSWD, 1000).unwrap().shell, Path::new(DEFAULT_SHELL));
    }

    #[test]
    fn nobody_else_is_found() {
        assert_eq!(find(PASSWD, 1), None);
    }
}
