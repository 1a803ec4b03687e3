//! Names and proofs of a session.

use core::fmt;

use subtle::ConstantTimeEq;

use crate::FieldError;
use crate::limit::MAX_TICKET_BYTES;

/// Names a session; chosen at random by the relay. It may be logged: it opens nothing.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct SessionId([u8; 16]);

impl SessionId {
    /// Wraps 128 random bits.
    pub const fn new(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// Shows the bits, as they go over the wire.
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

impl fmt::Display for SessionId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0
            .iter()
            .try_for_each(|byte| write!(formatter, "{byte:02x}"))
    }
}

impl fmt::Debug for SessionId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "SessionId({self})")
    }
}

/// Proves that a client owns a session: 256 random bits from the relay.
///
/// # Security
///
/// Comparing takes the same time wherever the first difference is. `Debug` shows nothing.
#[derive(Clone)]
pub struct SessionSecret([u8; 32]);

impl SessionSecret {
    /// Wraps 256 bits from a cryptographic random source.
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Shows the bits. Each call is a place to review.
    pub const fn expose(&self) -> &[u8; 32] {
        &self.0
    }
}

impl PartialEq for SessionSecret {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl Eq for SessionSecret {}

impl fmt::Debug for SessionSecret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("SessionSecret(..)")
    }
}

/// Permission to connect, given by whom the relay trusts: a signed JSON Web Token as text.
///
/// # Security
///
/// Travels only in `Open`, never in an address or a log. `Debug` shows nothing.
#[derive(Clone, PartialEq, Eq)]
pub struct Ticket(String);

impl Ticket {
    /// Wraps `text`, which is checked by the relay only.
    ///
    /// # Errors
    ///
    /// [`FieldError::TooLong`] beyond [`MAX_TICKET_BYTES`]; the caller should ask for a new ticket.
    pub fn new(text: impl Into<String>) -> Result<Self, FieldError> {
        let text = text.into();
        FieldError::check(text.len(), MAX_TICKET_BYTES)?;
        Ok(Self(text))
    }

    /// Shows the text. Each call is a place to review.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Ticket {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Ticket(..)")
    }
}
