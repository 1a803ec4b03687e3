//! What a server answers, draft §7.

use bytes::Bytes;

use super::{Attributes, DecodeError, Reader, RequestId, Status, Writer};

/// Least bytes of a name: two empty strings and the flags of empty attributes.
const LEAST_NAME_BYTES: usize = 12;

/// An entry of a folder, or a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// As the file system has it.
    pub name: Bytes,
    /// A line as `ls -l` prints it. Its form is the server's; good for looking at.
    pub long: Bytes,
    /// What the server says about it.
    pub attributes: Attributes,
}

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Response {
    /// The outcome where there is nothing else to say.
    Status {
        /// Which.
        status: Status,
        /// The server's words; empty from servers before version 3.
        message: Bytes,
    },
    /// An open file or folder.
    Handle(Bytes),
    /// Bytes of a file.
    Data(Bytes),
    /// Entries of a folder, or one path.
    Names(Vec<Name>),
    /// Attributes of a file.
    Attributes(Attributes),
    /// The answer to an extension.
    Extended(Bytes),
}

impl Response {
    /// The packet with its length.
    pub fn encode(&self, id: RequestId) -> Vec<u8> {
        let begin = |kind: u8, capacity: usize| {
            let mut writer = Writer::packet(kind, capacity + 8);
            writer.u32(id.0);
            writer
        };
        match self {
            Self::Status { status, message } => {
                let mut writer = begin(101, message.len() + 16);
                writer.u32(status.code()).string(message).string(b"en");
                writer.finish()
            }
            Self::Handle(handle) => {
                let mut writer = begin(102, handle.len());
                writer.string(handle);
                writer.finish()
            }
            Self::Data(data) => {
                let mut writer = begin(103, data.len());
                writer.string(data);
                writer.finish()
            }
            Self::Names(names) => {
                let mut writer = begin(104, names.len().saturating_mul(128));
                writer.u32(u32::try_from(names.len()).unwrap_or(u32::MAX));
                for name in names {
                    writer.string(&name.name).string(&name.long);
                    name.attributes.encode(&mut writer);
                }
                writer.finish()
            }
            Self::Attributes(attributes) => {
                let mut writer = begin(105, 32);
                attributes.encode(&mut writer);
                writer.finish()
            }
            Self::Extended(body) => {
                let mut writer = begin(201, body.len());
                writer.raw(body);
                writer.finish()
            }
        }
    }

    /// Reads a packet without its length. Bytes after what version 3 defines are ignored.
    ///
    /// # Errors
    ///
    /// It is no answer of version 3.
    pub fn decode(packet: Bytes) -> Result<(RequestId, Self), DecodeError> {
        let mut reader = Reader::new(packet);
        let kind = reader.u8()?;
        let id = RequestId(reader.u32()?);
        let response = match kind {
            101 => Self::Status {
                status: Status::from_code(reader.u32()?),
                // Servers of versions 1 and 2 send no words, and some of version 3 neither.
                message: if reader.is_empty() {
                    Bytes::new()
                } else {
                    reader.string()?
                },
            },
            102 => Self::Handle(reader.string()?),
            103 => Self::Data(reader.string()?),
            104 => Self::Names(decode_names(&mut reader)?),
            105 => Self::Attributes(Attributes::decode(&mut reader)?),
            201 => Self::Extended(reader.rest()),
            kind => return Err(DecodeError::UnknownType { kind }),
        };
        Ok((id, response))
    }
}

fn decode_names(reader: &mut Reader) -> Result<Vec<Name>, DecodeError> {
    let count = reader.count(LEAST_NAME_BYTES)?;
    let mut names = Vec::with_capacity(count);
    for _ in 0..count {
        names.push(Name {
            name: reader.string()?,
            long: reader.string()?,
            attributes: Attributes::decode(reader)?,
        });
    }
    Ok(names)
}
