//! Records of a zip: APPNOTE.TXT 6.3.10 §4.3.

use bytes::{BufMut as _, Bytes, BytesMut};

use crate::codec::Attributes;

/// What a field of four bytes says where the number is in a Zip64 record.
const WIDE: u32 = u32::MAX;

/// Sizes from here on are written wide. A little less than what fits, since a file may grow.
const WIDE_FROM: u64 = 0xffff_0000;

/// Version 4.5, which knows Zip64.
const VERSION: u16 = 45;

/// Made on Unix, so that the permission bits mean something.
const MADE_ON_UNIX: u16 = 3 << 8;

/// Sizes and checksum follow the content; the name is UTF-8.
const FLAG_DESCRIBED: u16 = 1 << 3;
const FLAG_UTF8: u16 = 1 << 11;

/// One file or folder of a zip.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    /// Ends with `/` for a folder.
    pub(super) name: String,
    modified: u32,
    mode: u32,
    pub(super) crc: u32,
    pub(super) size: u64,
    /// Place of its local header.
    pub(super) offset: u64,
    /// Sizes and checksum follow the content.
    pub(super) described: bool,
}

impl Entry {
    pub(super) fn new(name: String, attributes: &Attributes) -> Self {
        let folder = name.ends_with('/');
        let (kind, mode) = if folder {
            (0o040_000, 0o755)
        } else {
            (0o100_000, 0o644)
        };
        Self {
            modified: attributes.modified().unwrap_or(0),
            // No set-user-id bits for whoever unpacks it.
            mode: kind | (attributes.mode().unwrap_or(mode) & 0o777),
            name,
            crc: 0,
            size: 0,
            offset: 0,
            described: false,
        }
    }

    /// Whether its size needs eight bytes.
    pub(super) fn is_wide(&self) -> bool {
        self.size >= WIDE_FROM
    }

    fn flags(&self) -> u16 {
        FLAG_UTF8 | if self.described { FLAG_DESCRIBED } else { 0 }
    }

    fn name_bytes(&self) -> (&[u8], u16) {
        // A path of 64 names of 255 bytes each fits.
        let name = self.name.as_bytes();
        let length = u16::try_from(name.len()).unwrap_or(u16::MAX);
        (name.get(..usize::from(length)).unwrap_or(name), length)
    }

    /// §4.3.7.
    pub(super) fn local_header(&self) -> Bytes {
        let (name, name_length) = self.name_bytes();
        let mut out = BytesMut::with_capacity(64 + name.len());
        out.put_u32_le(0x0403_4b50);
        out.put_u16_le(VERSION);
        out.put_u16_le(self.flags());
        out.put_u16_le(0);
        out.put_u32_le(dos_time(self.modified));
        out.put_u32_le(if self.described { 0 } else { self.crc });
        let narrow = match (self.is_wide(), self.described) {
            (true, _) => WIDE,
            (false, true) => 0,
            (false, false) => narrow(self.size),
        };
        out.put_u32_le(narrow);
        out.put_u32_le(narrow);
        out.put_u16_le(name_length);
        out.put_u16_le(if self.is_wide() { 20 + 9 } else { 9 });
        out.put_slice(name);
        if self.is_wide() {
            let size = if self.described { 0 } else { self.size };
            out.put_u16_le(1);
            out.put_u16_le(16);
            out.put_u64_le(size);
            out.put_u64_le(size);
        }
        self.timestamp(&mut out);
        out.freeze()
    }

    /// §4.3.9: what was not known before the content.
    pub(super) fn descriptor(&self, wide: bool) -> Bytes {
        let mut out = BytesMut::with_capacity(24);
        out.put_u32_le(0x0807_4b50);
        out.put_u32_le(self.crc);
        for _ in 0..2 {
            if wide {
                out.put_u64_le(self.size);
            } else {
                out.put_u32_le(narrow(self.size));
            }
        }
        out.freeze()
    }

    /// §4.3.12.
    pub(super) fn central_header(&self, out: &mut BytesMut) {
        let (name, name_length) = self.name_bytes();
        let wide = self.is_wide() || self.offset >= WIDE_FROM;
        out.put_u32_le(0x0201_4b50);
        out.put_u16_le(MADE_ON_UNIX | VERSION);
        out.put_u16_le(VERSION);
        out.put_u16_le(self.flags());
        out.put_u16_le(0);
        out.put_u32_le(dos_time(self.modified));
        out.put_u32_le(self.crc);
        for _ in 0..2 {
            out.put_u32_le(if wide { WIDE } else { narrow(self.size) });
        }
        out.put_u16_le(name_length);
        out.put_u16_le(if wide { 28 + 9 } else { 9 });
        // No comment, first disk, no internal attributes.
        out.put_bytes(0, 6);
        out.put_u32_le(self.mode << 16 | if self.name.ends_with('/') { 0x10 } else { 0 });
        out.put_u32_le(if wide { WIDE } else { narrow(self.offset) });
        out.put_slice(name);
        if wide {
            out.put_u16_le(1);
            out.put_u16_le(24);
            out.put_u64_le(self.size);
            out.put_u64_le(self.size);
            out.put_u64_le(self.offset);
        }
        self.timestamp(out);
    }

