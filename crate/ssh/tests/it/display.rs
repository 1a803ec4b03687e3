//! Text from servers, fit to be shown.

use transom_ssh::display_safe;

#[test]
fn nothing_can_move_hide_or_reorder_text() {
    let hostile = "a\u{1b}[2Jb\u{7}c\u{9b}d\u{202e}e\u{2066}f\u{200b}g\u{0}h\u{7f}i\u{e0041}j";
    assert_eq!(
        display_safe(hostile, 1000),
        "a␛[2Jb␇c<U+009B>d<U+202E>e<U+2066>f<U+200B>g␀h␡i<U+E0041>j"
    );
}

#[test]
fn lines_tabs_and_every_script_stay() {
    let text = "Grüße\tworld\n世界 שלום مرحبا 🎉";
    assert_eq!(display_safe(text, 1000), text);
    assert_eq!(display_safe("a\r\nb\rc", 1000), "a\nb␍c");
}

#[test]
fn the_result_is_never_longer_than_asked() {
    let hostile = "é\u{202e}\u{1b}".repeat(100);
    for limit in 0..200 {
        let safe = display_safe(&hostile, limit);
        assert!(safe.len() <= limit, "{limit}: {}", safe.len());
        assert!(limit < 3 || safe.ends_with('…'), "{limit}: {safe}");
    }
    assert_eq!(display_safe("exact", 5), "exact");
}
