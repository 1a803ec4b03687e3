//! A text file as a person edits it, and its bytes: what a person does not touch stays as it is.

use transom_protocol::RemotePath;

/// Bytes of a file that is edited, at most. Larger ones are logs and data, which a page would hold
/// several times over.
pub(crate) const EDITED_BYTES: u32 = 4_000_000;

/// The byte order mark, as UTF-8 ([RFC 3629 §6]).
///
/// [RFC 3629 §6]: https://www.rfc-editor.org/rfc/rfc3629#section-6
const MARK: &[u8] = b"\xef\xbb\xbf";

/// What the bytes of a text have that the text has not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Form {
    /// A byte order mark stands before it.
    mark: bool,
    /// All its lines end in CR LF, not in LF.
    carriage: bool,
}

/// Why a file is not edited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NoText {
    /// It holds zero bytes.
    Binary,
    /// Its byte order mark is that of UTF-16.
    Wide,
    /// It is not UTF-8.
    OtherEncoding,
    /// Its size, in bytes.
    TooLarge(u64),
}

/// The text of a file.
///
/// Where only some lines end in CR LF, the CRs are characters of the text, so that each stays.
///
/// # Errors
///
/// [`NoText`] where editing it would change what a person does not touch.
pub(crate) fn decode(bytes: &[u8]) -> Result<(String, Form), NoText> {
    if u64::try_from(bytes.len()).is_ok_and(|size| size > EDITED_BYTES.into()) {
        return Err(NoText::TooLarge(
            u64::try_from(bytes.len()).unwrap_or(u64::MAX),
        ));
    }
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        return Err(NoText::Wide);
    }
    if bytes.contains(&0) {
        return Err(NoText::Binary);
    }
    let rest = bytes.strip_prefix(MARK);
    let text = core::str::from_utf8(rest.unwrap_or(bytes)).map_err(|_| NoText::OtherEncoding)?;
    let plain = text.replace("\r\n", "\n");
    let carriage = plain.len() < text.len()
        && !plain.contains('\r')
        && text.len() - plain.len() == plain.matches('\n').count();
    let form = Form {
        mark: rest.is_some(),
        carriage,
    };
    let text = if carriage { plain } else { text.to_owned() };
    Ok((text, form))
}

/// The bytes of a text.
pub(crate) fn encode(text: &str, form: Form) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len() + MARK.len());
    if form.mark {
        bytes.extend_from_slice(MARK);
    }
    if form.carriage {
        bytes.extend_from_slice(text.replace('\n', "\r\n").as_bytes());
    } else {
        bytes.extend_from_slice(text.as_bytes());
    }
    bytes
}

/// The path of a copy beside a file: `name (2).txt`.
pub(crate) fn copy_path(path: &RemotePath, number: u32) -> RemotePath {
    let name = path.name();
    let dot = name.iter().rposition(|byte| *byte == b'.');
    let (stem, ending) = name.split_at(dot.filter(|dot| *dot > 0).unwrap_or(name.len()));
    let copy = [stem, format!(" ({number})").as_bytes(), ending].concat();
    super::files::parent(path).join(&copy)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_not_touched_is_saved_as_it_was(
            mark: bool, pieces in prop::collection::vec("(\r\n|\n|\r|\u{feff}|[a-zä]){0,9}", 0..9)
        ) {
            let mut bytes = if mark { MARK.to_vec() } else { Vec::new() };
            bytes.extend_from_slice(pieces.concat().as_bytes());
            let (text, form) = decode(&bytes).unwrap();
            prop_assert_eq!(encode(&text, form), bytes);
        }
    }

    #[test]
    fn lines_that_are_written_end_as_the_others() {
        let (text, form) = decode(b"\xef\xbb\xbfa\r\nb").unwrap();
        assert_eq!(text, "a\nb");
        assert_eq!(encode("a\nb\n", form), b"\xef\xbb\xbfa\r\nb\r\n");
        let (text, _) = decode(b"a\r\nb\n").unwrap();
        assert_eq!(text, "a\r\nb\n", "some lines only");
    }

    #[test]
    fn what_is_no_text_is_told_apart() {
        assert_eq!(decode(b"a\0b"), Err(NoText::Binary));
        assert_eq!(decode(b"\xff\xfea\0"), Err(NoText::Wide));
        assert_eq!(decode(b"gr\xfcn"), Err(NoText::OtherEncoding));
        let large = vec![b'a'; 4_000_001];
        assert_eq!(decode(&large), Err(NoText::TooLarge(4_000_001)));
    }

    #[test]
    fn a_copy_has_a_name_beside_the_other() {
        let copy = |path: &str| copy_path(&RemotePath::from(path), 2);
        assert_eq!(copy("/etc/app.conf"), RemotePath::from("/etc/app (2).conf"));
        assert_eq!(copy("/.profile"), RemotePath::from("/.profile (2)"));
    }
}
