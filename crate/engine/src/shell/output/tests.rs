use super::*;
use crate::shell::pace::{FIRST_BYTES, MOST_BYTES};

/// Time stands still: how fast a page is, is the pace's own affair.
const NOW: Duration = Duration::ZERO;
const FIRST: PageId = PageId(1);
const SECOND: PageId = PageId(2);

/// Sends everything that the window allows and returns it.
fn drain(log: &mut OutputLog, page: PageId) -> Vec<u8> {
    core::iter::from_fn(|| log.next_piece(page, NOW))
        .flat_map(|piece| piece.bytes)
        .collect()
}

/// As much as one channel packet carries.
fn packet() -> Vec<u8> {
    vec![b'x'; 32 * 1024]
}

fn numbered(range: core::ops::Range<u32>) -> Vec<u8> {
    range.flat_map(u32::to_be_bytes).collect()
}

#[test]
fn a_page_gets_every_byte_once_and_in_order() {
    let mut log = OutputLog::default();
    log.attach(FIRST);
    log.push(b"hello ");
    let mut shown = drain(&mut log, FIRST);
    log.parsed(FIRST, 6, NOW);
    log.push(b"world");
    shown.extend(drain(&mut log, FIRST));
    assert_eq!(shown, b"hello world");
    assert!(log.is_drained());
}

#[test]
fn a_busy_page_gets_short_output_together_and_a_waiting_one_at_once() {
    let mut log = OutputLog::default();
    log.attach(FIRST);
    log.push(b"shown at once");
    assert_eq!(drain(&mut log, FIRST), b"shown at once");
    log.push(b"one, ");
    log.push(b"two");
    assert_eq!(drain(&mut log, FIRST), b"");
    assert!(log.has_room());
    log.parsed(FIRST, 13, NOW);
    assert_eq!(drain(&mut log, FIRST), b"one, two");
    log.push(&packet());
    assert_eq!(drain(&mut log, FIRST).len(), packet().len());
}

#[test]
fn a_page_that_parses_nothing_is_sent_one_window() {
    let mut log = OutputLog::default();
    log.attach(FIRST);
    log.push(&vec![b'x'; length(FIRST_BYTES) + 1]);
    assert_eq!(count(drain(&mut log, FIRST).len()), FIRST_BYTES);
    log.push(&packet());
    log.parsed(FIRST, 10, NOW);
    assert_eq!(drain(&mut log, FIRST).len(), 10);
}

#[test]
fn the_shell_is_held_up_by_a_full_window_and_goes_on_after_it() {
    let mut log = OutputLog::default();
    log.attach(FIRST);
    while log.has_room() {
        log.push(&packet());
        drain(&mut log, FIRST);
    }
    assert!(log.kept.end() <= FIRST_BYTES + FIRST_BYTES / 4);
    log.parsed(FIRST, FIRST_BYTES / 2, NOW);
    drain(&mut log, FIRST);
    assert!(log.has_room());
}

#[test]
fn without_a_page_nothing_unseen_is_forgotten() {
    let mut log = OutputLog::default();
    let mut sent = Vec::new();
    for number in 0.. {
        if !log.has_room() {
            break;
        }
        let bytes = numbered(number * 1024..(number + 1) * 1024);
        log.push(&bytes);
        sent.extend(bytes);
    }
    log.attach(FIRST);
    let mut shown = Vec::new();
    while count(shown.len()) < log.kept.end() {
        shown.extend(drain(&mut log, FIRST));
        log.parsed(FIRST, count(shown.len()), NOW);
    }
    assert!(shown == sent, "output was lost while no page looked");
}

#[test]
fn a_new_page_replays_what_another_has_parsed_and_no_more() {
    let mut log = OutputLog::default();
    log.attach(FIRST);
    log.push(b"seen");
    drain(&mut log, FIRST);
    log.parsed(FIRST, 4, NOW);
    log.detach(FIRST);
    log.push(b"new");
    log.attach(SECOND);
    let replayed = log.next_piece(SECOND, NOW);
    log.parsed(SECOND, 4, NOW);
    let fresh = log.next_piece(SECOND, NOW);
    assert_eq!(
        (replayed, fresh),
        (
            Some(Piece {
                offset: 0,
                bytes: b"seen".to_vec(),
                replay: true
            }),
            Some(Piece {
                offset: 4,
                bytes: b"new".to_vec(),
                replay: false
            })
        )
    );
}

#[test]
fn of_several_pages_only_the_one_in_use_answers_programs() {
    let mut log = OutputLog::default();
    log.attach(FIRST);
    log.attach(SECOND);
    log.used(SECOND);
    log.push(b"\x1b[c");
    let replays = |log: &mut OutputLog| {
        [FIRST, SECOND].map(|page| log.next_piece(page, NOW).map(|piece| piece.replay))
    };
    assert_eq!(replays(&mut log), [Some(true), Some(false)]);
    log.detach(SECOND);
    log.attach(SECOND);
    log.parsed(FIRST, 3, NOW);
    log.push(b"\x1b[c");
    assert_eq!(
        log.next_piece(FIRST, NOW).map(|piece| piece.replay),
        Some(false)
    );
}

