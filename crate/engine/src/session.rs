//! One session from the first packet to the last: relay, handshake, log-in, life, end.

use core::pin::pin;
use core::time::Duration;
use std::rc::Rc;
use std::sync::Arc;

use futures::FutureExt;
use futures::future::{Either, LocalBoxFuture, join_all, select};
use transom_browser::{RelayLink, monotonic, sleep};
use transom_protocol::{
    ConnectLink, ErrorCode, Event, Failure, HostKeyOffer, Phase, RelaySpec, SessionSummary, Target,
    TerminalSize, TrustRules,
};
use transom_ssh::{
    BoxFuture, Clock, Connection, Login, Negotiated, Options, handshake, window_bytes,
};

use crate::agent;
use crate::engine::Engine;
use crate::login::{LoggedIn, log_in};
use crate::trust::{HostKeys, Settled, trust_questions};
use crate::way::{Hops, Way, reach};
use crate::words;

/// The browser's clock, as the SSH client wants it.
#[derive(Debug)]
pub(crate) struct BrowserClock;

impl Clock for BrowserClock {
    fn now(&self) -> Duration {
        monotonic()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        Box::pin(sleep(duration))
    }
}

/// What a page wants: where to, and how.
#[derive(Debug)]
pub(crate) struct Wish {
    /// Where to, and as whom.
    pub(crate) target: Target,
    /// Through which relay.
    pub(crate) relay: RelaySpec,
    /// `SHA256:…` of the only host key to accept.
    pub(crate) pinned: Option<String>,
    /// What to do about host keys.
    pub(crate) trust: TrustRules,
    /// Whether programs on the server may ask for signatures.
    pub(crate) forward_agent: bool,
    /// Of the terminal, where a shell is to be opened before a page asks for it.
    pub(crate) size: Option<TerminalSize>,
}

impl Wish {
    /// What a link wishes for; `None` where it is none.
    pub(crate) fn of_link(
        link: &str,
        relay: RelaySpec,
        trust: TrustRules,
        size: Option<TerminalSize>,
    ) -> Option<Self> {
        let ConnectLink { target, pinned } = link.parse().ok()?;
        Some(Self {
            target,
            relay,
            pinned,
            trust,
            size,
            // Only a page knows what a person saved.
            forward_agent: false,
        })
    }
}

/// A session that is open, and all that it hangs on.
struct Open {
    connection: Connection,
    hops: Hops,
    link: RelayLink,
    /// What keeps known hosts up to date while it is open, one for each server, and the agent.
    followers: Vec<LocalBoxFuture<'static, ()>>,
}

/// The clock that the SSH client runs on.
pub(crate) fn clock() -> Arc<dyn Clock> {
    Arc::new(BrowserClock)
}

/// Runs a session until it ends, and tells the pages why.
///
/// # Cancel safety
///
/// Dropping it closes the connection at once.
pub(crate) async fn run(engine: Rc<Engine>, wish: Wish) {
    let failure = match connect(&engine, wish).await {
        Ok(mut open) => {
            let followers = join_all(core::mem::take(&mut open.followers));
            let failure = match select(pin!(live(&engine, &open)), followers).await {
                Either::Left((failure, _)) => failure,
                Either::Right((_, living)) => living.await,
            };
            // Nobody waits for that: a hop may be the reason why it ended.
            wasm_bindgen_futures::spawn_local(open.hops.leave());
            failure
        }
        Err(failure) => Some(failure),
    };
    engine.closed(failure);
}

async fn connect(engine: &Rc<Engine>, wish: Wish) -> Result<Open, Failure> {
    let Wish {
        target,
        relay,
        pinned,
        trust,
        forward_agent,
        ..
    } = wish;
    let stations: Vec<&Target> = target.jump.iter().chain([&target]).collect();
    // A link names the key of the server that it leads to.
    let pin = |place: usize| pinned.clone().filter(|_| place == target.jump.len());
    let first = stations.first().copied().unwrap_or(&target);
    engine.hop(target.jump.first());
    // What is stored is read while the relay connects.
    let (reached, mut host_keys) = futures::join!(
        reach(engine, first, &relay),
        HostKeys::load(first.clone(), pin(0), trust.clone())
    );
    let (mut way, link) = reached.map_err(|failure| words::at(target.jump.first(), failure))?;
    let mut hops = Hops::default();
    let mut followers = Vec::new();
    for (place, (hop, next)) in target.jump.iter().zip(stations.iter().skip(1)).enumerate() {
        let entered = enter(engine, hop, way, &link, &mut host_keys).await;
        let entered = entered.map_err(|failure| {
            let at = hops.broken(&link).unwrap_or(hop);
            words::at(Some(at), failure)
        })?;
        followers.extend(entered.follower(host_keys));
        way = hops
            .pass(engine, (hop.clone(), entered.logged_in.connection), next)
            .await?;
        engine.hop(target.jump.get(place + 1));
        host_keys = HostKeys::load((*next).clone(), pin(place + 1), trust.clone()).await;
    }
    let entered = enter(engine, &target, way, &link, &mut host_keys).await;
    let entered = entered.map_err(|failure| words::at(hops.broken(&link), failure))?;
    followers.extend(entered.follower(host_keys));
    let connection = entered.logged_in.connection.clone();
    let mut summary = entered.summary();
    if forward_agent && let Ok(listener) = connection.listen_agent() {
        summary.agent = true;
        let serving = agent::serve(Rc::clone(engine), listener, target.known_hosts_name());
        followers.push(serving.boxed_local());
    }
    engine.opened(connection.clone(), hops.last(), summary);
    Ok(Open {
        connection,
        hops,
        link,
        followers,
    })
}

