//! Bytes that look random, are the same every time, and can be told apart by a digest.

use sha2::{Digest, Sha256};

/// A stream of pseudo-random bytes (xorshift64*), with a digest of what was given out.
#[derive(Clone, Debug)]
pub struct Noise {
    state: u64,
    digest: Sha256,
}

impl Noise {
    /// Starts the stream that belongs to `seed`.
    pub fn new(seed: u64) -> Self {
        Self {
            // The state must not be 0.
            state: seed | 1 << 63,
            digest: Sha256::new(),
        }
    }

    /// The next `bytes` bytes of the stream.
    pub fn take(&mut self, bytes: usize) -> Vec<u8> {
        let mut taken = Vec::with_capacity(bytes + 8);
        while taken.len() < bytes {
            taken.extend_from_slice(&self.word().to_le_bytes());
        }
        taken.truncate(bytes);
        self.digest.update(&taken);
        taken
    }

    /// A number below `limit`, which must not be 0.
    pub fn below(&mut self, limit: u64) -> u64 {
        (self.word() >> 16) % limit
    }

    /// Digest of the bytes that were taken.
    pub fn digest(self) -> [u8; 32] {
        self.digest.finalize().into()
    }

    fn word(&mut self) -> u64 {
        self.state ^= self.state >> 12;
        self.state ^= self.state << 25;
        self.state ^= self.state >> 27;
        self.state.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }
}
