//! The first packet of each side, draft §4.

use bytes::Bytes;

use super::{DecodeError, Reader, Writer};

const INIT: u8 = 1;
const VERSION: u8 = 2;

/// The version that we speak.
const OURS: u32 = 3;

/// Something that a server offers beyond version 3.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extension {
    /// Such as `posix-rename@openssh.com`.
    pub name: Bytes,
    /// Its version, or other details.
    pub value: Bytes,
}

/// The client's first packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Init {
    /// Highest version that the client speaks.
    pub version: u32,
}

/// The server's first packet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// Version that will be spoken.
    pub version: u32,
    /// What the server offers beyond it, in its order.
    pub extensions: Vec<Extension>,
}

impl Default for Init {
    fn default() -> Self {
        Self { version: OURS }
    }
}

impl Init {
    /// The packet with its length.
    pub fn encode(self) -> Vec<u8> {
        let mut writer = Writer::packet(INIT, 4);
        writer.u32(self.version);
        writer.finish()
    }

    /// Reads a packet without its length.
    ///
    /// # Errors
    ///
    /// It is no such packet.
    pub fn decode(packet: Bytes) -> Result<Self, DecodeError> {
        let mut reader = Reader::new(packet);
        match reader.u8()? {
            INIT => Ok(Self {
                version: reader.u32()?,
            }),
            kind => Err(DecodeError::UnknownType { kind }),
        }
    }
}

impl Version {
    /// The packet with its length.
    pub fn encode(&self) -> Vec<u8> {
        let mut writer = Writer::packet(VERSION, 64);
        writer.u32(self.version);
        for Extension { name, value } in &self.extensions {
            writer.string(name).string(value);
        }
        writer.finish()
    }

    /// Reads a packet without its length.
    ///
    /// # Errors
    ///
    /// It is no such packet.
    pub fn decode(packet: Bytes) -> Result<Self, DecodeError> {
        let mut reader = Reader::new(packet);
        match reader.u8()? {
            VERSION => (),
            kind => return Err(DecodeError::UnknownType { kind }),
        }
        let version = reader.u32()?;
        let mut extensions = Vec::new();
        while !reader.is_empty() {
            extensions.push(Extension {
                name: reader.string()?,
                value: reader.string()?,
            });
        }
        Ok(Self {
            version,
            extensions,
        })
    }
}
