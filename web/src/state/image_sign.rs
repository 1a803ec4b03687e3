//! How an image in the output of a program begins: SIXEL, and iTerm's files with `inline=1`.

/// Bytes after an ESC that are enough to tell.
pub(crate) const TELLING_BYTES: usize = 32;

/// How iTerm's files begin (OSC 1337), in one piece and in several.
const FILES: [&[u8]; 2] = [b"]1337;File=", b"]1337;MultipartFile="];

/// What stands after an ESC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sign {
    /// An image begins.
    Image,
    /// Anything else.
    Other,
    /// More bytes have to tell.
    Unfinished,
}

/// Reads what stands after an ESC.
///
/// SIXEL is a device control string of numbers that ends its head with `q`; with anything before the
/// `q`, as in DECRQSS, it is another one.
pub(crate) fn sign(after: &[u8]) -> Sign {
    let all = after.len() >= TELLING_BYTES;
    let (found, possible) = match after.first() {
        None => (false, true),
        Some(b'P') => {
            let head = after.iter().skip(1);
            let last = head
                .copied()
                .find(|byte| !matches!(byte, b'0'..=b'9' | b';'));
            (last == Some(b'q'), last.is_none())
        }
        Some(_) => (
            FILES.iter().any(|file| after.starts_with(file)),
            FILES.iter().any(|file| file.starts_with(after)),
        ),
    };
    match (found, possible && !all) {
        (true, _) => Sign::Image,
        (false, true) => Sign::Unfinished,
        (false, false) => Sign::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_are_told_from_all_else_at_every_byte() {
        for image in [
            &b"Pq#0"[..],
            b"P0;1;8q",
            b"]1337;File=inline=1",
            b"]1337;MultipartFile=",
        ] {
            let cuts: Vec<Sign> = (0..=image.len()).map(|end| sign(&image[..end])).collect();
            let begun = cuts.iter().take_while(|it| **it == Sign::Unfinished);
            let begun = begun.count();
            assert!(begun > 1, "{cuts:?}");
            assert!(
                cuts[begun..].iter().all(|it| *it == Sign::Image),
                "{cuts:?}"
            );
        }
        for other in [
            &b"[31m"[..],
            b"P$q\"p",
            b"P+q6f",
            b"]1337;SetMark",
            b"]0;title",
            b"\\",
        ] {
            assert_eq!(sign(other), Sign::Other);
        }
    }

    #[test]
    fn numbers_without_an_end_are_given_up() {
        let endless = [b"P".as_slice(), &[b'0'; TELLING_BYTES]].concat();
        assert_eq!(sign(&endless), Sign::Other);
    }
}
