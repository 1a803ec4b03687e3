//! How many bytes pass, one way, through one stream and through a hundred.

use std::net::SocketAddr;
use std::sync::Barrier;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Result, anyhow, bail};
use transom_testkit::DelayProxy;
use transom_wire::DEFAULT_WINDOW_BYTES;

use crate::idle::silent_server;
use crate::middle::Middle;
use crate::peer::{Server, Work};
use crate::socket::{Client, PIECE_BYTES, Speech};
use crate::{Figure, Worst};

/// Measured runs of each kind; one more comes first and does not count.
const RUNS: usize = 5;

/// Bytes of one run, all streams together: half a second.
const RUN_BYTES: usize = 384 * 1024 * 1024;

/// Streams at the same time, and what the figure's name says of it.
const STREAMS: [(usize, &str); 2] = [(1, ""), (100, "-100-streams")];

/// There and back again.
const FAR_ROUND_TRIP: Duration = Duration::from_millis(50);

/// Bytes of a run over the far way: two seconds.
const FAR_BYTES: usize = 48 * 1024 * 1024;

/// Runs over the far way; one more comes first.
const FAR_RUNS: usize = 3;

/// The base of `relay-throughput`.
const COPY: &str =
    "a copy from TCP to TCP by tokio with buffers of 64 KiB, in a process of its own";

/// The base of `relay-resume-cost`.
const PLAIN: &str = "the same relay in plain mode, which keeps nothing for a resumption";

/// Which way the bytes go: `Up` is from the client to the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Direction {
    Up,
    Down,
}

impl Direction {
    pub(crate) const BOTH: [Self; 2] = [Self::Up, Self::Down];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Up => "up",
            Self::Down => "down",
        }
    }
}

/// What is carried in one run.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Load {
    direction: Direction,
    streams: usize,
    bytes: usize,
}

impl Load {
    pub(crate) fn new(direction: Direction, streams: usize) -> Self {
        Self {
            direction,
            streams,
            bytes: RUN_BYTES,
        }
    }

    /// The same with so many bytes.
    pub(crate) fn of(self, bytes: usize) -> Self {
        Self { bytes, ..self }
    }

    /// Bytes of each stream, in whole pieces.
    fn share(self) -> usize {
        self.bytes / self.streams / PIECE_BYTES * PIECE_BYTES
    }

    pub(crate) fn server(self) -> Result<Server> {
        Server::start(match self.direction {
            Direction::Up => Work::Take(self.share()),
            Direction::Down => Work::Give(self.share()),
        })
    }

    /// Megabytes per second of one run.
    pub(crate) fn run(self, server: &Server, middle: SocketAddr, speech: Speech) -> Result<f64> {
        let start = Barrier::new(self.streams);
        let client = || {
            let client = Client::open(middle, speech);
            start.wait();
            let begun = Instant::now();
            let mut client = client?;
            match self.direction {
                Direction::Up => client.send(self.share())?,
                Direction::Down => {
                    // Not before all are there: buffers would fill meanwhile.
                    client.send_once(b"go")?;
                    client.receive(self.share())?;
                }
            }
            Ok((begun, Instant::now(), client))
        };
        let clients = thread::scope(|scope| {
            let threads: Vec<_> = (0..self.streams).map(|_| scope.spawn(client)).collect();
            let joined = threads.into_iter().map(|thread| {
                let joined = thread.join();
                joined.map_err(|_| anyhow!("a client broke"))?
            });
            joined.collect::<Result<Vec<_>>>()
        })?;
        // The first to run: of many threads on few cores the last may run when most is done.
        let begun = clients.iter().map(|(begun, ..)| *begun).min();
        let taken = match self.direction {
            Direction::Up => Some(server.done(self.streams)?),
            Direction::Down => clients.iter().map(|(_, time, _)| *time).max(),
        };
        for (.., client) in clients {
            client.finish()?;
        }
        if self.direction == Direction::Down {
            server.done(self.streams)?;
        }
        let time = match (begun, taken) {
            (Some(begun), Some(taken)) => taken.duration_since(begun),
            _ => bail!("no client"),
        };
        let megabytes = f64::from(u32::try_from(self.share() * self.streams)?) / 1e6;
        Ok(megabytes / time.as_secs_f64())
    }
}

