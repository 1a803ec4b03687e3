//! Why no certificate came from the relay's issuer.

use transom_browser::IssuerProblem;

use crate::state::message::issuer as words;

/// What happened, why that is likely, and what to do.
pub(crate) fn why(problem: &IssuerProblem) -> String {
    let message = match problem {
        IssuerProblem::Refused {
            status,
            words: said,
        } => {
            let (status, said) = (status.to_string(), harmless(said));
            return if said.is_empty() {
                words::REFUSED.with(&[("status", &status)])
            } else {
                words::REFUSED_WORDS.with(&[("status", &status), ("words", &said)])
            };
        }
        IssuerProblem::Relay => words::RELAY,
        IssuerProblem::NotOffered => words::NOT_OFFERED,
        IssuerProblem::Busy => words::BUSY,
        IssuerProblem::Unreachable => words::UNREACHABLE,
        IssuerProblem::Slow => words::SLOW,
        IssuerProblem::Broken => words::BROKEN,
        IssuerProblem::NotACertificate => words::NOT_A_CERTIFICATE,
        IssuerProblem::ForHosts => words::FOR_HOSTS,
        IssuerProblem::Forged => words::FORGED,
        IssuerProblem::OtherKey => words::OTHER_KEY,
        IssuerProblem::Ended => words::ENDED_ALREADY,
    };
    message.say().to_owned()
}

/// An issuer's words without what moves or hides others: controls, and marks of direction.
fn harmless(text: &str) -> String {
    let moves = |letter: char| {
        letter.is_control()
            || matches!(letter, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}')
    };
    let letters = text
        .chars()
        .map(|letter| if letter == '\n' { ' ' } else { letter });
    letters.filter(|letter| !moves(*letter)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_issuer_s_words_are_told_and_move_nothing() {
        let refused = |words: &str| {
            why(&IssuerProblem::Refused {
                status: 403,
                words: words.to_owned(),
            })
        };
        assert_eq!(
            refused("not\nfor \u{202e}{status}\u{1b}[2J"),
            "The issuer gives you none (status 403). It says: not for {status}[2J"
        );
        assert_eq!(
            refused(""),
            "The issuer gives you none (status 403). Ask the operator of the relay why."
        );
    }
}
