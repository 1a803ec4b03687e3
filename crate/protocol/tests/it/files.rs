//! Paths and files between page and engine.

use transom_protocol::{AskId, FilesAsk, FilesCommand, RemotePath};

#[test]
fn a_path_is_text_where_it_can_be_and_bytes_where_not() {
    let usual = serde_json::to_string(&RemotePath::from("/home/ü")).unwrap();
    assert_eq!(usual, "\"/home/ü\"");
    let odd = serde_json::to_string(&RemotePath::new(b"\xff/a".to_vec())).unwrap();
    assert_eq!(odd, "[255,47,97]");
    let back: RemotePath = serde_json::from_str(&odd).unwrap();
    assert_eq!(back.bytes(), b"\xff/a");
}

#[test]
fn paths_survive_inside_a_command() {
    for path in [RemotePath::from("a b"), RemotePath::new(b"\xfe".to_vec())] {
        let command = FilesCommand::Ask {
            id: AskId(7),
            ask: FilesAsk::List { path },
        };
        let text = serde_json::to_string(&command).unwrap();
        let back: FilesCommand = serde_json::from_str(&text).unwrap();
        assert_eq!(back, command);
    }
}

#[test]
fn a_name_is_shown_safely_and_kept_as_it_is() {
    let name = RemotePath::new(b"a\x1b\xe2\x80\xae\xffb".to_vec());
    assert_eq!(name.shown(), "a␛<U+202E>\\xffb");
    assert_eq!(
        RemotePath::from("/x").join(name.bytes()).name(),
        name.bytes()
    );
    assert_eq!(RemotePath::from("/x/y/").name(), b"y");
    assert_eq!(RemotePath::from("/").name(), b"");
}
