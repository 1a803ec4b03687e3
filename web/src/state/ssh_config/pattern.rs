//! Patterns of `Host` lines (`ssh_config(5)`, PATTERNS).

/// Whether `host` fits one of `patterns`, and none of those with a `!`.
pub(super) fn any_fits(patterns: &[String], host: &str) -> bool {
    let mut fit = false;
    for pattern in patterns {
        match pattern.strip_prefix('!') {
            Some(pattern) if fits(pattern, host) => return false,
            Some(_) => {}
            None => fit |= fits(pattern, host),
        }
    }
    fit
}

/// Whether `text` fits `pattern`, in which `*` is any characters and `?` is one. The time is at most
/// the product of both lengths.
fn fits(pattern: &str, text: &str) -> bool {
    let (mut pattern, mut text) = (pattern.chars(), text.chars());
    // Where to go on when what follows the last star does not fit.
    let mut again = None;
    loop {
        let (mut after, mut rest) = (pattern.clone(), text.clone());
        match (after.next(), rest.next()) {
            (Some('*'), _) => {
                again = Some((after.clone(), text.clone()));
                pattern = after;
                continue;
            }
            (Some('?'), Some(_)) => {
                (pattern, text) = (after, rest);
                continue;
            }
            (Some(wanted), Some(letter)) if wanted.eq_ignore_ascii_case(&letter) => {
                (pattern, text) = (after, rest);
                continue;
            }
            (None, None) => return true,
            _ => {}
        }
        // The last star takes one character more.
        let Some((star, mut begin)) = again else {
            return false;
        };
        if begin.next().is_none() {
            return false;
        }
        again = Some((star.clone(), begin.clone()));
        (pattern, text) = (star, begin);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_and_question_marks_stand_for_characters() {
        for (pattern, text) in [
            ("*", ""),
            ("*", "web-1"),
            ("web-?", "web-1"),
            ("*.example.*", "a.b.example.org"),
            ("w*b*1", "webb-b-1"),
            ("WEB", "web"),
        ] {
            assert!(fits(pattern, text), "{pattern} {text}");
        }
        for (pattern, text) in [
            ("", "web"),
            ("web-?", "web-"),
            ("*.org", "web.com"),
            ("w*1", "web-12"),
            ("?", ""),
        ] {
            assert!(!fits(pattern, text), "{pattern} {text}");
        }
        // Many stars do not take for ever.
        assert!(!fits(&"*a".repeat(200), &"a".repeat(199)));
    }

    #[test]
    fn a_negated_pattern_rules_a_host_out() {
        let patterns = ["*.org".to_owned(), "!db.*".to_owned()];
        assert!(any_fits(&patterns, "web.org"));
        assert!(!any_fits(&patterns, "db.org"));
        assert!(!any_fits(&["!db".to_owned()], "web"));
    }
}
