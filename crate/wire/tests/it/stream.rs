//! Whatever happens to its connections, a session delivers the stream that was sent.

use std::collections::VecDeque;

use bytes::Bytes;
use proptest::prelude::*;
use transom_wire::{
    FlowError, Frame, MAX_KEPT_BYTES, Resume, Resumed, SessionId, SessionSecret, Stream, Takeover,
};

const WINDOW: u32 = 20_000;

/// One end with the stream that it sends and a check of the stream that it gets.
struct End {
    stream: Stream,
    /// Offset of the next byte that it gets.
    got: u64,
    salt: u64,
}

/// A WebSocket: what is on the way, oldest first.
#[derive(Clone, Default)]
struct Connection {
    to_relay: VecDeque<Frame>,
    to_client: VecDeque<Frame>,
}

/// Both ends and every connection that there ever was.
struct Model {
    client: End,
    relay: End,
    connections: Vec<Connection>,
    /// The connection that the client reads and writes: always its last one.
    client_on: usize,
    client_open: bool,
    relay_on: Option<usize>,
    attempt: u32,
    /// What the client grants now, at most [`WINDOW`].
    client_grants: u32,
    takeover: Takeover,
}

fn byte(salt: u64, offset: u64) -> u8 {
    let mixed = (offset + salt).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    mixed.to_be_bytes()[0]
}

fn stream_of(salt: u64, from: u64, bytes: usize) -> Bytes {
    (0..u64::try_from(bytes).unwrap())
        .map(|at| byte(salt, from + at))
        .collect::<Vec<_>>()
        .into()
}

impl End {
    fn new(salt: u64) -> Self {
        let stream = Stream::new(WINDOW, WINDOW);
        Self {
            stream,
            got: 0,
            salt,
        }
    }

    fn write(&mut self, bytes: usize, out: &mut VecDeque<Frame>) {
        self.replay(out);
        let bytes = bytes.min(self.stream.may_send());
        if bytes > 0 {
            let payload = stream_of(self.salt, self.stream.sent(), bytes);
            self.stream.send(payload.clone()).unwrap();
            out.push_back(Frame::Data(payload));
        }
    }

    fn replay(&mut self, out: &mut VecDeque<Frame>) {
        while let Some(frame) = self.stream.replay() {
            out.push_back(frame);
        }
    }

    fn finish(&mut self, out: &mut VecDeque<Frame>) {
        self.stream.finish();
        self.replay(out);
    }

    /// Takes a frame; the other end's bytes must come in order, each once.
    fn arrived(&mut self, frame: &Frame, peer_salt: u64) {
        match frame {
            Frame::Data(payload) => {
                self.stream.on_data(payload.len()).unwrap();
                assert_eq!(*payload, stream_of(peer_salt, self.got, payload.len()));
                self.got += u64::try_from(payload.len()).unwrap();
            }
            Frame::Ack { received } => self.stream.on_ack(*received).unwrap(),
            Frame::Eof => self.stream.on_eof(),
            Frame::Window { window_bytes } => self.stream.on_window(*window_bytes),
            other => unreachable!("{other:?}"),
        }
    }

    fn consume(&mut self, bytes: usize) -> Option<Frame> {
        // More than came is refused and changes nothing.
        let ack = self.stream.consume(bytes).ok().flatten()?;
        Some(Frame::Ack { received: ack })
    }

    fn consume_all(&mut self, out: &mut VecDeque<Frame>) {
        for bytes in [16_384, 4096, 1024, 256, 64, 16, 4, 1] {
            for _ in 0..4 {
                out.extend(self.consume(bytes));
            }
        }
        out.extend(self.stream.ack().map(|received| Frame::Ack { received }));
    }
}

impl Model {
    fn new() -> Self {
        Self {
            client: End::new(7),
            relay: End::new(1 << 40),
            connections: vec![Connection::default()],
            client_on: 0,
            client_open: true,
            relay_on: Some(0),
            attempt: 0,
            client_grants: WINDOW,
            takeover: Takeover::default(),
        }
    }

    fn client_out(&mut self) -> &mut VecDeque<Frame> {
        &mut self.connections[self.client_on].to_relay
    }

