//! A key from a passphrase: Argon2id ([RFC 9106]), with a floor as well as a cap on its cost.
//!
//! The cost is stored beside what the key opens, so whoever can change that could ask for a cost so
//! low that guessing is cheap, or so high that the browser never ends. Both are refused.
//!
//! [RFC 9106]: https://www.rfc-editor.org/rfc/rfc9106

use core::ops::RangeInclusive;

use argon2::{Algorithm, Argon2, Params, Version};
use zeroize::Zeroizing;

/// Bytes of the salt, as [RFC 9106 §3.1] recommends.
///
/// [RFC 9106 §3.1]: https://www.rfc-editor.org/rfc/rfc9106#section-3.1
pub const PASSPHRASE_SALT_BYTES: usize = 16;

/// Bytes of the key: AES-256.
pub const PASSPHRASE_KEY_BYTES: usize = 32;

/// Memory, in KiB. The floor is OWASP's least for Argon2id; a browser may refuse more than the cap.
const MEMORY_KIB: RangeInclusive<u32> = 19 * 1024..=256 * 1024;

/// Passes over the memory. OWASP's least for the least memory is 2.
const PASSES: RangeInclusive<u32> = 2..=16;

/// Most memory that is gone over, in KiB, all passes together: some seconds in a browser.
const MAX_WORK_KIB: u64 = 1024 * 1024;

/// Why no key was derived.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PassphraseError {
    /// The stored cost is lower than any that this program wrote.
    #[error("the stored cost of the passphrase is below the floor")]
    TooCheap,
    /// The stored cost is higher than any that this program wrote.
    #[error("the stored cost of the passphrase is above the cap")]
    TooDear,
    /// The salt is too short, or the memory could not be had.
    #[error("no key can be derived from the passphrase here")]
    Derivation,
}

/// What it costs to try one passphrase.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PassphraseCost {
    memory_kib: u32,
    passes: u32,
}

impl PassphraseCost {
    /// What new keys cost: 64 MiB, six times over. In the browser of a machine of two cores a pass
    /// takes 56 to 97 ms; whoever guesses shall need a quarter of a second for each.
    pub const USUAL: Self = Self {
        memory_kib: 64 * 1024,
        passes: 6,
    };

    /// Reads a stored cost.
    ///
    /// - `memory_kib`: memory in KiB, 19 456 to 262 144.
    /// - `passes`: passes over it, 2 to 16.
    ///
    /// # Errors
    ///
    /// [`PassphraseError::TooCheap`] below a floor, [`PassphraseError::TooDear`] above a cap.
    pub fn stored(memory_kib: u32, passes: u32) -> Result<Self, PassphraseError> {
        let work = u64::from(memory_kib) * u64::from(passes);
        if memory_kib < *MEMORY_KIB.start() || passes < *PASSES.start() {
            Err(PassphraseError::TooCheap)
        } else if MEMORY_KIB.contains(&memory_kib)
            && PASSES.contains(&passes)
            && work <= MAX_WORK_KIB
        {
            Ok(Self { memory_kib, passes })
        } else {
            Err(PassphraseError::TooDear)
        }
    }

    /// Memory in KiB.
    pub fn memory_kib(&self) -> u32 {
        self.memory_kib
    }

    /// Passes over the memory.
    pub fn passes(&self) -> u32 {
        self.passes
    }

    /// Derives the key. It takes some tenths of a second, and cannot be interrupted.
    ///
    /// - `salt`: at least 8 bytes, [`PASSPHRASE_SALT_BYTES`] of chance for a new key.
    ///
    /// # Errors
    ///
    /// [`PassphraseError::Derivation`].
    pub fn derive(
        &self,
        passphrase: &str,
        salt: &[u8],
    ) -> Result<Zeroizing<[u8; PASSPHRASE_KEY_BYTES]>, PassphraseError> {
        let params = Params::new(self.memory_kib, self.passes, 1, Some(PASSPHRASE_KEY_BYTES));
        let params = params.map_err(|_| PassphraseError::Derivation)?;
        let mut key = Zeroizing::new([0; PASSPHRASE_KEY_BYTES]);
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_into(passphrase.as_bytes(), salt, key.as_mut())
            .map_err(|_| PassphraseError::Derivation)?;
        Ok(key)
    }
}
