//! The least of an SSH server that keeps the rules of the transport and of log-in, so that a
//! test can break one that comes after them: it sends whatever it is told to.
//!
//! One algorithm of each kind: curve25519-sha256 ([RFC 8731]), ssh-ed25519, and
//! aes256-gcm@openssh.com ([RFC 5647] with OpenSSH's framing).
//!
//! [RFC 5647]: https://www.rfc-editor.org/rfc/rfc5647
//! [RFC 8731]: https://www.rfc-editor.org/rfc/rfc8731

use aes_gcm::aead::{AeadInOut, KeyInit, Nonce, Tag};
use aes_gcm::{Aes256Gcm, Key};
use anyhow::{Context, Result, bail, ensure};
use curve25519_dalek::MontgomeryPoint;
use russh::keys::PrivateKey;
use russh::keys::signature::Signer;
use sha2::{Digest, Sha256};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};

use crate::packet::{Fields, kexinit, mpint, pad, put};

/// What it calls itself.
const IDENTIFICATION: &str = "SSH-2.0-Raw_1.0";

/// Longest packet that it takes: as much as any implementation has to ([RFC 4253 §6.1]).
///
/// [RFC 4253 §6.1]: https://www.rfc-editor.org/rfc/rfc4253#section-6.1
const MOST: usize = 35_000;

/// Length of GCM's tag.
const TAG: usize = 16;

/// A connection whose keys are agreed.
pub(crate) struct Raw {
    /// What the client says.
    pub(crate) reader: Reader,
    /// What the client is told.
    pub(crate) writer: Writer,
}

/// Who a server says it is, true or not.
pub(crate) struct Identity {
    /// The only host key algorithm that it offers.
    pub(crate) algorithm: String,
    /// What it shows as its host key.
    pub(crate) blob: Vec<u8>,
    /// The Ed25519 key that signs.
    pub(crate) signer: PrivateKey,
}

impl Identity {
    /// The truth: a plain Ed25519 key.
    pub(crate) fn of(key: &PrivateKey) -> Result<Self> {
        Ok(Self {
            algorithm: "ssh-ed25519".to_owned(),
            blob: key.public_key().to_bytes()?,
            signer: key.clone(),
        })
    }
}

/// The receiving half.
pub(crate) struct Reader {
    stream: OwnedReadHalf,
    cipher: Direction,
}

/// The sending half.
pub(crate) struct Writer {
    stream: OwnedWriteHalf,
    cipher: Direction,
}

/// Key and packet counter of one direction.
struct Direction {
    cipher: Aes256Gcm,
    nonce: [u8; 12],
}

impl Direction {
    /// - `letters`: of the initial vector and the key ([RFC 4253 §7.2]).
    ///
    /// [RFC 4253 §7.2]: https://www.rfc-editor.org/rfc/rfc4253#section-7.2
    fn derive(secret: &[u8], hash: &[u8], letters: [u8; 2]) -> Result<Self> {
        let derived = letters.map(|letter| {
            // The first exchange's hash is also the session's id.
            Sha256::new()
                .chain_update(secret)
                .chain_update(hash)
                .chain_update([letter])
                .chain_update(hash)
                .finalize()
        });
        let nonce = derived[0].get(..12).context("a hash is longer")?;
        Ok(Self {
            cipher: Aes256Gcm::new(&Key::<Aes256Gcm>::try_from(derived[1].as_slice())?),
            nonce: nonce.try_into()?,
        })
    }

    /// The nonce of this packet; the next one is one higher.
    fn next(&mut self) -> Nonce<Aes256Gcm> {
        let nonce = self.nonce;
        for byte in self.nonce.iter_mut().rev() {
            *byte = byte.wrapping_add(1);
            if *byte != 0 {
                break;
            }
        }
        nonce.into()
    }
}