/// Runs ours and the base in turns.
fn compare(
    runs: usize,
    mut ours: impl FnMut() -> Result<f64>,
    mut base: impl FnMut() -> Result<f64>,
) -> Result<Figure> {
    let mut figure = Figure::default();
    for run in 0..=runs {
        let (ours, base) = (ours()?, base()?);
        if run > 0 {
            figure.add(ours, base);
        }
    }
    Ok(figure)
}

/// `relay-vs-websockify/…`: the relay protocol against websockify, one stream and a hundred.
pub(crate) fn against_websockify(name: &str) -> Result<()> {
    let direction = if name.ends_with("/up") {
        Direction::Up
    } else {
        Direction::Down
    };
    for (streams, suffix) in STREAMS {
        let load = Load::new(direction, streams);
        let server = load.server()?;
        let relay = Middle::relay(&[])?;
        let other = Middle::websockify(server.address)?;
        let framed = Speech::Framed(server.address);
        let figure = compare(
            RUNS,
            || load.run(&server, relay.address, framed),
            || load.run(&server, other.address, Speech::Websockify),
        )?;
        let what = format!("websockify, streams of messages of 64 KiB: {streams}");
        figure.print(&format!("{name}{suffix}"), "MB/s", &what)?;
    }
    Ok(())
}

/// `relay-throughput`: the relay protocol against a copy from TCP to TCP.
pub(crate) fn against_copy() -> Result<()> {
    let mut worst = Worst::default();
    for (streams, suffix) in STREAMS {
        for direction in Direction::BOTH {
            let load = Load::new(direction, streams);
            let server = load.server()?;
            let relay = Middle::relay(&[])?;
            let copy = Middle::copy(server.address)?;
            let framed = Speech::Framed(server.address);
            let figure = compare(
                RUNS,
                || load.run(&server, relay.address, framed),
                || load.run(&server, copy.address, Speech::Raw),
            )?;
            let name = format!("relay-throughput/{}{suffix}", direction.name());
            worst.add(figure.print(&name, "MB/s", COPY)?);
        }
    }
    worst.print("relay-throughput", "MB/s", COPY)
}

/// `relay-resume-cost`: a session that can be resumed against plain mode of the same relay, which
/// frames nothing, acknowledges nothing and keeps nothing.
pub(crate) fn resume_cost() -> Result<()> {
    let relay = Middle::relay(&[])?;
    let mut worst = Worst::default();
    for direction in Direction::BOTH {
        let load = Load::new(direction, 1);
        let server = load.server()?;
        let figure = compare(
            RUNS,
            || load.run(&server, relay.address, Speech::Framed(server.address)),
            || load.run(&server, relay.address, Speech::Plain(server.address)),
        )?;
        let name = format!("relay-resume-cost/{}", direction.name());
        worst.add(figure.print(&name, "MB/s", PLAIN)?);
    }
    worst.print("relay-resume-cost", "MB/s", PLAIN)
}

/// `relay-50ms`: against what the window lets pass in 50 ms.
pub(crate) fn far_away() -> Result<()> {
    let relay = Middle::relay(&[])?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()?;
    let proxy = runtime.block_on(DelayProxy::start(relay.address, FAR_ROUND_TRIP / 2))?;
    let asking = Client::open(relay.address, Speech::Framed(silent_server()?))?;
    let granted = asking.granted_bytes();
    let what = format!(
        "window / round trip, through a delaying proxy of 50 ms: {} MiB up, {} MiB down",
        granted >> 20,
        DEFAULT_WINDOW_BYTES >> 20
    );
    let mut worst = Worst::default();
    for direction in Direction::BOTH {
        let window = match direction {
            Direction::Up => granted,
            Direction::Down => DEFAULT_WINDOW_BYTES,
        };
        let limit = f64::from(window) / 1e6 / FAR_ROUND_TRIP.as_secs_f64();
        let load = Load {
            bytes: FAR_BYTES,
            ..Load::new(direction, 1)
        };
        let server = load.server()?;
        let framed = Speech::Framed(server.address);
        let figure = compare(
            FAR_RUNS,
            || load.run(&server, proxy.address(), framed),
            || Ok(limit),
        )?;
        let name = format!("relay-50ms/{}", direction.name());
        worst.add(figure.print(&name, "MB/s", &what)?);
    }
    worst.print("relay-50ms", "MB/s", &what)
}
