//! An SFTP server that lies about what it has. For clients that must come to no harm by it.

use bytes::Bytes;
use transom_sftp::codec::{Frames, Name, Request, Response, Version};
use transom_sftp::{Attributes, Status};

/// What an SFTP server lies about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lie {
    /// Its folder has names that lead out of it, or that confuse: [`LYING_NAMES`].
    Names,
    /// Its folder has no end.
    Endless,
    /// Its folder contains itself.
    Deep,
}

/// The names of [`Lie::Names`]: those that lead out of a folder here or on another system, those
/// that systems reserve, those that would write on a terminal or turn text around, and a good one.
pub const LYING_NAMES: [&[u8]; 14] = [
    b"../../evil-up",
    b"/tmp/evil-abs",
    b"..",
    b".",
    b"",
    b"nul\0byte",
    b"a\\..\\evil-win",
    b"C:evil-drive",
    b"con",
    b"line\nfeed",
    b"\x1b]52;c;ZXZpbA==\x07.txt",
    "evil\u{202e}gpj.exe".as_bytes(),
    b"\xff\xfe-not-utf8",
    b"good.txt",
];

/// What every file of its holds.
pub const LYING_CONTENT: &[u8] = b"hello";

/// Entries in one answer of [`Lie::Endless`].
const ENTRIES_AT_ONCE: u64 = 500;

const FOLDER: u32 = 0o040_755;
const FILE: u32 = 0o100_644;

/// One conversation with a client.
#[derive(Debug)]
pub(crate) struct Liar {
    lie: Lie,
    frames: Frames,
    greeted: bool,
    /// Entries told so far of each folder, in the order of their handles.
    told: Vec<u64>,
}

impl Liar {
    pub(crate) fn new(lie: Lie) -> Self {
        Self {
            lie,
            frames: Frames::default(),
            greeted: false,
            told: Vec::new(),
        }
    }

    /// Takes what a client says and gives what is answered.
    pub(crate) fn hear(&mut self, bytes: &[u8]) -> Vec<u8> {
        self.frames.space().extend_from_slice(bytes);
        let mut said = Vec::new();
        // The clients that are tested send whole packets that make sense.
        while let Ok(Some(packet)) = self.frames.take() {
            if !self.greeted {
                self.greeted = true;
                let version = Version {
                    version: 3,
                    extensions: Vec::new(),
                };
                said.extend(version.encode());
            } else if let Ok((id, request)) = Request::decode(packet) {
                said.extend(self.answer(&request).encode(id));
            }
        }
        said
    }

    fn open_folder(&mut self) -> Response {
        self.told.push(0);
        Response::Handle(Bytes::from(self.told.len().to_string()))
    }

    fn answer(&mut self, request: &Request) -> Response {
        match request {
            Request::RealPath { path } => {
                let path = match path.as_ref() {
                    b"." | b"" => Bytes::from_static(b"/home/u"),
                    path => Bytes::copy_from_slice(path),
                };
                Response::Names(vec![name(&path, FOLDER)])
            }
            Request::Stat { path } | Request::Lstat { path } => {
                let is_file = self.lie == Lie::Names && !path.ends_with(b"/u");
                Response::Attributes(attributes(if is_file { FILE } else { FOLDER }))
            }
            Request::Fstat { .. } => Response::Attributes(attributes(FILE)),
            Request::OpenDir { .. } => self.open_folder(),
            Request::Open { .. } => Response::Handle(Bytes::from_static(b"file")),
            Request::ReadLink { .. } => status(Status::Failure),
            Request::ReadDir { handle } => self.entries(handle),
            Request::Read { offset: 0, .. } => Response::Data(Bytes::from_static(LYING_CONTENT)),
            Request::Read { .. } => status(Status::Eof),
            _ => status(Status::Ok),
        }
    }

    fn entries(&mut self, handle: &[u8]) -> Response {
        let place = core::str::from_utf8(handle)
            .ok()
            .and_then(|digits| digits.parse().ok());
        let folder = place.and_then(|place: usize| self.told.get_mut(place.checked_sub(1)?));
        let Some(told) = folder else {
            return status(Status::Failure);
        };
        let begun = *told;
        match self.lie {
            Lie::Endless => {
                *told += ENTRIES_AT_ONCE;
                let entry = |number| name(format!("f{number}").as_bytes(), FILE);
                return Response::Names((begun..*told).map(entry).collect());
            }
            _ if begun > 0 => return status(Status::Eof),
            _ => *told = 1,
        }
        Response::Names(match self.lie {
            Lie::Names => LYING_NAMES.iter().map(|lie| name(lie, FILE)).collect(),
            _ => vec![name(b"d", FOLDER)],
        })
    }
}

fn attributes(permissions: u32) -> Attributes {
    Attributes {
        permissions: Some(permissions),
        size: u64::try_from(LYING_CONTENT.len()).ok(),
        times: Some((0, 0)),
        ..Attributes::default()
    }
}

fn name(name: &[u8], permissions: u32) -> Name {
    Name {
        name: Bytes::copy_from_slice(name),
        long: Bytes::new(),
        attributes: attributes(permissions),
    }
}

fn status(status: Status) -> Response {
    Response::Status {
        status,
        message: Bytes::new(),
    }
}
