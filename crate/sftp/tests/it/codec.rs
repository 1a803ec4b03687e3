//! Properties of the codec: round trips, truncation, mutation.

use bytes::Bytes;
use proptest::prelude::*;
use transom_sftp::codec::{
    Attributes, DecodeError, Extension, Frames, Init, MAX_PACKET_BYTES, Name, OpenFlags, Request,
    RequestId, Response, Status, Version,
};

fn bytes(most: usize) -> impl Strategy<Value = Bytes> {
    prop::collection::vec(any::<u8>(), 0..most).prop_map(Bytes::from)
}

fn attributes() -> impl Strategy<Value = Attributes> {
    (
        any::<Option<u64>>(),
        any::<Option<(u32, u32)>>(),
        any::<Option<u32>>(),
        any::<Option<(u32, u32)>>(),
        prop::collection::vec((bytes(20), bytes(20)), 0..4),
    )
        .prop_map(|(size, owner, permissions, times, extended)| Attributes {
            size,
            owner,
            permissions,
            times,
            extended,
        })
}

fn request() -> impl Strategy<Value = Request> {
    let handle = || bytes(300);
    let path = || bytes(300);
    prop_oneof![
        (path(), any::<u32>(), attributes()).prop_map(|(path, flags, attributes)| Request::Open {
            path,
            flags: OpenFlags(flags),
            attributes
        }),
        handle().prop_map(|handle| Request::Close { handle }),
        (handle(), any::<u64>(), any::<u32>()).prop_map(|(handle, offset, length)| Request::Read {
            handle,
            offset,
            length
        }),
        (handle(), any::<u64>(), bytes(2000)).prop_map(|(handle, offset, data)| Request::Write {
            handle,
            offset,
            data
        }),
        path().prop_map(|path| Request::Lstat { path }),
        handle().prop_map(|handle| Request::Fstat { handle }),
        (path(), attributes()).prop_map(|(path, attributes)| Request::Setstat { path, attributes }),
        (handle(), attributes())
            .prop_map(|(handle, attributes)| Request::Fsetstat { handle, attributes }),
        path().prop_map(|path| Request::OpenDir { path }),
        handle().prop_map(|handle| Request::ReadDir { handle }),
        path().prop_map(|path| Request::Remove { path }),
        (path(), attributes()).prop_map(|(path, attributes)| Request::MakeDir { path, attributes }),
        path().prop_map(|path| Request::RemoveDir { path }),
        path().prop_map(|path| Request::RealPath { path }),
        path().prop_map(|path| Request::Stat { path }),
        (path(), path()).prop_map(|(from, to)| Request::Rename { from, to }),
        path().prop_map(|path| Request::ReadLink { path }),
        (path(), path()).prop_map(|(first, second)| Request::Symlink { first, second }),
        (path(), bytes(300)).prop_map(|(name, body)| Request::Extended { name, body }),
    ]
}

fn response() -> impl Strategy<Value = Response> {
    let name = (bytes(300), bytes(300), attributes()).prop_map(|(name, long, attributes)| Name {
        name,
        long,
        attributes,
    });
    prop_oneof![
        (0u32..12, bytes(300)).prop_map(|(code, message)| Response::Status {
            status: Status::from_code(code),
            message
        }),
        bytes(300).prop_map(Response::Handle),
        bytes(2000).prop_map(Response::Data),
        prop::collection::vec(name, 0..5).prop_map(Response::Names),
        attributes().prop_map(Response::Attributes),
        bytes(300).prop_map(Response::Extended),
    ]
}

/// A packet without its length.
fn body(packet: Vec<u8>) -> Bytes {
    Bytes::from(packet).split_off(4)
}

