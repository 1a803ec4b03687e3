//! Flow control, step by step and under any order of steps.

use proptest::prelude::*;
use transom_wire::{FlowError, ReceiveWindow, SendWindow};

#[test]
fn a_sender_stops_at_its_window_and_goes_on_after_an_acknowledgement() {
    let mut window = SendWindow::new(100);
    window.sent(100);
    assert_eq!(window.available(), 0);
    window.acked(40).unwrap();
    assert_eq!(window.available(), 40);
    window.acked(10).unwrap();
    assert_eq!(
        window.available(),
        40,
        "an old acknowledgement takes nothing back"
    );
    assert_eq!(window.acked(101), Err(FlowError::AckBeyondSent));
}

#[test]
fn a_receiver_refuses_what_it_did_not_grant() {
    let mut window = ReceiveWindow::new(100);
    window.received(100).unwrap();
    assert_eq!(window.received(1), Err(FlowError::Overrun));
    assert_eq!(window.consumed(24), None);
    assert_eq!(window.consumed(1), Some(25));
    window.received(25).unwrap();
    assert_eq!(window.received(1), Err(FlowError::Overrun));
}

proptest! {
    #[test]
    fn both_ends_agree_whatever_the_order(steps in prop::collection::vec((0..3_u8, 1..5000_usize), 0..200)) {
        let mut sender = SendWindow::new(10_000);
        let mut receiver = ReceiveWindow::new(10_000);
        let (mut on_the_way, mut unread) = (0, 0);
        for (step, size) in steps {
            match step {
                0 => {
                    let size = size.min(sender.available());
                    sender.sent(size);
                    on_the_way += size;
                }
                1 => {
                    let size = size.min(on_the_way);
                    prop_assert!(receiver.received(size).is_ok());
                    on_the_way -= size;
                    unread += size;
                }
                _ => {
                    let size = size.min(unread);
                    unread -= size;
                    if let Some(offset) = receiver.consumed(size as u64) {
                        prop_assert!(sender.acked(offset).is_ok());
                    }
                }
            }
            prop_assert!(on_the_way + unread <= 10_000);
        }
        // Whatever happened, consuming everything always lets the sender go on.
        prop_assert!(receiver.received(on_the_way).is_ok());
        if let Some(offset) = receiver.consumed((on_the_way + unread) as u64) {
            prop_assert!(sender.acked(offset).is_ok());
        }
        prop_assert!(sender.available() > 0);
    }
}