    /// The client gives up its connection and dials again. What is on the way may still arrive.
    fn dial(&mut self) {
        self.attempt += 1;
        let resume = Resume {
            session: SessionId::new([1; 16]),
            secret: SessionSecret::new([2; 32]),
            received: self.client.stream.received(),
            window_bytes: self.client_grants,
            attempt: self.attempt,
        };
        self.connections.push(Connection {
            to_relay: [Frame::Resume(resume)].into(),
            ..Connection::default()
        });
        self.client_on = self.connections.len() - 1;
        self.client_open = false;
    }

    fn relay_reads(&mut self, number: usize) {
        let Some(frame) = self.connections[number].to_relay.pop_front() else {
            return;
        };
        let Frame::Resume(resume) = frame else {
            // Nothing is read from a connection that carries no session.
            if self.relay_on == Some(number) {
                self.relay.arrived(&frame, self.client.salt);
            }
            return;
        };
        if !self.takeover.admits(&resume) {
            return;
        }
        let stream = &mut self.relay.stream;
        stream.resume(resume.received, resume.window_bytes).unwrap();
        self.relay_on = Some(number);
        let resumed = Resumed {
            received: stream.received(),
            window_bytes: WINDOW,
        };
        self.connections[number]
            .to_client
            .push_back(Frame::Resumed(resumed));
        self.relay_replays(number);
    }

    fn relay_replays(&mut self, number: usize) {
        self.relay.replay(&mut self.connections[number].to_client);
    }

    fn client_reads(&mut self) {
        let connection = &mut self.connections[self.client_on];
        match connection.to_client.pop_front() {
            None => {}
            Some(Frame::Resumed(resumed)) => {
                let stream = &mut self.client.stream;
                stream
                    .resume(resumed.received, resumed.window_bytes)
                    .unwrap();
                self.client_open = true;
                self.client.replay(&mut connection.to_relay);
            }
            Some(frame) => self.client.arrived(&frame, self.relay.salt),
        }
    }

    fn step(&mut self, kind: u8, size: usize) {
        let any = size % self.connections.len();
        match kind {
            0 if self.client_open => {
                let out = &mut self.connections[self.client_on].to_relay;
                self.client.write(size, out);
            }
            1 => {
                if let Some(number) = self.relay_on {
                    let out = &mut self.connections[number].to_client;
                    self.relay.write(size, out);
                }
            }
            2 | 3 => self.relay_reads(self.client_on),
            // A message of a connection that the client may have given up long ago.
            4 => self.relay_reads(any),
            5 | 6 => self.client_reads(),
            7 => {
                if let Some(ack) = self.client.consume(size)
                    && self.client_open
                {
                    self.client_out().push_back(ack);
                }
            }
            8 => {
                if let (Some(ack), Some(number)) = (self.relay.consume(size), self.relay_on) {
                    self.connections[number].to_client.push_back(ack);
                }
            }
            9 => self.dial(),
            12 if self.client_open => {
                self.client_grants = WINDOW - u32::try_from(size).unwrap();
                let frame = self.client.stream.resize(self.client_grants);
                self.client_out().push_back(frame);
            }
            // The rest of a connection is lost, and the relay notices before the client does.
            10 => {
                self.connections[any] = Connection::default();
                if self.relay_on == Some(any) {
                    self.relay_on = None;
                }
            }
            // Somebody on the way repeats a whole connection.
            11 => {
                let copy = self.connections[any].clone();
                let last = self.connections.len() - 1;
                self.connections.insert(last, copy);
                self.client_on += 1;
                if self.relay_on == Some(last) {
                    self.relay_on = Some(last + 1);
                }
            }
            _ => {}
        }
    }

    /// Lets the network be good until nothing moves any more.
    fn settle(&mut self) {
        self.dial();
        for _ in 0..200 {
            while !self.connections[self.client_on].to_relay.is_empty() {
                self.relay_reads(self.client_on);
            }
            while !self.connections[self.client_on].to_client.is_empty() {
                self.client_reads();
            }
            assert_eq!(self.relay_on, Some(self.client_on));
            let connection = &mut self.connections[self.client_on];
            self.client.consume_all(&mut connection.to_relay);
            self.relay.consume_all(&mut connection.to_client);
        }
    }
}

