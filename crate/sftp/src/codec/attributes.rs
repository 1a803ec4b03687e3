//! Attributes of files, draft §5.

use bytes::Bytes;

use super::{DecodeError, Reader, Writer};

const SIZE: u32 = 0x0000_0001;
const UID_GID: u32 = 0x0000_0002;
const PERMISSIONS: u32 = 0x0000_0004;
const AC_MOD_TIME: u32 = 0x0000_0008;
const EXTENDED: u32 = 0x8000_0000;

/// Least bytes of an extended attribute: two empty strings.
const LEAST_EXTENDED_BYTES: usize = 8;

/// What a server says about a file, or is to set. `None` is not said, or left as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Attributes {
    /// In bytes. To set it truncates or extends the file.
    pub size: Option<u64>,
    /// Numbers of user and group.
    pub owner: Option<(u32, u32)>,
    /// Type and permission bits, as `st_mode` of POSIX.
    pub permissions: Option<u32>,
    /// Last access and last change of the content, in seconds since 1970 (until 2106).
    pub times: Option<(u32, u32)>,
    /// Pairs of name and value that only some servers know.
    pub extended: Vec<(Bytes, Bytes)>,
}

/// What a name stands for, from the type bits of its permissions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// An ordinary file.
    File,
    /// A folder.
    Folder,
    /// A symbolic link.
    Link,
    /// A device, a pipe or a socket.
    Special,
    /// The server does not say.
    Unknown,
}

impl Attributes {
    /// Type of the file.
    pub fn kind(&self) -> FileKind {
        match self.permissions.map(|bits| bits & 0o170_000) {
            Some(0o100_000) => FileKind::File,
            Some(0o040_000) => FileKind::Folder,
            Some(0o120_000) => FileKind::Link,
            Some(0) | None => FileKind::Unknown,
            Some(_) => FileKind::Special,
        }
    }

    /// Whether it is a folder.
    pub fn is_folder(&self) -> bool {
        self.kind() == FileKind::Folder
    }

    /// Permission bits without the type: `rwx` three times, set-user, set-group, sticky.
    pub fn mode(&self) -> Option<u32> {
        self.permissions.map(|bits| bits & 0o7777)
    }

    /// Last change of the content, in seconds since 1970.
    pub fn modified(&self) -> Option<u32> {
        self.times.map(|(_, modified)| modified)
    }

    pub(crate) fn decode(reader: &mut Reader) -> Result<Self, DecodeError> {
        let flags = reader.u32()?;
        if flags & !(SIZE | UID_GID | PERMISSIONS | AC_MOD_TIME | EXTENDED) != 0 {
            return Err(DecodeError::UnknownAttributes { flags });
        }
        let mut attributes = Self::default();
        if flags & SIZE != 0 {
            attributes.size = Some(reader.u64()?);
        }
        if flags & UID_GID != 0 {
            attributes.owner = Some((reader.u32()?, reader.u32()?));
        }
        if flags & PERMISSIONS != 0 {
            attributes.permissions = Some(reader.u32()?);
        }
        if flags & AC_MOD_TIME != 0 {
            attributes.times = Some((reader.u32()?, reader.u32()?));
        }
        if flags & EXTENDED != 0 {
            let count = reader.count(LEAST_EXTENDED_BYTES)?;
            attributes.extended.reserve_exact(count);
            for _ in 0..count {
                attributes
                    .extended
                    .push((reader.string()?, reader.string()?));
            }
        }
        Ok(attributes)
    }

    pub(crate) fn encode(&self, writer: &mut Writer) {
        let flag = |there: bool, flag: u32| if there { flag } else { 0 };
        writer.u32(
            flag(self.size.is_some(), SIZE)
                | flag(self.owner.is_some(), UID_GID)
                | flag(self.permissions.is_some(), PERMISSIONS)
                | flag(self.times.is_some(), AC_MOD_TIME)
                | flag(!self.extended.is_empty(), EXTENDED),
        );
        if let Some(size) = self.size {
            writer.u64(size);
        }
        if let Some((user, group)) = self.owner {
            writer.u32(user).u32(group);
        }
        if let Some(permissions) = self.permissions {
            writer.u32(permissions);
        }
        if let Some((accessed, modified)) = self.times {
            writer.u32(accessed).u32(modified);
        }
        if !self.extended.is_empty() {
            writer.u32(u32::try_from(self.extended.len()).unwrap_or(u32::MAX));
            for (name, value) in &self.extended {
                writer.string(name).string(value);
            }
        }
    }
}
