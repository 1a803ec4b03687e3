//! One session from the first packet to the last: relay, handshake, log-in, life, end.

use core::pin::pin;
use core::time::Duration;
use std::rc::Rc;

use futures::FutureExt;
use futures::future::{Either, select};
use transom_browser::{LinkObserver, Pipe, RelayAddress, RelayLink, dial, monotonic, sleep};
use transom_protocol::{
    ErrorCode, Event, Failure, Phase, RelayMode, RelaySpec, SessionSummary, Target,
};
use transom_ssh::{BoxFuture, Clock, Connection, Login, Options, handshake};

use crate::engine::Engine;
use crate::login::{LoggedIn, log_in};
use crate::trust::{HostKeys, Settled, trust_questions};
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

/// Runs a session until it ends, and tells the pages why.
///
/// # Cancel safety
///
/// Dropping it closes the connection at once.
pub(crate) async fn run(
    engine: Rc<Engine>,
    target: Target,
    relay: RelaySpec,
    pinned: Option<String>,
) {
    let failure = match connect(&engine, target, relay, pinned).await {
        Ok((connection, link)) => live(&engine, &connection, &link).await,
        Err(failure) => Some(failure),
    };
    engine.closed(failure);
}

async fn connect(
    engine: &Rc<Engine>,
    target: Target,
    relay: RelaySpec,
    pinned: Option<String>,
) -> Result<(Connection, RelayLink), Failure> {
    // What is stored is read while the relay connects.
    let (reached, mut host_keys) = futures::join!(
        reach(engine, &target, relay),
        HostKeys::load(target.clone(), pinned)
    );
    let (pipe, link) = reached?;
    engine.phase(Phase::ExchangingKeys);
    let (login, settled) = shake(engine, pipe, &link, &mut host_keys).await?;
    let negotiated = login.negotiated().clone();
    let LoggedIn {
        connection,
        user,
        method,
    } = log_in(engine, login, target, &link).await?;
    let Some(Settled::Accepted { offer, known }) = settled else {
        // The client cannot have gone on without an accepted key.
        return Err(words::failure(ErrorCode::HostKeyRefused));
    };
    let summary = SessionSummary {
        server: negotiated.server,
        kex: negotiated.kex,
        cipher: negotiated.cipher,
        mac: negotiated.mac,
        host_key: offer,
        host_key_known: known,
        user,
        method: method.to_owned(),
    };
    engine.opened(connection.clone(), summary);
    Ok((connection, link))
}

/// Goes through the relay to the server's port.
async fn reach(
    engine: &Rc<Engine>,
    target: &Target,
    relay: RelaySpec,
) -> Result<(Pipe, RelayLink), Failure> {
    engine.phase(Phase::ReachingRelay);
    let address = match relay.mode {
        RelayMode::Transom => RelayAddress::Transom(relay.url),
        RelayMode::Plain => RelayAddress::Plain(relay.url),
    };
    let dialed = dial(&address).await;
    let dialed = dialed.map_err(|error| words::relay_failure(&error))?;
    engine.phase(Phase::ReachingServer);
    let told = Rc::downgrade(engine);
    let observer = LinkObserver::new(move |event| {
        if let Some(engine) = told.upgrade()
            && let Some(event) = engine.link().on(event)
        {
            engine.tell_all(&event);
        }
    });
    let reached = dialed.connect(&target.host, target.port, observer).await;
    let (pipe, link) = reached.map_err(|error| words::relay_failure(&error))?;
    engine.link().begin(link.nudger());
    Ok((pipe, link))
}

/// Exchanges keys, while questions about the host key are answered here.
async fn shake(
    engine: &Engine,
    pipe: Pipe,
    link: &RelayLink,
    host_keys: &mut HostKeys,
) -> Result<(Login, Option<Settled>), Failure> {
    let options = Options {
        known_key_types: host_keys.algorithms(),
        ..Options::default()
    };
    let (trust, mut questions) = trust_questions();
    let mut settled = None;
    let shaken = {
        let shake = pin!(handshake(pipe, options, trust, Engine::clock()));
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
async fn live(engine: &Engine, connection: &Connection, link: &RelayLink) -> Option<Failure> {
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
    words::close_failure(&cause, link.end().as_ref())
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