#[test]
fn a_slow_page_does_not_hold_up_a_fast_one_and_skips_what_is_forgotten() {
    let mut log = OutputLog::default();
    log.attach(FIRST);
    log.attach(SECOND);
    let mut total = 0;
    while total < 3 * KEPT_BYTES {
        assert!(log.has_room());
        log.push(&packet());
        total += count(drain(&mut log, FIRST).len());
        log.parsed(FIRST, total, NOW);
    }
    let piece = log.next_piece(SECOND, NOW).unwrap();
    assert!(piece.offset > 0);
    assert_eq!(piece.offset, log.kept.start());
}

#[test]
fn what_is_kept_is_replayed_whole_when_the_ring_has_wrapped() {
    let mut log = OutputLog::default();
    for number in 0..1500 {
        log.push(&numbered(number * 1000..(number + 1) * 1000));
    }
    log.attach(FIRST);
    let mut replayed = Vec::new();
    loop {
        let part = drain(&mut log, FIRST);
        if part.is_empty() {
            break;
        }
        replayed.extend(part);
        log.parsed(FIRST, log.kept.start() + count(replayed.len()), NOW);
    }
    let all = numbered(0..1_500_000);
    assert!(
        replayed == all[length(log.kept.start())..],
        "the replay differs"
    );
}

#[test]
fn memory_is_bounded() {
    let mut log = OutputLog::default();
    for _ in 0..1024 {
        log.push(&packet());
    }
    assert_eq!(log.kept.end() - log.kept.start(), KEPT_BYTES);
}

#[test]
fn a_page_cannot_claim_bytes_that_it_was_not_sent() {
    let mut log = OutputLog::default();
    log.attach(FIRST);
    log.push(b"abc");
    log.parsed(FIRST, 3, NOW);
    log.parsed(FIRST, u64::MAX, NOW);
    assert_eq!(log.seen, 0);
}

/// Pushes what `more` gives to a page that parses only so much each time; returns what it was sent.
fn flooded(keeps: Option<u32>, parses: u64, more: impl Fn(u32) -> Vec<u8>) -> (Vec<u8>, Vec<u8>) {
    let mut log = OutputLog::default();
    let (mut all, mut sent) = (Vec::new(), Vec::new());
    log.attach(FIRST);
    log.keep_lines(FIRST, keeps);
    let mut number = 0;
    while !log.is_drained() || number < 200 {
        while log.has_room() && number < 200 {
            let bytes = more(number);
            log.push(&bytes);
            all.extend(bytes);
            number += 1;
        }
        let mut end = 0;
        while let Some(piece) = log.next_piece(FIRST, NOW) {
            end = piece.offset + count(piece.bytes.len());
            sent.extend(piece.bytes);
        }
        let viewer = log.viewers.get(&FIRST).unwrap();
        assert!(viewer.unparsed() <= MOST_BYTES);
        let next = viewer.parsed + parses;
        log.parsed(FIRST, next.min(end.max(viewer.sent)), NOW);
    }
    (all, sent)
}

/// The newest lines.
fn last(text: &[u8], lines: usize) -> Vec<&[u8]> {
    let mut last: Vec<&[u8]> = text.rsplit(|byte| *byte == b'\n').take(lines).collect();
    last.reverse();
    last
}

fn short_lines(number: u32) -> Vec<u8> {
    (0..5000)
        .flat_map(|line| format!("{}\r\n", number * 5000 + line).into_bytes())
        .collect()
}

#[test]
fn a_busy_page_is_not_sent_what_is_scrolled_away_by_then() {
    let (all, sent) = flooded(Some(1000), 16 * 1024, short_lines);
    assert!(
        sent.len() < all.len() / 2,
        "{} of {}",
        sent.len(),
        all.len()
    );
    assert!(
        last(&all, 1000) == last(&sent, 1000),
        "the newest lines differ"
    );
}

#[test]
fn where_every_byte_counts_each_is_sent() {
    let (all, sent) = flooded(None, 16 * 1024, short_lines);
    assert!(all == sent);
}

#[test]
fn what_is_more_than_lines_is_always_sent() {
    let coloured = |number| [short_lines(number), format!("\x1b[{number}m").into_bytes()].concat();
    let (all, sent) = flooded(Some(1000), 16 * 1024, coloured);
    let escapes = |text: &[u8]| {
        let parts = text.split(|byte| *byte == 0x1b).skip(1);
        parts
            .map(|part| part[..part.len().min(4)].to_vec())
            .collect::<Vec<_>>()
    };
    assert_eq!(escapes(&all).len(), 200);
    assert!(escapes(&all) == escapes(&sent), "sequences are missing");
    assert!(
        last(&all, 1000) == last(&sent, 1000),
        "the newest lines differ"
    );
}

#[test]
fn a_shell_of_short_lines_is_never_held_up_by_a_slow_page() {
    let mut log = OutputLog::default();
    log.attach(FIRST);
    log.keep_lines(FIRST, Some(1000));
    for number in 0..100 {
        assert!(log.has_room(), "after {number}");
        log.push(&short_lines(number));
        drain(&mut log, FIRST);
    }
}
