//! Keys that are passkeys: the browser's authenticator signs with them, after a touch ([PROTOCOL.u2f],
//! "webauthn-sk-ecdsa-sha2-nistp256@openssh.com").
//!
//! An authenticator does not sign what a server wants signed, but its own data and a JSON text that
//! holds the request. So the signature that goes to the server carries both.
//!
//! [PROTOCOL.u2f]: https://cvsweb.openbsd.org/src/usr.bin/ssh/PROTOCOL.u2f

use crate::signature::{put_number, put_string};
use crate::{PublicKey, PublicKeyError};

/// The type of the key.
const SK_NAME: &str = "sk-ecdsa-sha2-nistp256@openssh.com";

/// The type of its signatures. OpenSSH takes it as a name of the key's type as well.
pub(crate) const WEBAUTHN_NAME: &str = "webauthn-sk-ecdsa-sha2-nistp256@openssh.com";

/// First byte and length of a point on P-256 with both coordinates (SEC 1 §2.3.3).
const UNCOMPRESSED: u8 = 4;
const POINT_BYTES: usize = 65;

/// Bytes of an authenticator's data before its extensions: hash of the name, flags, counter
/// (WebAuthn Level 3 §6.1).
const HASH_BYTES: usize = 32;

/// What an authenticator answers (WebAuthn Level 3 §5.2.2).
#[derive(Clone, Copy, Debug)]
pub struct Assertion<'a> {
    /// Hash of the name that the passkey belongs to, flags, counter and extensions.
    pub authenticator_data: &'a [u8],
    /// The JSON text that holds the request.
    pub client_data: &'a [u8],
    /// Origin of the page, as the JSON text has it.
    pub origin: &'a str,
    /// Two numbers in DER (RFC 3279 §2.2.3).
    pub signature: &'a [u8],
}

impl PublicKey {
    /// Builds the key of a passkey.
    ///
    /// - `point`: with both coordinates, 65 bytes.
    /// - `name`: the host name that the passkey belongs to, its relying party.
    ///
    /// # Errors
    ///
    /// [`PublicKeyError`] if `point` has another length or form.
    pub fn from_passkey(point: &[u8], name: &str) -> Result<Self, PublicKeyError> {
        if point.len() != POINT_BYTES || point.first() != Some(&UNCOMPRESSED) {
            return Err(PublicKeyError);
        }
        Self::from_blob(&passkey_blob(SK_NAME, point, name))
    }
}

/// Writes the request that is to be signed ([RFC 4252 §7]) anew, under the name of the signature.
///
/// A server compares both names (OpenSSH `sshkey_check_sigtype`), and knows this one as a name of the
/// same key; libraries put the name of the key there. `None` where the bytes are no such request.
///
/// [RFC 4252 §7]: https://www.rfc-editor.org/rfc/rfc4252#section-7
pub fn passkey_request(to_sign: &[u8]) -> Option<Vec<u8>> {
    fn string(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
        let (length, rest) = bytes.split_first_chunk::<4>()?;
        rest.split_at_checked(usize::try_from(u32::from_be_bytes(*length)).ok()?)
    }
    let (_session, rest) = string(to_sign)?;
    let (_number, rest) = rest.split_first()?;
    let (_user, rest) = string(rest)?;
    let (_service, rest) = string(rest)?;
    let (_method, rest) = string(rest)?;
    let (_signed, rest) = rest.split_first()?;
    let (name, key) = string(rest)?;
    (name == SK_NAME.as_bytes()).then_some(())?;
    let before = to_sign.get(..to_sign.len().checked_sub(rest.len())?)?;
    let mut request = before.to_vec();
    put_string(&mut request, WEBAUTHN_NAME.as_bytes());
    request.extend_from_slice(key);
    Some(request)
}

impl Assertion<'_> {
    /// Writes the signature that a server takes, without its name; `None` where the authenticator's
    /// answer is malformed.
    pub fn to_signature(&self) -> Option<Vec<u8>> {
        let (_hash, rest) = self.authenticator_data.split_at_checked(HASH_BYTES)?;
        let (flags, rest) = rest.split_first()?;
        let (counter, extensions) = rest.split_first_chunk::<4>()?;
        let (r, s) = numbers(self.signature)?;
        let mut signature = Vec::new();
        put_number(&mut signature, r);
        put_number(&mut signature, s);
        let mut blob = Vec::new();
        put_string(&mut blob, &signature);
        blob.push(*flags);
        blob.extend_from_slice(counter);
        put_string(&mut blob, self.origin.as_bytes());
        put_string(&mut blob, self.client_data);
        put_string(&mut blob, extensions);
        Some(blob)
    }
}

fn passkey_blob(kind: &str, point: &[u8], name: &str) -> Vec<u8> {
    let mut blob = Vec::new();
    put_string(&mut blob, kind.as_bytes());
    put_string(&mut blob, b"nistp256");
    put_string(&mut blob, point);
    put_string(&mut blob, name.as_bytes());
    blob
}

/// Reads `SEQUENCE { INTEGER, INTEGER }`, each shorter than 128 bytes.
fn numbers(der: &[u8]) -> Option<(&[u8], &[u8])> {
    const SEQUENCE: u8 = 0x30;
    const INTEGER: u8 = 2;
    fn part(der: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
        let ([found, length], rest) = der.split_first_chunk::<2>()?;
        (*found == tag && *length < 0x80).then_some(())?;
        rest.split_at_checked(usize::from(*length))
    }
    let (inside, after) = part(der, SEQUENCE)?;
    let (r, inside) = part(inside, INTEGER)?;
    let (s, inside) = part(inside, INTEGER)?;
    (after.is_empty() && inside.is_empty()).then_some((r, s))
}
