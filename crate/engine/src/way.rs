//! The way to a server: through the relay, then through jump hosts, each with its own key and log-in.

use core::time::Duration;
use std::rc::Rc;

use tokio::io::{AsyncRead, AsyncWrite};
use transom_browser::{LinkObserver, RelayAddress, RelayError, RelayLink, dial, monotonic};
use transom_protocol::{Failure, Phase, RelayMode, RelaySpec, SessionSummary, Target};
use transom_ssh::{CloseCause, Connection};
use transom_wire::CloseReason;

use crate::engine::Engine;
use crate::keys::SessionFacts;
use crate::words;

/// What SSH runs on: the relay's pipe, or a tunnel through the hop before. One type for both, so that
/// the SSH client is there once.
pub(crate) type Stream = Box<dyn Carrier>;

/// See [`Stream`].
pub(crate) trait Carrier: AsyncRead + AsyncWrite + Unpin + Send {}

impl<S: AsyncRead + AsyncWrite + Unpin + Send> Carrier for S {}

/// The way to a server, on which nothing was said yet.
pub(crate) struct Way {
    pub(crate) stream: Stream,
    /// How long it took to connect: a round trip to the server, and somewhat more on a busy machine.
    pub(crate) took: Duration,
}

impl Way {
    /// - `since`: when its other end was asked for, by [`monotonic`].
    fn new(stream: impl Carrier + 'static, since: Duration) -> Self {
        Self {
            stream: Box::new(stream),
            took: monotonic().saturating_sub(since),
        }
    }
}

/// Where a session leads, and how.
#[derive(Debug, Default)]
pub(crate) struct Route {
    /// Where to, and as whom.
    pub(crate) target: Option<Target>,
    /// Through which relay.
    pub(crate) relay: Option<RelaySpec>,
    /// Whether programs there may ask for signatures.
    pub(crate) forward_agent: bool,
    /// The jump host that is dealt with now.
    pub(crate) hop: Option<Target>,
    /// The last jump host, once the session is open.
    pub(crate) last_hop: Option<Connection>,
}

impl Route {
    /// What is known of an open session.
    pub(crate) fn facts(
        &self,
        connection: &Connection,
        summary: &SessionSummary,
    ) -> Option<SessionFacts> {
        Some(SessionFacts {
            target: self.target.clone()?,
            relay: self.relay.clone()?,
            last_hop: self.last_hop.clone(),
            user: summary.user.clone(),
            host_key: summary.host_key.fingerprint.clone(),
            legacy: summary.legacy,
            host_key_type: connection.negotiated().host_key.algorithm_name(),
        })
    }
}

/// Jump hosts that are passed, in their order.
#[derive(Debug, Default)]
pub(crate) struct Hops(Vec<(Target, Connection)>);

impl Hops {
    /// Goes on through `connection`, which leads to `hop`.
    ///
    /// # Errors
    ///
    /// The hop does not connect to `next`.
    pub(crate) async fn pass(
        &mut self,
        engine: &Engine,
        (hop, connection): (Target, Connection),
        next: &Target,
    ) -> Result<Way, Failure> {
        engine.phase(Phase::ReachingServer);
        let since = monotonic();
        let tunnel = connection.open_tunnel(&next.host, next.port).await;
        let tunnel =
            tunnel.map_err(|error| words::at(Some(&hop), words::tunnel_failure(&error)))?;
        self.0.push((hop, connection));
        Ok(Way::new(tunnel, since))
    }

    /// The connection to the last of them.
    pub(crate) fn last(&self) -> Option<Connection> {
        self.0.last().map(|(_, connection)| connection.clone())
    }

    /// The one whose end ended what is behind it.
    ///
    /// - `link`: the way through the relay.
    pub(crate) fn broken(&self, link: &RelayLink) -> Option<&Target> {
        use transom_browser::LinkEnd;
        match link.end() {
            Some(LinkEnd::Closed {
                reason: CloseReason::Finished | CloseReason::TargetLost,
                ..
            }) => self.0.first().map(|(hop, _)| hop),
            // The relay, or the way to it.
            Some(_) => None,
            None => {
                let ended = |(_, connection): &&(Target, Connection)| {
                    !matches!(connection.close_cause(), None | Some(CloseCause::Ours))
                };
                self.0.iter().find(ended).map(|(hop, _)| hop)
            }
        }
    }

    /// Leaves them, the last one first.
    pub(crate) async fn leave(self) {
        for (_, connection) in self.0.into_iter().rev() {
            connection.disconnect().await;
        }
    }
}

/// Goes through the relay to a server's port.
pub(crate) async fn reach(
    engine: &Rc<Engine>,
    target: &Target,
    relay: &RelaySpec,
) -> Result<(Way, RelayLink), Failure> {
    engine.phase(Phase::ReachingRelay);
    let dialed = dial(&address(relay)).await;
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
    let since = monotonic();
    let reached = dialed.connect(&target.host, target.port, observer).await;
    let (pipe, link) = reached.map_err(|error| words::relay_failure(&error))?;
    engine.link().begin(link.nudger());
    Ok((Way::new(pipe, since), link))
}

/// Goes to the server of an open session once more, without telling anybody.
///
/// # Errors
///
/// In words that are safe to show.
pub(crate) async fn reach_again(
    target: &Target,
    relay: &RelaySpec,
    last_hop: Option<&Connection>,
) -> Result<(Stream, Option<RelayLink>), String> {
    if let Some(hop) = last_hop {
        let tunnel = hop.open_tunnel(&target.host, target.port).await;
        let tunnel = tunnel.map_err(|error| error.to_string())?;
        return Ok((Box::new(tunnel), None));
    }
    let failed = |error: RelayError| error.to_string();
    let dialed = dial(&address(relay)).await.map_err(failed)?;
    let observer = LinkObserver::new(|_| {});
    let reached = dialed.connect(&target.host, target.port, observer).await;
    let (pipe, link) = reached.map_err(failed)?;
    Ok((Box::new(pipe), Some(link)))
}

fn address(relay: &RelaySpec) -> RelayAddress {
    match relay.mode {
        RelayMode::Transom => RelayAddress::Transom(relay.url.clone()),
        RelayMode::Plain => RelayAddress::Plain(relay.url.clone()),
    }
}
