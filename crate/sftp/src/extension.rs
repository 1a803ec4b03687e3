//! What a server offers beyond version 3, [OpenSSH PROTOCOL §4].
//!
//! [OpenSSH PROTOCOL §4]: https://github.com/openssh/openssh-portable/blob/master/PROTOCOL

use bytes::Bytes;

use crate::codec::{DecodeError, MAX_PACKET_BYTES, Reader, Version};

/// An extension that we use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each is what its wire name says")]
pub enum Feature {
    Limits,
    PosixRename,
    HardLink,
    Sync,
    StatVfs,
    FileStatVfs,
    LinkAttributes,
    CopyData,
    ExpandPath,
    OwnerNames,
}

impl Feature {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Limits,
        Self::PosixRename,
        Self::HardLink,
        Self::Sync,
        Self::StatVfs,
        Self::FileStatVfs,
        Self::LinkAttributes,
        Self::CopyData,
        Self::ExpandPath,
        Self::OwnerNames,
    ];

    /// Its name on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::Limits => "limits@openssh.com",
            Self::PosixRename => "posix-rename@openssh.com",
            Self::HardLink => "hardlink@openssh.com",
            Self::Sync => "fsync@openssh.com",
            Self::StatVfs => "statvfs@openssh.com",
            Self::FileStatVfs => "fstatvfs@openssh.com",
            Self::LinkAttributes => "lsetstat@openssh.com",
            Self::CopyData => "copy-data",
            Self::ExpandPath => "expand-path@openssh.com",
            Self::OwnerNames => "users-groups-by-id@openssh.com",
        }
    }

    /// The version of it that we speak.
    fn version(self) -> &'static [u8] {
        match self {
            Self::StatVfs | Self::FileStatVfs => b"2",
            _ => b"1",
        }
    }
}

/// What a server offers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Offer {
    features: Vec<Feature>,
    /// All extensions as the server named them.
    pub extensions: Vec<(Bytes, Bytes)>,
    /// What its requests may carry.
    pub limits: Limits,
}

impl Offer {
    pub(crate) fn new(version: Version) -> Self {
        let mut offer = Self::default();
        for extension in version.extensions {
            let known = Feature::ALL.into_iter().find(|feature| {
                feature.name().as_bytes() == extension.name && feature.version() == extension.value
            });
            offer.features.extend(known);
            offer.extensions.push((extension.name, extension.value));
        }
        offer
    }

    /// Whether the server offers it, in the version that we speak.
    pub fn has(&self, feature: Feature) -> bool {
        self.features.contains(&feature)
    }
}

/// Bytes that one request may ask for or carry: what the server says, and never beyond ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Of a read.
    pub read_bytes: u32,
    /// Of a write.
    pub write_bytes: u32,
    /// Handles that may be open at once; 0 where the server does not say.
    pub open_handles: u64,
}

/// What every server must take, draft §3: packets of 34 000 bytes, so data of 32 KiB.
const SAFE_DATA_BYTES: u32 = 32 * 1024;

/// Room in a packet for what stands around data, as OpenSSH keeps it (`sftp-client.c`).
const OVERHEAD_BYTES: u32 = 1024;

impl Default for Limits {
    fn default() -> Self {
        Self {
            read_bytes: SAFE_DATA_BYTES,
            write_bytes: SAFE_DATA_BYTES,
            open_handles: 0,
        }
    }
}

impl Limits {
    /// Reads the answer to `limits@openssh.com`.
    pub(crate) fn decode(body: Bytes) -> Result<Self, DecodeError> {
        let mut reader = Reader::new(body);
        let packet = reader.u64()?;
        let ours = u32::try_from(MAX_PACKET_BYTES).unwrap_or(u32::MAX) - OVERHEAD_BYTES;
        // 0 means that the server does not say. A packet must hold more than its data.
        let bounded = |said: u64| {
            let packet = u32::try_from(packet)
                .unwrap_or(u32::MAX)
                .saturating_sub(OVERHEAD_BYTES);
            match (said, packet) {
                (0, _) => SAFE_DATA_BYTES,
                (said, 0) => u32::try_from(said).unwrap_or(u32::MAX).min(ours),
                (said, packet) => u32::try_from(said)
                    .unwrap_or(u32::MAX)
                    .min(ours)
                    .min(packet),
            }
        };
        Ok(Self {
            read_bytes: bounded(reader.u64()?),
            write_bytes: bounded(reader.u64()?),
            open_handles: reader.u64()?,
        })
    }
}

/// Space of a file system, as `statvfs` of POSIX says it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are those of POSIX")]
pub struct StatVfs {
    pub block_bytes: u64,
    pub fragment_bytes: u64,
    pub blocks: u64,
    pub blocks_free: u64,
    pub blocks_available: u64,
    pub files: u64,
    pub files_free: u64,
    pub files_available: u64,
    pub id: u64,
    pub flags: u64,
    pub max_name_bytes: u64,
}

impl StatVfs {
    /// Bytes that the user may still write.
    pub fn available_bytes(&self) -> u64 {
        self.fragment_bytes.saturating_mul(self.blocks_available)
    }

    /// All bytes of the file system.
    pub fn total_bytes(&self) -> u64 {
        self.fragment_bytes.saturating_mul(self.blocks)
    }

    pub(crate) fn decode(body: Bytes) -> Result<Self, DecodeError> {
        let mut reader = Reader::new(body);
        Ok(Self {
            block_bytes: reader.u64()?,
            fragment_bytes: reader.u64()?,
            blocks: reader.u64()?,
            blocks_free: reader.u64()?,
            blocks_available: reader.u64()?,
            files: reader.u64()?,
            files_free: reader.u64()?,
            files_available: reader.u64()?,
            id: reader.u64()?,
            flags: reader.u64()?,
            max_name_bytes: reader.u64()?,
        })
    }
}
