//! A short run of every fuzz target's oracle.

use core::time::Duration;

use anyhow::Result;
use bytes::Bytes;
use transom_keys::{PrivateKey, SignatureAlgorithm};
use transom_sftp::codec::{Init, Request, RequestId, Response, Status};
use transom_testkit::{Noise, make_key, oracle};
use transom_wire::{
    Close, CloseReason, Frame, Host, Notice, NoticeKind, Open, Opened, Resume, Resumed, SessionId,
    SessionSecret, Ticket,
};

/// Mutations of each example.
const MUTATIONS: u64 = 2000;

/// Changes an example a little: cuts it, repeats a part, flips bits, puts in lengths that lie.
fn mutated(example: &[u8], chance: &mut Noise) -> Vec<u8> {
    let mut bytes = example.to_vec();
    for _ in 0..=chance.below(3) {
        let place = |chance: &mut Noise, bytes: &[u8]| {
            let places = u64::try_from(bytes.len()).unwrap() + 1;
            usize::try_from(chance.below(places)).unwrap()
        };
        let at = place(chance, &bytes);
        match chance.below(5) {
            0 => bytes.truncate(at),
            1 => {
                let part = bytes[at..].to_vec();
                bytes.extend(part);
            }
            2 => bytes.insert(at, u8::MAX),
            3 => bytes.extend(chance.take(at)),
            _ => {
                if let Some(byte) = bytes.get_mut(at) {
                    *byte ^= 1 << chance.below(8);
                }
            }
        }
    }
    bytes
}

fn run(examples: &[Vec<u8>], oracle: impl Fn(&[u8])) {
    let mut chance = Noise::new(11);
    for example in examples {
        oracle(example);
        for _ in 0..MUTATIONS {
            oracle(&mutated(example, &mut chance));
        }
    }
}

fn frames() -> Vec<Vec<u8>> {
    let (session, secret) = (SessionId::new([1; 16]), SessionSecret::new([2; 32]));
    let frames = [
        Frame::Open(Open {
            host: Host::new("web-1").unwrap(),
            port: 22,
            ticket: Some(Ticket::new("a.b.c").unwrap()),
            window_bytes: 1 << 20,
        }),
        Frame::Opened(Opened {
            session,
            secret: secret.clone(),
            window_bytes: 1 << 20,
            grace: Duration::from_mins(2),
            address: Some("[fd00::1]:22".parse().unwrap()),
            takes_window: true,
        }),
        Frame::Resume(Resume {
            session,
            secret,
            received: 1024,
            window_bytes: 1 << 20,
            attempt: 3,
        }),
        Frame::Resumed(Resumed {
            received: 512,
            window_bytes: 1 << 20,
        }),
        Frame::Data(Bytes::from_static(b"SSH-2.0-")),
        Frame::Ack { received: 65_536 },
        Frame::Eof,
        Frame::Close(Close::new(CloseReason::Finished, "done")),
        Frame::Ping(7),
        Frame::Pong(7),
        Frame::Notice(Notice {
            kind: NoticeKind::IDLE,
            after: Duration::from_mins(1),
            detail: "soon".to_owned(),
        }),
    ];
    frames.iter().map(|frame| frame.encode().to_vec()).collect()
}

#[test]
fn no_message_breaks_the_relay_protocol() {
    run(&frames(), oracle::wire_frame);
}

#[test]
fn no_steps_break_the_account_of_a_session() {
    let mut chance = Noise::new(5);
    let scripts: Vec<_> = (1..20).map(|steps| chance.take(steps * 60)).collect();
    run(&scripts, oracle::wire_stream);
}

#[test]
fn no_packet_breaks_sftp() {
    let id = RequestId(7);
    let packets = [
        Init::default().encode(),
        Response::Status {
            status: Status::from_code(2),
            message: b"no such file".to_vec().into(),
        }
        .encode(id),
        Response::Data(Bytes::from_static(b"content")).encode(id),
        Request::Stat {
            path: Bytes::from_static(b"/srv/release.tgz"),
        }
        .encode(id),
    ];
    let bodies: Vec<_> = packets.iter().map(|packet| packet[4..].to_vec()).collect();
    run(&bodies, oracle::sftp_packet);
}

fn string(bytes: &[u8]) -> Vec<u8> {
    let length = u32::try_from(bytes.len()).unwrap().to_be_bytes();
    [&length, bytes].concat()
}

/// What OpenSSH's client says to an agent: it binds the connection, and has a log-in signed.
fn agent_messages(host: &PrivateKey) -> [Vec<u8>; 3] {
    let blob = host.public_key().to_blob();
    let way = SignatureAlgorithm::Ed25519;
    let signature = way.encode(&host.sign(way, b"session").unwrap());
    let parts = [
        b"session-bind@openssh.com",
        blob.as_slice(),
        b"session",
        &signature,
    ];
    let bind = [vec![27], parts.map(string).concat(), vec![0]].concat();
    let mut data = [string(b"session"), vec![50], string(b"ops")].concat();
    let method = b"publickey-hostbound-v00@openssh.com";
    data.extend([string(b"ssh-connection"), string(method), vec![1]].concat());
    data.extend([string(b"ssh-ed25519"), string(&blob), string(&blob)].concat());
    let sign = [vec![13], string(&blob), string(&data), vec![0; 4]].concat();
    [vec![11], bind, sign]
}

#[test]
fn no_program_gets_more_of_an_agent_than_it_proved() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let file = make_key(folder.path(), "host", &["-t", "ed25519"], "")?;
    let host = PrivateKey::parse(&file.private()?, None)?;
    let [identities, bind, sign] = agent_messages(&host);
    let script = |messages: &[&Vec<u8>]| -> Vec<u8> {
        let framed = messages.iter().map(|message| {
            let length = u16::try_from(message.len()).unwrap().to_be_bytes();
            [&length, message.as_slice()].concat()
        });
        framed.collect::<Vec<_>>().concat()
    };
    let scripts = [
        script(&[&identities, &bind, &sign]),
        script(&[&sign, &bind, &bind, &sign]),
    ];
    run(&scripts, oracle::agent_talk);
    Ok(())
}
