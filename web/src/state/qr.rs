//! QR codes (ISO/IEC 18004) as something that can be drawn.

use core::fmt::Write as _;

use fast_qr::{ECL, QRBuilder};

/// Light modules around a code, without which readers do not find it (ISO/IEC 18004 §9.1).
const QUIET: usize = 4;

/// A code, one unit for each module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Code {
    /// Width and height, with the quiet zone.
    pub(crate) size: usize,
    /// The dark modules, as the `d` of an SVG path.
    pub(crate) path: String,
}

/// Makes a code of `text`. `None` where it is too long, beyond 2953 bytes.
///
/// It has the lowest level of error correction: a screen is not scratched, and fewer modules are larger ones.
pub(crate) fn code(text: &str) -> Option<Code> {
    let code = QRBuilder::new(text).ecl(ECL::L).build().ok()?;
    let mut path = String::new();
    for (y, row) in (0..code.size).filter_map(|y| Some((y, code[y].get(..code.size)?))) {
        for (x, _) in row.iter().enumerate().filter(|(_, module)| module.value()) {
            // Writing to a string cannot fail.
            let _ = write!(path, "M{} {}h1v1h-1z", x + QUIET, y + QUIET);
        }
    }
    Some(Code {
        size: code.size + 2 * QUIET,
        path,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a reader sees of a code that is drawn, each module four pixels wide.
    fn read(code: &Code) -> String {
        let dark: Vec<(usize, usize)> = code
            .path
            .split('M')
            .filter_map(|step| step.split_once('h')?.0.split_once(' '))
            .map(|(x, y)| (x.parse().unwrap(), y.parse().unwrap()))
            .collect();
        let size = code.size * 4;
        let mut picture = rqrr::PreparedImage::prepare_from_bitmap(size, size, |x, y| {
            dark.contains(&(x / 4, y / 4))
        });
        let grids = picture.detect_grids();
        assert_eq!(grids.len(), 1);
        grids[0].decode().unwrap().1
    }

    #[test]
    fn a_reader_gets_the_text_back() {
        let short = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIO laptop of Zoë";
        let long = format!("ssh-rsa {} work", "AAAAB3NzaC1yc2EAAAADAQAB".repeat(29));
        for text in [short, &long] {
            assert_eq!(read(&code(text).unwrap()), text);
        }
    }

    #[test]
    fn what_no_code_can_hold_gives_none() {
        assert_eq!(code(&"x".repeat(3000)), None);
    }
}