proptest! {
    #[test]
    fn every_sent_byte_is_delivered_once_and_in_order(
        steps in prop::collection::vec((0..14_u8, 1..9000_usize), 0..400),
    ) {
        let mut model = Model::new();
        for (kind, size) in steps {
            model.step(kind, size);
            for end in [&model.client, &model.relay] {
                prop_assert!(end.stream.kept_bytes() <= u64::from(WINDOW));
            }
        }
        model.settle();
        let connection = &mut model.connections[model.client_on];
        model.client.finish(&mut connection.to_relay);
        model.relay.finish(&mut connection.to_client);
        model.settle();
        prop_assert_eq!(model.relay.got, model.client.stream.sent());
        prop_assert_eq!(model.client.got, model.relay.stream.sent());
        for end in [&model.client, &model.relay] {
            prop_assert!(end.stream.peer_has_finished());
            prop_assert_eq!(end.stream.kept_bytes(), 0);
        }
    }
}

#[test]
fn what_was_not_received_is_sent_again_behind_the_acknowledgement() {
    let mut stream = Stream::new(WINDOW, WINDOW);
    stream.on_data(5000).unwrap();
    assert_eq!(stream.consume(5000), Ok(Some(5000)));
    stream.send(stream_of(0, 0, 100)).unwrap();
    stream.send(stream_of(0, 100, 6000)).unwrap();
    stream.send(stream_of(0, 6100, 100)).unwrap();
    stream.finish();
    assert_eq!(stream.replay(), Some(Frame::Eof));
    stream.on_ack(50).unwrap();
    stream.resume(70, WINDOW).unwrap();
    assert_eq!(stream.may_send(), 0);
    assert_eq!(stream.replay(), Some(Frame::Ack { received: 5000 }));
    let mut again = Vec::new();
    while let Some(Frame::Data(payload)) = {
        let frame = stream.replay();
        if frame == Some(Frame::Eof) {
            None
        } else {
            frame
        }
    } {
        again.extend(payload);
    }
    assert_eq!(again, stream_of(0, 70, 6130));
    assert!(!stream.is_replaying());
    assert_eq!(stream.kept_bytes(), 6150, "still not acknowledged");
}

#[test]
fn a_peer_cannot_resume_where_it_was_not() {
    let mut stream = Stream::new(WINDOW, WINDOW);
    stream.send(stream_of(0, 0, 100)).unwrap();
    stream.on_ack(60).unwrap();
    assert_eq!(
        stream.resume(59, WINDOW),
        Err(FlowError::PeerLostBytes {
            received: 59,
            acked: 60
        })
    );
    assert_eq!(
        stream.resume(101, WINDOW),
        Err(FlowError::PeerAckedUnsent {
            received: 101,
            sent: 100
        })
    );
    assert!(!stream.is_replaying(), "a refused resumption changed it");
}

#[test]
fn a_sender_keeps_no_more_than_the_limit_however_large_the_window_is() {
    let mut stream = Stream::new(u32::MAX, WINDOW);
    while stream.may_send() > 0 {
        let payload = vec![0; stream.may_send()];
        stream.send(payload.into()).unwrap();
    }
    assert_eq!(stream.kept_bytes(), u64::from(MAX_KEPT_BYTES));
    assert_eq!(
        stream.send(Bytes::from_static(b"x")),
        Err(FlowError::ApiMisuse)
    );
}

#[test]
fn data_after_the_end_is_refused_and_a_repeated_end_is_not() {
    let mut stream = Stream::new(WINDOW, WINDOW);
    stream.on_eof();
    stream.on_eof();
    assert_eq!(stream.on_data(1), Err(FlowError::PeerSentAfterEof));
}

#[test]
fn an_attempt_that_was_given_up_does_not_take_the_session() {
    let attempt = |attempt| Resume {
        session: SessionId::new([1; 16]),
        secret: SessionSecret::new([2; 32]),
        received: 0,
        window_bytes: WINDOW,
        attempt,
    };
    let mut takeover = Takeover::default();
    assert!(takeover.admits(&attempt(2)));
    assert!(!takeover.admits(&attempt(1)));
    assert!(!takeover.admits(&attempt(2)));
    assert!(takeover.admits(&attempt(3)));
    assert!(takeover.admits(&attempt(0)), "an earlier client");
}