/// A server that let somebody in.
struct Entered {
    logged_in: LoggedIn,
    negotiated: Negotiated,
    offer: HostKeyOffer,
    known: bool,
    authority: Option<String>,
}

impl Entered {
    /// What takes in other keys of this server. None where its key was accepted just once, or because
    /// of a certificate: OpenSSH leaves the lines alone then as well.
    fn follower(&self, host_keys: HostKeys) -> Option<LocalBoxFuture<'static, ()>> {
        let connection = self.logged_in.connection.clone();
        let is_known = self.known && self.authority.is_none();
        is_known.then(|| host_keys.follow(connection).boxed_local())
    }

    fn summary(self) -> SessionSummary {
        SessionSummary {
            server: self.negotiated.server,
            kex: self.negotiated.kex,
            cipher: self.negotiated.cipher,
            mac: self.negotiated.mac,
            host_key: self.offer,
            host_key_known: self.known,
            host_key_authority: self.authority,
            legacy: self.negotiated.legacy,
            agent: false,
            user: self.logged_in.user,
            method: self.logged_in.method.to_owned(),
        }
    }
}

/// Exchanges keys and logs in.
async fn enter(
    engine: &Rc<Engine>,
    target: &Target,
    way: Way,
    link: &RelayLink,
    host_keys: &mut HostKeys,
) -> Result<Entered, Failure> {
    engine.phase(Phase::ExchangingKeys);
    let (login, settled) = shake(engine, way, link, host_keys).await?;
    let negotiated = login.negotiated().clone();
    let logged_in = log_in(engine, login, target.clone(), link).await?;
    let Some(Settled::Accepted {
        offer,
        known,
        authority,
    }) = settled
    else {
        // The client cannot have gone on without an accepted key.
        return Err(words::failure(ErrorCode::HostKeyRefused));
    };
    Ok(Entered {
        logged_in,
        negotiated,
        offer,
        known,
        authority,
    })
}

/// Exchanges keys, while questions about the host key are answered here.
async fn shake(
    engine: &Engine,
    way: Way,
    link: &RelayLink,
    host_keys: &mut HostKeys,
) -> Result<(Login, Option<Settled>), Failure> {
    let options = Options {
        known_key_types: host_keys.algorithms(),
        host_certificates: host_keys.wants_certificate(),
        legacy: host_keys.allows_legacy(),
        window_bytes: window_bytes(way.took),
        ..Options::default()
    };
    let (trust, mut questions) = trust_questions();
    let mut settled = None;
    let shaken = {
        let shake = pin!(handshake(way.stream, options, trust, clock()));
        let answer = pin!(host_keys.answer(engine, &mut questions, &mut settled));
        match select(shake, answer).await {
            Either::Left((shaken, _)) => shaken,
            Either::Right(((), shake)) => shake.await,
        }
    };
    match (shaken, settled) {
        (Err(_), Some(Settled::Refused(failure))) => Err(failure),
        (Err(error), _) => Err(words::connect_failure(&error, link.end().as_ref())),
        (Ok(login), settled) => Ok((login, settled)),
    }
}

/// Keeps an open session alive until it ends. Returns why, unless that was in order.
async fn live(engine: &Engine, open: &Open) -> Option<Failure> {
    let Open {
        connection,
        hops,
        link,
        ..
    } = open;
    let mut closed = pin!(connection.closed().fuse());
    let cause = loop {
        // While the relay holds the session the server cannot answer, and is not asked.
        futures::select_biased! {
            cause = closed => break cause,
            () = engine.link().until(true).fuse() => {}
            () = ask_again_and_again(engine, connection).fuse() => {}
        }
        futures::select_biased! {
            cause = closed => break cause,
            () = engine.link().until(false).fuse() => {}
        }
    };
    let failure = words::close_failure(&cause, link.end().as_ref())?;
    Some(words::at(hops.broken(link), failure))
}

/// Asks whether the server is there, until it is not.
async fn ask_again_and_again(engine: &Engine, connection: &Connection) {
    let told = |round_trip: Duration| {
        engine.tell_all(&Event::RoundTrip {
            milliseconds: round_trip.as_secs_f64() * 1000.0,
        });
    };
    connection.keep_alive(told).await;
    // It has closed the connection, which is what the caller waits for.
    futures::future::pending::<()>().await;
}
