//! How much of a block counts.

/// A part of the block, read as one big-endian number; it comes round without a carry.
pub trait CtrFlavor {
    /// The bits that count.
    const COUNTED: u128;
}

/// The last 32 bits, as AES-GCM has it (NIST SP 800-38D, 6.2).
pub struct Ctr32BE;

impl CtrFlavor for Ctr32BE {
    const COUNTED: u128 = 0xffff_ffff;
}

/// All bits, as SSH has it ([RFC 4344 §4]).
///
/// [RFC 4344 §4]: https://www.rfc-editor.org/rfc/rfc4344#section-4
pub struct Ctr128BE;

impl CtrFlavor for Ctr128BE {
    const COUNTED: u128 = u128::MAX;
}
