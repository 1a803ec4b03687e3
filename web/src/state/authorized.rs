//! The public half of a key as servers take it: lines of `authorized_keys`, with options or without
//! (sshd(8), AUTHORIZED_KEYS FILE FORMAT), and cloud-init.

/// Options of restricted lines: a terminal, and nothing else.
pub(crate) const RESTRICTED: &str = "restrict,pty";

/// What a line allows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct LineOptions {
    /// A terminal and nothing else: no forwarding of ports, agents or displays.
    pub(crate) restricted: bool,
    /// The only addresses to log in from: patterns with commas. Empty is everywhere.
    pub(crate) from: String,
    /// The only command that runs, whatever is asked for. Empty is any.
    pub(crate) command: String,
    /// The first day on which it no longer counts, as `YYYY-MM-DD`. Empty is never.
    pub(crate) until: String,
}

/// What cannot be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LineProblem {
    /// The addresses are none.
    From,
    /// The command holds a control character, or ends with a backslash, which sshd would take together with
    /// the closing quote.
    Command,
    /// The day is none.
    Until,
}

impl LineOptions {
    /// Writes the line for a public key with its comment.
    ///
    /// # Errors
    ///
    /// [`LineProblem`]: nothing is left out silently, because a line without an option allows more.
    pub(crate) fn write(&self, public: &str) -> Result<String, LineProblem> {
        let mut options = Vec::new();
        if self.restricted {
            options.push(RESTRICTED.to_owned());
        }
        let from = self.from.trim();
        if !from.is_empty() {
            let usual =
                |letter: char| letter.is_ascii_alphanumeric() || ".:*?!/_-,".contains(letter);
            if !from.chars().all(usual) {
                return Err(LineProblem::From);
            }
            options.push(format!("from=\"{from}\""));
        }
        let command = self.command.trim();
        if !command.is_empty() {
            if command.chars().any(char::is_control) || command.ends_with('\\') {
                return Err(LineProblem::Command);
            }
            // The only escape that sshd knows.
            options.push(format!("command=\"{}\"", command.replace('"', "\\\"")));
        }
        let until = self.until.trim();
        if !until.is_empty() {
            let digits: String = until.split('-').collect();
            let is_day = digits.len() == 8 && digits.bytes().all(|byte| byte.is_ascii_digit());
            if !is_day {
                return Err(LineProblem::Until);
            }
            options.push(format!("expiry-time=\"{digits}\""));
        }
        if options.is_empty() {
            return Ok(public.to_owned());
        }
        Ok(format!("{} {public}", options.join(",")))
    }
}

/// The public half, as `authorized_keys` has it.
pub(crate) fn authorized_line(public: &str, name: &str) -> String {
    format!("{public} {}", comment(name))
}

/// The name as the comment of a public key: one line, without what a terminal might obey.
fn comment(name: &str) -> String {
    name.chars().filter(|letter| !letter.is_control()).collect()
}

/// What a new machine reads when it starts for the first time. JSON's strings are YAML's.
pub(crate) fn cloud_init(line: &str) -> String {
    let line = serde_json::Value::from(line);
    format!("#cloud-config\nssh_authorized_keys:\n  - {line}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "ssh-ed25519 AAAA laptop";

    #[test]
    fn a_line_without_options_is_the_key() {
        assert_eq!(LineOptions::default().write(KEY).as_deref(), Ok(KEY));
    }

    #[test]
    fn quotes_of_a_command_are_escaped_and_its_backslashes_are_not() {
        let options = LineOptions {
            restricted: true,
            from: "10.0.0.0/8,!10.0.0.1,*.example.org".to_owned(),
            command: r#"printf '%s\n' "a b" \"c"#.to_owned(),
            until: "2027-03-01".to_owned(),
        };
        assert_eq!(
            options.write(KEY).as_deref(),
            Ok(
                r#"restrict,pty,from="10.0.0.0/8,!10.0.0.1,*.example.org",command="printf '%s\n' \"a b\" \\"c",expiry-time="20270301" ssh-ed25519 AAAA laptop"#
            )
        );
    }

    #[test]
    fn what_could_leave_its_quotes_is_refused() {
        let command = |text: &str| LineOptions {
            command: text.to_owned(),
            ..LineOptions::default()
        };
        for text in ["a\nssh-rsa AAAA", "a\u{0}", "echo \\", "\u{1b}"] {
            let outcome = command(text).write(KEY);
            // What is only around it is taken away.
            assert!(
                outcome == Err(LineProblem::Command),
                "{text:?}: {outcome:?}"
            );
        }
        for from in ["a\" b", "10.0.0.1 10.0.0.2", "ä", "a\\"] {
            let options = LineOptions {
                from: from.to_owned(),
                ..LineOptions::default()
            };
            assert_eq!(options.write(KEY), Err(LineProblem::From), "{from}");
        }
        for until in ["tomorrow", "2027-3-1", "99999-01-01"] {
            let options = LineOptions {
                until: until.to_owned(),
                ..LineOptions::default()
            };
            assert_eq!(options.write(KEY), Err(LineProblem::Until), "{until}");
        }
    }

    #[test]
    fn a_name_cannot_leave_its_string_in_cloud_init() {
        let text = cloud_init("ssh-ed25519 AAAA my \"key\": x # y");
        assert_eq!(
            text,
            "#cloud-config\nssh_authorized_keys:\n  - \"ssh-ed25519 AAAA my \\\"key\\\": x # y\"\n"
        );
    }

    #[test]
    fn a_name_cannot_begin_a_second_line() {
        assert_eq!(comment("my\nssh-rsa AAAA\u{1b}[2J"), "myssh-rsa AAAA[2J");
    }
}