proptest! {
    #[test]
    fn requests_survive_the_wire(id: u32, request in request()) {
        let decoded = Request::decode(body(request.encode(RequestId(id))));
        prop_assert_eq!(decoded, Ok((RequestId(id), request)));
    }

    #[test]
    fn responses_survive_the_wire(id: u32, response in response()) {
        let decoded = Response::decode(body(response.encode(RequestId(id))));
        prop_assert_eq!(decoded, Ok((RequestId(id), response)));
    }

    #[test]
    fn versions_survive_the_wire(
        version: u32,
        extensions in prop::collection::vec((bytes(30), bytes(30)), 0..5),
    ) {
        let extensions = extensions.into_iter().map(|(name, value)| Extension { name, value });
        let version = Version { version, extensions: extensions.collect() };
        prop_assert_eq!(Version::decode(body(version.encode())), Ok(version));
        let init = Init { version: 3 };
        prop_assert_eq!(Init::decode(body(init.encode())), Ok(init));
    }

    #[test]
    fn a_request_cut_anywhere_is_refused_or_another_one(request in request()) {
        let whole = body(request.encode(RequestId(1)));
        for end in 0..whole.len() {
            // Only what ends in bytes of any length may still be one: never the same.
            if let Ok((_, other)) = Request::decode(whole.slice(..end)) {
                let extended = matches!(other, Request::Extended { .. });
                prop_assert!(extended);
            }
        }
    }

    #[test]
    fn a_response_cut_anywhere_is_never_taken_for_the_whole(response in response()) {
        let whole = body(response.encode(RequestId(1)));
        for end in 0..whole.len() {
            if let Ok((_, other)) = Response::decode(whole.slice(..end)) {
                // The language of a status may be missing.
                let status = matches!(other, Response::Status { .. });
                prop_assert!(status || other != response);
            }
        }
    }

    #[test]
    fn a_changed_byte_never_breaks_anything(
        response in response(),
        place: prop::sample::Index,
        byte: u8,
    ) {
        let mut packet = response.encode(RequestId(1)).split_off(4);
        let place = place.index(packet.len());
        packet[place] = byte;
        if let Ok((_, Response::Names(names))) = Response::decode(packet.clone().into()) {
            prop_assert!(names.len() <= packet.len() / 12);
        }
        let _ = Request::decode(packet.into());
    }

    #[test]
    fn any_bytes_are_decoded_or_refused(bytes in bytes(400)) {
        let _ = Response::decode(bytes.clone());
        let _ = Request::decode(bytes.clone());
        let _ = Version::decode(bytes);
    }

    #[test]
    fn frames_do_not_depend_on_how_bytes_arrive(
        packets in prop::collection::vec(bytes(3000), 1..6),
        cuts in prop::collection::vec(1usize..700, 1..50),
    ) {
        let packets: Vec<Bytes> =
            packets.into_iter().filter(|packet| !packet.is_empty()).collect();
        let mut stream = Vec::new();
        for packet in &packets {
            stream.extend(u32::try_from(packet.len()).unwrap().to_be_bytes());
            stream.extend_from_slice(packet);
        }
        let mut frames = Frames::default();
        let mut seen = Vec::new();
        let mut cuts = cuts.into_iter().cycle();
        let mut rest = &stream[..];
        while !rest.is_empty() {
            let (piece, next) = rest.split_at(cuts.next().unwrap().min(rest.len()));
            frames.space().extend_from_slice(piece);
            rest = next;
            while let Some(packet) = frames.take().unwrap() {
                seen.push(packet);
            }
        }
        prop_assert_eq!(seen, packets);
    }
}

#[test]
fn a_packet_that_announces_too_much_is_refused_before_it_is_read() {
    for announced in [0, u32::try_from(MAX_PACKET_BYTES).unwrap() + 1, u32::MAX] {
        let mut frames = Frames::default();
        frames.space().extend_from_slice(&announced.to_be_bytes());
        assert_eq!(frames.take(), Err(DecodeError::TooLong { announced }));
        assert!(frames.space().capacity() <= MAX_PACKET_BYTES);
    }
}

#[test]
fn a_count_that_the_packet_cannot_hold_is_refused() {
    // A list of names that announces four thousand million of them.
    let packet = [&[104, 0, 0, 0, 1][..], &u32::MAX.to_be_bytes()].concat();
    let refused = Response::decode(packet.into());
    assert_eq!(
        refused,
        Err(DecodeError::TooLong {
            announced: u32::MAX
        })
    );
}

#[test]
fn attributes_of_another_version_are_refused() {
    let packet = [&[105, 0, 0, 0, 1][..], &0x20u32.to_be_bytes(), &[0; 40]].concat();
    let refused = Response::decode(packet.into());
    assert_eq!(refused, Err(DecodeError::UnknownAttributes { flags: 0x20 }));
}

#[test]
fn a_status_without_words_is_understood() {
    let packet = [101, 0, 0, 0, 9, 0, 0, 0, 2];
    let status = Response::Status {
        status: Status::NoSuchFile,
        message: Bytes::new(),
    };
    let decoded = Response::decode(Bytes::copy_from_slice(&packet));
    assert_eq!(decoded, Ok((RequestId(9), status)));
}
