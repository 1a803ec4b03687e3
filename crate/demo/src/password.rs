//! The password of this run.

use std::fmt;

use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

/// Letters and digits that are not mistaken for each other. There are 32, so that five random
/// bits choose one without bias.
const ALPHABET: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";

/// Symbols of a password: 80 bits, far beyond what a loopback listener lets anyone guess.
const SYMBOLS: usize = 16;

/// Symbols between two dashes. The dashes are part of the password.
const GROUP: usize = 4;

/// The system gave no random bytes.
#[derive(Debug, thiserror::Error)]
#[error("the system gave no random bytes")]
pub struct NoRandomness(#[source] pub(crate) getrandom::Error);

/// A random password that is valid until the program ends.
pub struct Password(Zeroizing<String>);

impl Password {
    /// Makes one, for example `k7dm-x2pq-9wab-hjtz`.
    ///
    /// # Errors
    ///
    /// [`NoRandomness`] if the system has no random bytes; nothing safe can be done then.
    pub fn random() -> Result<Self, NoRandomness> {
        let mut random = Zeroizing::new([0; SYMBOLS]);
        getrandom::fill(random.as_mut()).map_err(NoRandomness)?;
        let mut text = Zeroizing::new(String::with_capacity(SYMBOLS + SYMBOLS / GROUP));
        for group in random.chunks(GROUP) {
            if !text.is_empty() {
                text.push('-');
            }
            text.extend(group.iter().filter_map(|&byte| symbol(byte)));
        }
        Ok(Self(text))
    }

    /// The password itself, to show it to the person who started the program.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Whether `attempt` is the password. Takes the same time for every attempt of its length.
    pub fn matches(&self, attempt: &[u8]) -> bool {
        self.0.as_bytes().ct_eq(attempt).into()
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Password(..)")
    }
}

fn symbol(random: u8) -> Option<char> {
    // Always there: the mask leaves an index of the alphabet.
    ALPHABET
        .get(usize::from(random & 31))
        .copied()
        .map(char::from)
}
