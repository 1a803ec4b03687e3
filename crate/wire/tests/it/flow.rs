//! Flow control, step by step and under any order of steps.

use proptest::prelude::*;
use transom_wire::{CloseReason, FlowError, ReceiveWindow, SendWindow};

#[test]
fn a_sender_stops_at_its_window_and_goes_on_after_an_acknowledgement() {
    let mut window = SendWindow::new(100);
    window.record_sent(100).unwrap();
    assert_eq!(window.available(), 0);
    assert_eq!(window.record_sent(1), Err(FlowError::ApiMisuse));
    assert_eq!(window.on_ack(40), Ok(40));
    assert_eq!(
        (window.available(), window.in_flight(), window.sent()),
        (40, 60, 100)
    );
    assert_eq!(
        window.on_ack(10),
        Ok(0),
        "an old acknowledgement takes nothing back"
    );
    assert_eq!(window.available(), 40);
}

#[test]
fn an_acknowledgement_of_unsent_bytes_frees_nothing() {
    let mut window = SendWindow::new(100);
    window.record_sent(50).unwrap();
    let error = window.on_ack(51).unwrap_err();
    assert_eq!(
        error,
        FlowError::PeerAckedUnsent {
            received: 51,
            sent: 50
        }
    );
    assert_eq!(error.close_reason(), CloseReason::BadFrame);
    assert_eq!(window.available(), 50);
}

#[test]
fn a_receiver_refuses_what_it_did_not_grant() {
    let mut window = ReceiveWindow::new(100);
    window.on_data(100).unwrap();
    assert_eq!(
        window.on_data(1),
        Err(FlowError::PeerOverran { over_bytes: 1 })
    );
    assert_eq!(window.consume(101), Err(FlowError::ApiMisuse));
    assert_eq!(window.consume(24), Ok(None));
    assert_eq!(
        window.on_data(1),
        Err(FlowError::PeerOverran { over_bytes: 1 })
    );
    assert_eq!(window.consume(1), Ok(Some(25)));
    window.on_data(25).unwrap();
    assert_eq!((window.received(), window.pending()), (125, 100));
}

#[test]
fn an_acknowledgement_is_due_after_256_kib_of_a_large_window() {
    let mut window = ReceiveWindow::new(1 << 21);
    window.on_data(1 << 21).unwrap();
    assert_eq!(window.consume(262_143), Ok(None));
    assert_eq!(window.consume(1), Ok(Some(262_144)));
    assert_eq!(window.ack(), None);
    assert_eq!(window.consume(1), Ok(None));
    assert_eq!(window.ack(), Some(262_145));
}

#[test]
fn messages_of_any_size_leave_a_sender_all_but_a_quarter_of_its_window() {
    let (window, quarter) = (1 << 20, 1 << 18);
    for message in [1000, 50_000, 65_535, 65_536, 200_000] {
        let mut receiver = ReceiveWindow::new(window);
        let mut told = 0;
        let mut acks = 0;
        for consumed in (0..1 << 24).step_by(message).skip(1) {
            receiver.on_data(message).unwrap();
            if let Some(received) = receiver.consume(message).unwrap() {
                told = usize::try_from(received).unwrap();
                acks += 1;
            }
            assert!(told >= consumed / quarter * quarter, "{told} of {consumed}");
            assert!(acks <= consumed / quarter);
        }
    }
}

#[test]
fn another_window_counts_from_the_next_acknowledgement_and_takes_nothing_back() {
    let (mut sender, mut receiver) = (SendWindow::new(100), ReceiveWindow::new(100));
    sender.record_sent(60).unwrap();
    receiver.on_data(60).unwrap();
    for (window, may_send) in [(80, 40), (150, 90), (100, 90)] {
        receiver.resize(window);
        sender.resize(window);
        assert_eq!(sender.available(), may_send, "window of {window}");
    }
    sender.record_sent(90).unwrap();
    receiver.on_data(90).unwrap();
    assert_eq!(
        receiver.on_data(1),
        Err(FlowError::PeerOverran { over_bytes: 1 })
    );
    // 50 of 150 are acknowledged: the window of 100 is full.
    assert_eq!(receiver.consume(50), Ok(Some(50)));
    sender.on_ack(50).unwrap();
    assert_eq!(sender.available(), 0);
    assert_eq!(receiver.consume(100), Ok(Some(150)));
    sender.on_ack(150).unwrap();
    assert_eq!(sender.available(), 100);
}

proptest! {
    /// Steps in any order: send, deliver data, consume, deliver an acknowledgement.
    #[test]
    fn both_ends_agree_whatever_the_order(
        window in 4096_u32..200_000,
        steps in prop::collection::vec((0..4_u8, 1..70_000_usize), 0..300),
    ) {
        let mut sender = SendWindow::new(window);
        let mut receiver = ReceiveWindow::new(window);
        let (mut flying, mut acks) = (Vec::new(), Vec::new());
        for (step, size) in steps {
            match step {
                0 => {
                    let size = size.min(usize::try_from(sender.available()).unwrap());
                    sender.record_sent(size).unwrap();
                    flying.push(size);
                }
                1 if !flying.is_empty() => receiver.on_data(flying.remove(0)).unwrap(),
                2 => {
                    let size = size.min(usize::try_from(receiver.pending()).unwrap());
                    acks.extend(receiver.consume(size).unwrap());
                }
                3 if !acks.is_empty() => {
                    let freed = sender.on_ack(acks.remove(0)).unwrap();
                    prop_assert!(freed > 0);
                }
                _ => {}
            }
            prop_assert!(sender.in_flight() <= u64::from(window));
            prop_assert!(receiver.pending() <= sender.in_flight());
        }
        // Once everything has arrived, no more than one step is left to acknowledge.
        for size in flying {
            receiver.on_data(size).unwrap();
        }
        acks.extend(receiver.consume(usize::try_from(receiver.pending()).unwrap()).unwrap());
        for offset in acks {
            sender.on_ack(offset).unwrap();
        }
        prop_assert!(sender.in_flight() <= u64::from(window) / 4);
        prop_assert!(sender.available() > 0, "the sender is stuck");
    }
}
