//! What a client asks, draft §6.

use bytes::Bytes;

use super::{Attributes, DecodeError, Reader, Writer};

/// Joins an answer to its request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RequestId(pub u32);

/// How a file is opened, draft §6.3.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OpenFlags(pub u32);

impl OpenFlags {
    /// To read.
    pub const READ: Self = Self(0x01);
    /// To write.
    pub const WRITE: Self = Self(0x02);
    /// Every write goes to the end.
    pub const APPEND: Self = Self(0x04);
    /// Made where there is none.
    pub const CREATE: Self = Self(0x08);
    /// Emptied first.
    pub const TRUNCATE: Self = Self(0x10);
    /// Must not exist before.
    pub const EXCLUSIVE: Self = Self(0x20);

    /// Both.
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether all of `other` are set.
    pub const fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }
}

/// A request. Paths are as the server understands them.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are those of the draft")]
pub enum Request {
    /// §6.3: opens a file.
    Open {
        path: Bytes,
        flags: OpenFlags,
        attributes: Attributes,
    },
    /// §6.3: frees a handle.
    Close { handle: Bytes },
    /// §6.4: reads at most `length` bytes.
    Read {
        handle: Bytes,
        offset: u64,
        length: u32,
    },
    /// §6.4: writes.
    Write {
        handle: Bytes,
        offset: u64,
        data: Bytes,
    },
    /// §6.8: attributes of a link itself.
    Lstat { path: Bytes },
    /// §6.8: attributes of an open file.
    Fstat { handle: Bytes },
    /// §6.9: sets attributes.
    Setstat { path: Bytes, attributes: Attributes },
    /// §6.9: sets attributes of an open file.
    Fsetstat {
        handle: Bytes,
        attributes: Attributes,
    },
    /// §6.7: opens a folder.
    OpenDir { path: Bytes },
    /// §6.7: reads some entries of a folder.
    ReadDir { handle: Bytes },
    /// §6.5: removes a file.
    Remove { path: Bytes },
    /// §6.6: makes a folder.
    MakeDir { path: Bytes, attributes: Attributes },
    /// §6.6: removes an empty folder.
    RemoveDir { path: Bytes },
    /// §6.11: makes a path absolute.
    RealPath { path: Bytes },
    /// §6.8: attributes.
    Stat { path: Bytes },
    /// §6.5: renames; fails where `to` exists.
    Rename { from: Bytes, to: Bytes },
    /// §6.10: where a link leads.
    ReadLink { path: Bytes },
    /// §6.10: makes a link. The draft puts the link first, OpenSSH the target.
    Symlink { first: Bytes, second: Bytes },
    /// §8: something beyond version 3.
    Extended { name: Bytes, body: Bytes },
}

/// Bytes that one path or handle adds to the capacity of a packet, beyond itself.
const FIELD_BYTES: usize = 16;

impl Request {
    /// The packet with its length.
    pub fn encode(&self, id: RequestId) -> Vec<u8> {
        match self {
            Self::Open {
                path,
                flags,
                attributes,
            } => {
                let mut writer = begin(3, id, path.len());
                writer.string(path).u32(flags.0);
                with(writer, attributes)
            }
            Self::Close { handle } => one(4, id, handle),
            Self::Read {
                handle,
                offset,
                length,
            } => {
                let mut writer = begin(5, id, handle.len());
                writer.string(handle).u64(*offset).u32(*length);
                writer.finish()
            }
            Self::Write {
                handle,
                offset,
                data,
            } => encode_write(id, handle, *offset, data),
            Self::Lstat { path } => one(7, id, path),
            Self::Fstat { handle } => one(8, id, handle),
            Self::Setstat { path, attributes } => one_with(9, id, path, attributes),
            Self::Fsetstat { handle, attributes } => one_with(10, id, handle, attributes),
            Self::OpenDir { path } => one(11, id, path),
            Self::ReadDir { handle } => one(12, id, handle),
            Self::Remove { path } => one(13, id, path),
            Self::MakeDir { path, attributes } => one_with(14, id, path, attributes),
            Self::RemoveDir { path } => one(15, id, path),
            Self::RealPath { path } => one(16, id, path),
            Self::Stat { path } => one(17, id, path),
            Self::Rename { from, to } => two(18, id, from, to),
            Self::ReadLink { path } => one(19, id, path),
            Self::Symlink { first, second } => two(20, id, first, second),
            Self::Extended { name, body } => {
                let mut writer = begin(200, id, name.len() + body.len());
                writer.string(name).raw(body);
                writer.finish()
            }
        }
    }