impl Raw {
    /// Exchanges keys with a client that has just connected.
    pub(crate) async fn accept(mut stream: TcpStream, identity: &Identity) -> Result<Self> {
        stream
            .write_all(format!("{IDENTIFICATION}\r\n").as_bytes())
            .await?;
        let client = read_identification(&mut stream).await?;
        let mut cookie = [0; 16];
        getrandom::fill(&mut cookie)?;
        let lists = [
            "curve25519-sha256",
            &identity.algorithm,
            "aes256-gcm@openssh.com",
            "aes256-gcm@openssh.com",
            "hmac-sha2-256",
            "hmac-sha2-256",
            "none",
            "none",
            "",
            "",
        ];
        let ours = kexinit(cookie, lists);
        stream.write_all(&pad(&ours, 8, false)).await?;
        let theirs = read_plain(&mut stream).await?;
        let init = read_plain(&mut stream).await?;
        let mut fields = Fields::after(30, &init)?;
        let point: [u8; 32] = fields.string()?.try_into()?;
        let mut scalar = [0; 32];
        getrandom::fill(&mut scalar)?;
        let public = MontgomeryPoint::mul_base_clamped(scalar).to_bytes();
        let shared = MontgomeryPoint(point).mul_clamped(scalar).to_bytes();
        let secret = mpint(&shared);
        let host = &identity.blob;
        let mut hashed = Vec::new();
        for part in [client.as_bytes(), IDENTIFICATION.as_bytes()] {
            put(&mut hashed, part);
        }
        for part in [&theirs[..], &ours, host, &point, &public] {
            put(&mut hashed, part);
        }
        hashed.extend(&secret);
        let hash = Sha256::digest(&hashed);
        let mut signature = Vec::new();
        put(&mut signature, b"ssh-ed25519");
        put(&mut signature, identity.signer.try_sign(&hash)?.as_bytes());
        let mut reply = vec![31];
        for part in [&host[..], &public, &signature] {
            put(&mut reply, part);
        }
        stream.write_all(&pad(&reply, 8, false)).await?;
        stream.write_all(&pad(&[21], 8, false)).await?;
        ensure!(read_plain(&mut stream).await? == [21], "no new keys");
        let (read_half, write_half) = stream.into_split();
        Ok(Self {
            reader: Reader {
                stream: read_half,
                cipher: Direction::derive(&secret, &hash, *b"AC")?,
            },
            writer: Writer {
                stream: write_half,
                cipher: Direction::derive(&secret, &hash, *b"BD")?,
            },
        })
    }
}

impl Reader {
    /// The next message of the client's, from its number on.
    pub(crate) async fn receive(&mut self) -> Result<Vec<u8>> {
        let length = self.stream.read_u32().await?;
        let size = usize::try_from(length)?;
        ensure!((16..=MOST).contains(&size), "a packet of {size} bytes");
        let mut packet = vec![0; size + TAG];
        self.stream.read_exact(&mut packet).await?;
        let tag = packet.split_off(size);
        let nonce = self.cipher.next();
        let opened = self.cipher.cipher.decrypt_inout_detached(
            &nonce,
            &length.to_be_bytes(),
            packet.as_mut_slice().into(),
            &Tag::<Aes256Gcm>::try_from(tag.as_slice())?,
        );
        ensure!(opened.is_ok(), "a packet that was not sealed with our keys");
        unpad(packet)
    }
}

impl Writer {
    /// Sends a message, which begins with its number.
    pub(crate) async fn send(&mut self, message: &[u8]) -> Result<()> {
        let mut packet = pad(message, 16, true);
        let (length, sealed) = packet.split_at_mut(4);
        let nonce = self.cipher.next();
        let sealing = self
            .cipher
            .cipher
            .encrypt_inout_detached(&nonce, length, sealed.into());
        let Ok(tag) = sealing else {
            bail!("a packet of {} bytes cannot be sealed", message.len());
        };
        packet.extend(tag);
        Ok(self.stream.write_all(&packet).await?)
    }
}

/// A line without its end, as both sides hash it.
async fn read_identification(stream: &mut TcpStream) -> Result<String> {
    let mut line = Vec::new();
    while !line.ends_with(b"\r\n") {
        ensure!(line.len() < 255, "an identification without end");
        line.push(stream.read_u8().await?);
    }
    line.truncate(line.len() - 2);
    Ok(String::from_utf8(line)?)
}

/// The payload of a packet without encryption.
async fn read_plain(stream: &mut TcpStream) -> Result<Vec<u8>> {
    let size = usize::try_from(stream.read_u32().await?)?;
    ensure!((5..=MOST).contains(&size), "a packet of {size} bytes");
    let mut packet = vec![0; size];
    stream.read_exact(&mut packet).await?;
    unpad(packet)
}

/// The payload of what follows a packet's length.
fn unpad(mut packet: Vec<u8>) -> Result<Vec<u8>> {
    let padding = usize::from(*packet.first().context("an empty packet")?);
    let end = packet.len().checked_sub(padding);
    packet.truncate(end.context("more padding than packet")?);
    packet.remove(0);
    Ok(packet)
}
