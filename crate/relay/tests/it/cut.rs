//! A long stream over a network that breaks again and again arrives as it was sent.

use core::net::SocketAddr;
use core::time::Duration;
use std::env;

use bytes::Bytes;
use sha2::{Digest, Sha256};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::time::Instant;
use transom_testkit::{Fault, FaultProxy, Noise};
use transom_wire::{CloseReason, DEFAULT_WINDOW_BYTES};

use crate::rider::{Ends, Rider};
use crate::world::{World, server};

/// Share of the stream that may be sent again, besides one window for each cut.
const SENT_AGAIN_PERCENT: u64 = 5;

/// How much to do. `TRANSOM_CUTS=200 TRANSOM_CUT_MIB=256` is the long run.
#[derive(Clone, Copy)]
struct Plan {
    cuts: u64,
    bytes_each_way: u64,
}

impl Plan {
    fn of_this_run() -> Self {
        let number = |name, otherwise| {
            let text = env::var(name).ok();
            text.map_or(otherwise, |text: String| text.parse().unwrap())
        };
        Self {
            cuts: number("TRANSOM_CUTS", 16),
            bytes_each_way: number("TRANSOM_CUT_MIB", 16) * 1024 * 1024,
        }
    }

    /// Faults at random bytes, each kind as often as the others.
    fn faults(self) -> Vec<(u64, Fault)> {
        let mut chance = Noise::new(3);
        let kinds = [
            Fault::Reset,
            Fault::Close,
            Fault::Silence,
            Fault::Pause(Duration::from_millis(600)),
        ];
        // Not in the greeting, and early enough that all come.
        let (first, last) = (2000, self.bytes_each_way * 2 * 9 / 10);
        let mut places: Vec<u64> = (0..self.cuts)
            .map(|_| first + chance.below(last - first))
            .collect();
        places.sort_unstable();
        places.into_iter().zip(kinds.into_iter().cycle()).collect()
    }
}

/// A server that sends noise and hears until the end; it tells both digests.
async fn noisy(bytes: u64) -> (SocketAddr, UnboundedReceiver<[[u8; 32]; 2]>) {
    let (sender, digests) = unbounded_channel();
    let address = server(move |stream| {
        let sender = sender.clone();
        async move {
            let (mut input, mut output) = stream.into_split();
            let speaking = tokio::spawn(async move {
                let (mut noise, mut left) = (Noise::new(1), bytes);
                while left > 0 {
                    let piece = left.min(50_000);
                    left -= piece;
                    let piece = noise.take(usize::try_from(piece).unwrap());
                    output.write_all(&piece).await.unwrap();
                }
                output.shutdown().await.unwrap();
                noise.digest()
            });
            let (mut heard, mut buffer) = (Sha256::new(), vec![0; 65_536]);
            loop {
                match input.read(&mut buffer).await.unwrap() {
                    0 => break,
                    count => heard.update(buffer.get(..count).unwrap()),
                }
            }
            let said = speaking.await.unwrap();
            let _ = sender.send([said, heard.finalize().into()]);
        }
    })
    .await;
    (address, digests)
}

/// The client's side of the stream.
struct NoisyEnds {
    noise: Noise,
    left: u64,
    heard: Sha256,
}

impl Ends for NoisyEnds {
    fn source(&mut self, limit: usize) -> Bytes {
        let bytes = self.left.min(limit.try_into().unwrap()).min(40_000);
        self.left -= bytes;
        self.noise.take(usize::try_from(bytes).unwrap()).into()
    }

    fn sink(&mut self, bytes: &[u8]) {
        self.heard.update(bytes);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stream_arrives_as_it_was_sent_however_often_its_way_breaks() {
    let plan = Plan::of_this_run();
    let world = World::open().await;
    let (target, mut digests) = noisy(plan.bytes_each_way).await;
    let proxy = FaultProxy::start(world.address).await.unwrap();
    proxy.plan(plan.faults());
    let begun = Instant::now();
    let mut rider = Rider::open(proxy.address(), world.address, target).await;
    let mut ends = NoisyEnds {
        noise: Noise::new(2),
        left: plan.bytes_each_way,
        heard: Sha256::new(),
    };
    let reason = rider.run(&mut ends).await;
    assert_eq!(reason, CloseReason::Finished);
    let [said, heard] = digests.recv().await.unwrap();
    let ours: [u8; 32] = ends.heard.finalize().into();
    assert_eq!(ours, said, "down");
    assert_eq!(heard, ends.noise.digest(), "up");
    assert_eq!(proxy.faults(), plan.cuts);

    let trip = rider.trip;
    let unique = plan.bytes_each_way * 2;
    // What the proxy took besides the stream: both directions' repetitions, frames and headers.
    let besides = proxy.taken() - unique;
    println!(
        "{} MiB each way, {} faults, {} resumptions, {} bytes sent again by the client, \
         {besides} bytes besides the stream ({} per 10 000), {:.1} s",
        plan.bytes_each_way >> 20,
        plan.cuts,
        trip.resumes,
        trip.sent_again,
        10_000 * besides / unique,
        begun.elapsed().as_secs_f64(),
    );
    let share = plan.bytes_each_way * SENT_AGAIN_PERCENT / 100;
    let allowed = |window: u32| share + plan.cuts * u64::from(window);
    let (up, down) = (
        allowed(rider.granted_bytes()),
        allowed(DEFAULT_WINDOW_BYTES),
    );
    assert!(trip.sent_again <= up, "{trip:?}");
    assert!(besides <= up + down, "{besides} bytes");
}
