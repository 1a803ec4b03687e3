//! From a listener to requests: accepts connections, bounds them, and reads their heads.

use core::convert::Infallible;
use core::net::SocketAddr;
use core::pin::pin;
use core::time::Duration;
use std::io;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::time::{sleep, timeout};
use tower_service::Service;

use crate::access::{Access, Entry};
use crate::session::{Stop, draining};
use crate::tls::Tls;

/// Pause after the system refused to accept, mostly because too many files are open. Sessions
/// that end meanwhile give some back.
const REFUSED_PAUSE: Duration = Duration::from_millis(20);

/// Refusals in a row between two lines in the log.
const REFUSALS_PER_LINE: u32 = 100;

/// Time that one connection may load the page for. Sessions have left it before.
const PAGE_DEADLINE: Duration = Duration::from_mins(5);

/// Bytes of the head of a request, and of what is written at once. hyper takes no less.
const HTTP_BUFFER_BYTES: usize = 16 * 1024;

/// Where a request came from; each one carries it.
#[derive(Clone, Debug)]
pub(crate) struct Arrival {
    pub(crate) peer: SocketAddr,
    /// The connection's place.
    pub(crate) entry: Entry,
}

/// What every connection is given.
pub(crate) struct Door {
    pub(crate) router: Router,
    pub(crate) access: Arc<Access>,
    pub(crate) tls: Option<Arc<Tls>>,
    /// For TLS, and again for the head of a request.
    pub(crate) deadline: Duration,
}

/// Accepts until the relay stops. Connections run on by themselves; each holds a receiver of
/// `stopping` until it is over.
pub(crate) async fn listen(
    listener: TcpListener,
    door: Arc<Door>,
    stopping: watch::Receiver<Stop>,
) {
    let mut stop = pin!(draining(stopping.clone()));
    let spare = &door.access.spare;
    let mut refusals = 0;
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut stop => return,
        };
        match accepted {
            Ok((stream, peer)) => {
                refusals = 0;
                spare.restore().await;
                // Beyond the limits it is closed at once: an answer would cost more.
                if let Some(entry) = door.access.enter(peer.ip()) {
                    let arrival = Arrival { peer, entry };
                    tokio::spawn(connection(
                        stream,
                        arrival,
                        Arc::clone(&door),
                        stopping.clone(),
                    ));
                }
            }
            Err(error) => {
                if refused(&error, &mut refusals) {
                    if spare.refuse(&listener).await.is_ok() {
                        door.access.metrics.dropped();
                    }
                    sleep(REFUSED_PAUSE).await;
                }
            }
        }
    }
}

/// Whether the system refuses to accept anything. Otherwise the error belongs to one connection.
fn refused(error: &io::Error, refusals: &mut u32) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    if matches!(
        error.kind(),
        ConnectionAborted | ConnectionRefused | ConnectionReset
    ) {
        return false;
    }
    if refusals.is_multiple_of(REFUSALS_PER_LINE) {
        tracing::error!(%error, "cannot accept connections at the moment");
    }
    *refusals = refusals.wrapping_add(1);
    true
}

async fn connection(
    stream: TcpStream,
    arrival: Arrival,
    door: Arc<Door>,
    stopping: watch::Receiver<Stop>,
) {
    // Without it everything works, later.
    let _ = stream.set_nodelay(true);
    let Some(tls) = &door.tls else {
        requests(stream, arrival, &door, stopping).await;
        return;
    };
    // Whoever does not finish it in time is scanning, or has no TLS.
    if let Ok(Ok(stream)) = timeout(door.deadline, tls.accept(stream)).await {
        requests(stream, arrival, &door, stopping).await;
    }
}

async fn requests<S>(stream: S, arrival: Arrival, door: &Door, stopping: watch::Receiver<Stop>)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let router = door.router.clone();
    let service = service_fn(move |request: Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(arrival.clone());
        // A router is always ready, and each request needs its own.
        let answer = router.clone().call(request);
        async move { Ok::<_, Infallible>(answer.await.unwrap_or_else(|never| match never {})) }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(door.deadline)
        .max_buf_size(HTTP_BUFFER_BYTES)
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades();
    let mut connection = pin!(timeout(PAGE_DEADLINE, connection));
    // What goes wrong is the client's business; a session has left the connection before.
    let mut stop = pin!(draining(stopping.clone()));
    tokio::select! {
        _ = connection.as_mut() => {}
        () = &mut stop => {
            // The answer that is on its way still leaves.
            let _ = timeout(door.deadline, connection).await;
        }
    }
    drop(stopping);
}
