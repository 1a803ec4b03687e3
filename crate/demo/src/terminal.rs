//! Pseudo-terminals: size, type and modes.

use std::io;
use std::os::fd::{AsFd, OwnedFd};

use rustix::termios::{InputModes, OptionalActions, Winsize};

/// A terminal's size ([RFC 4254 §6.2]), in cells and pixels.
///
/// [RFC 4254 §6.2]: https://www.rfc-editor.org/rfc/rfc4254#section-6.2
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Size {
    pub(crate) columns: u32,
    pub(crate) rows: u32,
    pub(crate) width_px: u32,
    pub(crate) height_px: u32,
}

impl Size {
    /// The system's form. `None` without cells: such a size MUST be ignored (RFC 4254 §6.2).
    fn to_system(self) -> Option<Winsize> {
        if self.columns == 0 || self.rows == 0 {
            return None;
        }
        // The system counts in 16 bits; beyond that a size is nonsense and the largest will do.
        let clamp = |count: u32| u16::try_from(count).unwrap_or(u16::MAX);
        Some(Winsize {
            ws_row: clamp(self.rows),
            ws_col: clamp(self.columns),
            ws_xpixel: clamp(self.width_px),
            ws_ypixel: clamp(self.height_px),
        })
    }
}

/// What `pty-req` asked for.
#[derive(Clone, Debug)]
pub(crate) struct Terminal {
    /// Value of `TERM`.
    pub(crate) term: String,
    pub(crate) size: Size,
}

/// Changes a pseudo-terminal beside the tasks that read and write it.
///
/// It holds the terminal open: drop it, or the program in it never learns of the hang-up.
pub(crate) struct Controls(OwnedFd);

impl Controls {
    /// Takes a second handle of `pty`.
    pub(crate) fn of(pty: &impl AsFd) -> io::Result<Self> {
        pty.as_fd().try_clone_to_owned().map(Self)
    }

    /// Tells the program in the terminal its new size. A size without cells is ignored.
    pub(crate) fn resize(&self, size: Size) -> io::Result<()> {
        if let Some(size) = size.to_system() {
            rustix::termios::tcsetwinsize(&self.0, size)?;
        }
        Ok(())
    }

    /// Makes the line editor erase whole characters of UTF-8 instead of bytes. Other modes of the
    /// request are left as the system's defaults, which are what clients send.
    pub(crate) fn expect_utf8(&self) -> io::Result<()> {
        let mut modes = rustix::termios::tcgetattr(&self.0)?;
        modes.input_modes |= InputModes::IUTF8;
        rustix::termios::tcsetattr(&self.0, OptionalActions::Now, &modes)?;
        Ok(())
    }
}
