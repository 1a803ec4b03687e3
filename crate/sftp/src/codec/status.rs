//! Status codes, draft §7.

/// What a server answers where there is nothing else to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Status {
    /// Done.
    Ok,
    /// The end of a file or a listing.
    Eof,
    /// There is no such file.
    NoSuchFile,
    /// The user may not do this.
    PermissionDenied,
    /// Anything else; the server does not say what.
    Failure,
    /// The server does not understand the packet.
    BadMessage,
    /// The server has no connection to what holds the files.
    NoConnection,
    /// The server lost its connection to what holds the files.
    ConnectionLost,
    /// The server does not know this request.
    OpUnsupported,
    /// A code of a later version.
    Other(u32),
}

impl Status {
    /// From the number on the wire.
    pub fn from_code(code: u32) -> Self {
        match code {
            0 => Self::Ok,
            1 => Self::Eof,
            2 => Self::NoSuchFile,
            3 => Self::PermissionDenied,
            4 => Self::Failure,
            5 => Self::BadMessage,
            6 => Self::NoConnection,
            7 => Self::ConnectionLost,
            8 => Self::OpUnsupported,
            other => Self::Other(other),
        }
    }

    /// The number on the wire.
    pub fn code(self) -> u32 {
        match self {
            Self::Ok => 0,
            Self::Eof => 1,
            Self::NoSuchFile => 2,
            Self::PermissionDenied => 3,
            Self::Failure => 4,
            Self::BadMessage => 5,
            Self::NoConnection => 6,
            Self::ConnectionLost => 7,
            Self::OpUnsupported => 8,
            Self::Other(code) => code,
        }
    }

    /// In words, for a sentence that ends in them.
    pub fn words(self) -> &'static str {
        match self {
            Self::Ok => "the server agreed, unexpectedly",
            Self::Eof => "there is nothing more",
            Self::NoSuchFile => "there is no such file or folder",
            Self::PermissionDenied => "permission denied",
            Self::Failure => "the server could not do it and gave no reason",
            Self::BadMessage => "the server did not understand the request",
            Self::NoConnection => "the server cannot reach its storage",
            Self::ConnectionLost => "the server lost its storage",
            Self::OpUnsupported => "the server does not offer this",
            Self::Other(_) => "the server refused for a reason unknown here",
        }
    }
}
