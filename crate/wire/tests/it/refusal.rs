//! What is refused, and how it is called.

use bytes::Bytes;
use transom_wire::{
    Close, CloseReason, DecodeError, FieldError, Frame, Host, MAX_CONTROL_FRAME_BYTES,
    MAX_DATA_BYTES, MAX_DETAIL_BYTES, MAX_TICKET_BYTES, Ticket,
};

fn refused(bytes: impl Into<Vec<u8>>) -> DecodeError {
    Frame::decode(Bytes::from(bytes.into())).unwrap_err()
}

/// An `Open` with this version, window, port and host.
fn open(version: u8, window: u32, port: u16, host: &[u8]) -> Vec<u8> {
    let mut bytes = vec![1, version];
    bytes.extend(window.to_be_bytes());
    bytes.extend(port.to_be_bytes());
    bytes.push(u8::try_from(host.len()).unwrap());
    bytes.extend(host);
    bytes.extend([0, 0]);
    bytes
}

#[test]
fn an_empty_message_and_an_unknown_type_are_no_frames() {
    assert_eq!(refused([]), DecodeError::Truncated);
    assert_eq!(refused([0]), DecodeError::UnknownType(0));
    assert_eq!(refused([13]), DecodeError::UnknownType(13));
    assert_eq!(refused([255]).close_reason(), CloseReason::BadFrame);
}

#[test]
fn another_version_is_told_apart_from_nonsense() {
    let error = refused(open(2, 65_536, 22, b"a"));
    assert_eq!(error, DecodeError::Version(2));
    assert_eq!(error.close_reason(), CloseReason::VersionUnsupported);
}

#[test]
fn the_fields_of_open_are_checked() {
    assert!(Frame::decode(open(1, 4096, 1, b"a").into()).is_ok());
    assert_eq!(
        refused(open(1, 4095, 1, b"a")),
        DecodeError::WindowTooSmall(4095)
    );
    assert_eq!(refused(open(1, 4096, 0, b"a")), DecodeError::PortZero);
    assert_eq!(refused(open(1, 4096, 1, b"")), DecodeError::NotAHost);
    assert_eq!(refused(open(1, 4096, 1, b"a b")), DecodeError::NotAHost);
    assert_eq!(refused(open(1, 4096, 1, b"a\0")), DecodeError::NotAHost);
    assert_eq!(refused(open(1, 4096, 1, b"\xff")), DecodeError::NotUtf8);
}

#[test]
fn a_length_beyond_its_limit_is_refused_before_the_bytes_are_looked_for() {
    let mut ticket = open(1, 4096, 22, b"a");
    ticket.truncate(ticket.len() - 2);
    ticket.extend([0xff, 0xff]);
    let too_long = DecodeError::TooLong {
        bytes: 65_535,
        limit_bytes: MAX_TICKET_BYTES,
    };
    assert_eq!(refused(ticket), too_long);
    let detail = [8, 0x0f, 0xa0, 0xff, 0xff];
    let too_long = DecodeError::TooLong {
        bytes: 65_535,
        limit_bytes: MAX_DETAIL_BYTES,
    };
    assert_eq!(refused(detail), too_long);
}

#[test]
fn a_payload_is_neither_empty_nor_longer_than_allowed() {
    assert_eq!(refused([5]), DecodeError::EmptyData);
    assert!(Frame::decode(vec![5; 1 + MAX_DATA_BYTES].into()).is_ok());
    assert!(matches!(
        refused(vec![5; 2 + MAX_DATA_BYTES]),
        DecodeError::TooLong { .. }
    ));
}

#[test]
fn later_versions_may_append_fields_but_not_without_bound() {
    let mut longer = open(1, 4096, 22, b"a");
    let frame = Frame::decode(longer.clone().into()).unwrap();
    longer.resize(MAX_CONTROL_FRAME_BYTES, 0xAA);
    assert_eq!(Frame::decode(longer.clone().into()).unwrap(), frame);
    longer.push(0xAA);
    assert!(matches!(refused(longer), DecodeError::TooLong { .. }));
    assert_eq!(refused([7, 1, 2]), DecodeError::Trailing { bytes: 2 });
}

#[test]
fn what_cannot_be_sent_is_refused_where_it_is_made() {
    assert!(matches!(
        Host::new("h".repeat(256)),
        Err(FieldError::TooLong { .. })
    ));
    assert_eq!(Host::new("a host"), Err(FieldError::NotAHost));
    assert_eq!(Host::new(""), Err(FieldError::NotAHost));
    let long = "t".repeat(MAX_TICKET_BYTES + 1);
    assert!(matches!(Ticket::new(long), Err(FieldError::TooLong { .. })));
}

#[test]
fn a_long_detail_is_cut_between_characters() {
    let close = Frame::Close(Close::new(CloseReason::Internal, "…".repeat(1000)));
    let Frame::Close(decoded) = Frame::decode(close.encode()).unwrap() else {
        unreachable!("the type byte says close")
    };
    assert_eq!(decoded.detail, "…".repeat(MAX_DETAIL_BYTES / "…".len()));
}
