//! Patterns for names, and paths by pattern against real servers.

use proptest::prelude::*;
use transom_sftp::Pattern;

#[cfg(not(target_arch = "wasm32"))]
use crate::support::Place;

#[test]
fn a_pattern_matches_what_a_shell_matches() {
    let cases: [(&[u8], &[u8], bool); 25] = [
        (b"*.txt", b"a.txt", true),
        (b"*.txt", b"a.txt~", false),
        (b"*", b".hidden", false),
        (b"?hidden", b".hidden", false),
        (b"[.]hidden", b".hidden", false),
        (b".*", b".hidden", true),
        (b"", b"", true),
        (b"*", b"", true),
        (b"a*b*c", b"axxbxbxc", true),
        (b"a*b*c", b"axxbxbx", false),
        (b"?", "é".as_bytes(), true),
        (b"??", "é".as_bytes(), false),
        (b"?", b"\xff", true),
        (b"\xff*", b"\xff\xfe", true),
        (b"[a-c]1", b"b1", true),
        (b"[!a-c]1", b"b1", false),
        (b"[^a-c]1", b"d1", true),
        (b"[]x]", b"]", true),
        (b"[a-]", b"-", true),
        (b"[a", b"[a", true),
        (b"\\*", b"*", true),
        (b"\\*", b"x", false),
        (b"[\\]]", b"]", true),
        ("[à-ü]".as_bytes(), "é".as_bytes(), true),
        (b"end\\", b"end\\", true),
    ];
    for (pattern, name, expected) in cases {
        let matches = Pattern::new(pattern).matches(name);
        assert_eq!(matches, expected, "{pattern:?} {name:?}");
    }
}

#[test]
fn a_pattern_of_many_stars_ends_soon() {
    let pattern = Pattern::new("*a".repeat(200) + "b");
    assert!(!pattern.matches("a".repeat(20_000)));
}

/// The same by trying every way.
fn slowly(pattern: &[u8], name: &[u8]) -> bool {
    match (pattern, name) {
        ([], []) => true,
        ([b'*', rest @ ..], _) => (0..=name.len()).any(|skip| slowly(rest, name.split_at(skip).1)),
        ([b'?', rest @ ..], [_, left @ ..]) => slowly(rest, left),
        ([byte, rest @ ..], [same, left @ ..]) if byte == same => slowly(rest, left),
        _ => false,
    }
}

proptest! {
    #[test]
    fn stars_match_as_every_way_tried(pattern in "[ab*?]{0,8}", name in "[ab]{0,10}") {
        let expected = slowly(pattern.as_bytes(), name.as_bytes());
        prop_assert_eq!(Pattern::new(&pattern).matches(&name), expected);
    }

    #[test]
    fn any_bytes_are_a_pattern(pattern: Vec<u8>, name: Vec<u8>) {
        Pattern::new(pattern).matches(name);
    }
}

/// Finds by pattern what a test planted.
#[cfg(not(target_arch = "wasm32"))]
pub(crate) async fn every_pattern(place: &Place) {
    let sftp = &place.sftp;
    for folder in ["glob/one/in", "glob/two/in", "glob/three"] {
        std::fs::create_dir_all(place.path().join(folder)).unwrap();
    }
    for file in [
        "one/in/a.log",
        "two/in/b.log",
        "two/in/c.txt",
        ".dot",
        "[x]",
    ] {
        place.put(&format!("glob/{file}"), b"");
    }
    let link = |to: &str, name: &str| {
        std::os::unix::fs::symlink(to, place.path().join("glob").join(name)).unwrap();
    };
    link("two", "linked");
    link("nowhere", "dangling");
    let cases: [(&str, &[&str]); 9] = [
        (
            "glob/*/in/*.log",
            &[
                "glob/linked/in/b.log",
                "glob/one/in/a.log",
                "glob/two/in/b.log",
            ],
        ),
        ("glob/t*", &["glob/three", "glob/two"]),
        ("glob/*n*/", &["glob/linked", "glob/one"]),
        ("glob/.*", &["glob/.dot"]),
        ("glob/\\[x]", &["glob/[x]"]),
        ("glob/dangling", &["glob/dangling"]),
        ("glob/*/missing", &[]),
        ("g?ob", &["glob"]),
        ("nothing/*", &[]),
    ];
    for (pattern, expected) in cases {
        let (found, cut) = sftp.glob(pattern, 100).await.unwrap();
        assert_eq!(found, expected, "{pattern}");
        assert!(!cut);
    }
    // Paramiko's server has its folder as the root.
    let home = sftp.normalize(".").await.unwrap();
    let absolute = transom_sftp::join(&home, b"glob/t*");
    assert_eq!(sftp.glob(&absolute, 100).await.unwrap().0.len(), 2);
    let (found, cut) = sftp.glob("glob/*", 3).await.unwrap();
    assert_eq!((found.len(), cut), (3, true));
}

#[cfg(not(target_arch = "wasm32"))]
#[tokio::test]
async fn openssh_is_searched_by_pattern() {
    every_pattern(&Place::openssh().await).await;
}