    /// Reads a packet without its length.
    ///
    /// # Errors
    ///
    /// It is no request of version 3.
    pub fn decode(packet: Bytes) -> Result<(RequestId, Self), DecodeError> {
        let mut reader = Reader::new(packet);
        let kind = reader.u8()?;
        let id = RequestId(reader.u32()?);
        Ok((id, Self::decode_body(kind, reader)?))
    }

    fn decode_body(kind: u8, mut reader: Reader) -> Result<Self, DecodeError> {
        let first = reader.string()?;
        let attributes = Attributes::decode;
        Ok(match kind {
            3 => Self::Open {
                path: first,
                flags: OpenFlags(reader.u32()?),
                attributes: attributes(&mut reader)?,
            },
            4 => Self::Close { handle: first },
            5 => Self::Read {
                handle: first,
                offset: reader.u64()?,
                length: reader.u32()?,
            },
            6 => Self::Write {
                handle: first,
                offset: reader.u64()?,
                data: reader.string()?,
            },
            7 => Self::Lstat { path: first },
            8 => Self::Fstat { handle: first },
            9 => Self::Setstat {
                path: first,
                attributes: attributes(&mut reader)?,
            },
            10 => Self::Fsetstat {
                handle: first,
                attributes: attributes(&mut reader)?,
            },
            11 => Self::OpenDir { path: first },
            12 => Self::ReadDir { handle: first },
            13 => Self::Remove { path: first },
            14 => Self::MakeDir {
                path: first,
                attributes: attributes(&mut reader)?,
            },
            15 => Self::RemoveDir { path: first },
            16 => Self::RealPath { path: first },
            17 => Self::Stat { path: first },
            18 => Self::Rename {
                from: first,
                to: reader.string()?,
            },
            19 => Self::ReadLink { path: first },
            20 => Self::Symlink {
                first,
                second: reader.string()?,
            },
            200 => Self::Extended {
                name: first,
                body: reader.rest(),
            },
            kind => return Err(DecodeError::UnknownType { kind }),
        })
    }
}

/// A write, from data that is borrowed: its only copy is the one into the packet.
pub(crate) fn encode_write(id: RequestId, handle: &[u8], offset: u64, data: &[u8]) -> Vec<u8> {
    let mut writer = begin(6, id, handle.len() + FIELD_BYTES + data.len());
    writer.string(handle).u64(offset).string(data);
    writer.finish()
}

fn begin(kind: u8, id: RequestId, capacity: usize) -> Writer {
    let mut writer = Writer::packet(kind, capacity + FIELD_BYTES);
    writer.u32(id.0);
    writer
}

fn one(kind: u8, id: RequestId, field: &[u8]) -> Vec<u8> {
    let mut writer = begin(kind, id, field.len());
    writer.string(field);
    writer.finish()
}

fn two(kind: u8, id: RequestId, first: &[u8], second: &[u8]) -> Vec<u8> {
    let mut writer = begin(kind, id, first.len() + second.len());
    writer.string(first).string(second);
    writer.finish()
}

fn one_with(kind: u8, id: RequestId, field: &[u8], attributes: &Attributes) -> Vec<u8> {
    let mut writer = begin(kind, id, field.len());
    writer.string(field);
    with(writer, attributes)
}

fn with(mut writer: Writer, attributes: &Attributes) -> Vec<u8> {
    attributes.encode(&mut writer);
    writer.finish()
}