    /// Time of last change in UTC, as Info-ZIP writes it.
    fn timestamp(&self, out: &mut BytesMut) {
        out.put_u16_le(0x5455);
        out.put_u16_le(5);
        out.put_u8(1);
        out.put_u32_le(self.modified);
    }
}

/// The end of a zip.
pub(super) struct ZipEnd {
    pub(super) entries: u64,
    /// Place and length of the directory.
    pub(super) start: u64,
    pub(super) size: u64,
}

impl ZipEnd {
    /// §4.3.14 to §4.3.16.
    pub(super) fn encode(&self) -> Bytes {
        let mut out = BytesMut::with_capacity(98);
        let wide = self.entries >= 0xffff || self.start >= WIDE_FROM || self.size >= WIDE_FROM;
        if wide {
            out.put_u32_le(0x0606_4b50);
            out.put_u64_le(44);
            out.put_u16_le(MADE_ON_UNIX | VERSION);
            out.put_u16_le(VERSION);
            out.put_bytes(0, 8);
            out.put_u64_le(self.entries);
            out.put_u64_le(self.entries);
            out.put_u64_le(self.size);
            out.put_u64_le(self.start);
            out.put_u32_le(0x0706_4b50);
            out.put_u32_le(0);
            out.put_u64_le(self.start.saturating_add(self.size));
            out.put_u32_le(1);
        }
        let entries = u16::try_from(self.entries).unwrap_or(u16::MAX);
        out.put_u32_le(0x0605_4b50);
        out.put_u32_le(0);
        out.put_u16_le(if wide { u16::MAX } else { entries });
        out.put_u16_le(if wide { u16::MAX } else { entries });
        out.put_u32_le(if wide { WIDE } else { narrow(self.size) });
        out.put_u32_le(if wide { WIDE } else { narrow(self.start) });
        out.put_u16_le(0);
        out.freeze()
    }
}

fn narrow(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(WIDE)
}

/// Time and date in UTC as MS-DOS had them, from 1980 on (§4.4.6).
fn dos_time(modified: u32) -> u32 {
    /// 1980-01-01 in days since 1970.
    const DAYS_1980: u32 = 3652;
    let (mut days, seconds) = (modified / 86_400, modified % 86_400);
    if days < DAYS_1980 {
        return 1 << 21 | 1 << 16;
    }
    let mut year = 1970;
    let length = |year: u32| {
        if year.is_multiple_of(4) && year != 2100 {
            366
        } else {
            365
        }
    };
    while days >= length(year) {
        days -= length(year);
        year += 1;
    }
    let mut month = 1;
    for length in [
        31,
        length(year) - 337,
        31,
        30,
        31,
        30,
        31,
        31,
        30,
        31,
        30,
        31,
    ] {
        if days < length {
            break;
        }
        days -= length;
        month += 1;
    }
    let time = (seconds / 3600) << 11 | ((seconds / 60) % 60) << 5 | ((seconds % 60) / 2);
    ((year - 1980) << 9 | month << 5 | (days + 1)) << 16 | time
}

/// CRC-32 of the content (§4.4.7).
#[derive(Clone, Copy, Debug)]
pub(super) struct Crc(u32);

impl Default for Crc {
    fn default() -> Self {
        Self(u32::MAX)
    }
}

static CRC_TABLE: [u32; 256] = crc_table();

const fn crc_table() -> [u32; 256] {
    let mut table = [0; 256];
    let mut byte = 0_u32;
    while byte < 256 {
        let (mut value, mut bit) = (byte, 0);
        while bit < 8 {
            value = if value & 1 == 1 {
                value >> 1 ^ 0xedb8_8320
            } else {
                value >> 1
            };
            bit += 1;
        }
        #[expect(
            clippy::as_conversions,
            clippy::indexing_slicing,
            reason = "a constant, computed by the compiler"
        )]
        {
            table[byte as usize] = value;
        }
        byte += 1;
    }
    table
}

impl Crc {
    pub(super) fn feed(mut self, bytes: &[u8]) -> Self {
        for byte in bytes {
            let [low, ..] = self.0.to_le_bytes();
            // A byte is always within the table.
            let change = CRC_TABLE.get(usize::from(low ^ byte)).unwrap_or(&0);
            self.0 = self.0 >> 8 ^ change;
        }
        self
    }

    pub(super) fn value(self) -> u32 {
        !self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_the_one_of_every_zip() {
        assert_eq!(Crc::default().feed(b"123456789").value(), 0xcbf4_3926);
    }

    #[test]
    fn times_are_those_of_ms_dos() {
        // 2026-11-23 08:00:42 UTC, and the last day of a leap year.
        assert_eq!(dos_time(1_795_420_842), 0x5d77_4015);
        assert_eq!(dos_time(1_735_603_200) >> 16, 0x599f);
        assert_eq!(dos_time(0), 0x0021_0000);
    }
}
