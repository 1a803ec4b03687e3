//! Chromium's DevTools protocol, for what WebDriver cannot tell.
//!
//! One WebSocket to the browser; every page and worker is attached to as it appears, and stands
//! still until its console and its requests are being watched, so nothing is missed.

mod ledger;

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail};
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

pub use ledger::{Download, Ledger, Target};

/// How long Chromium may take to answer; it answers slowly while a page floods its renderer.
const REPLY_WITHIN: Duration = Duration::from_secs(30);

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;
type Replies = Mutex<HashMap<u64, oneshot::Sender<Value>>>;

/// A connection to the browser's DevTools.
#[derive(Debug)]
pub struct Devtools {
    shared: Arc<Shared>,
    pump: JoinHandle<()>,
}

#[derive(Debug)]
struct Shared {
    out: mpsc::UnboundedSender<Message>,
    replies: Replies,
    next_id: AtomicU64,
    ledger: Mutex<Ledger>,
    /// Scripts that every page runs before its own.
    scripts: Vec<&'static str>,
}

impl Devtools {
    /// Connects to `ws://…/devtools/browser/…` and attaches to all there is and all that comes.
    ///
    /// `scripts` run in each new page before its own.
    pub async fn connect(url: &str, scripts: Vec<&'static str>) -> Result<Self> {
        let this = Self::connect_only(url, scripts).await?;
        this.call(None, "Target.setAutoAttach", attach_to_all())
            .await?;
        Ok(this)
    }

    /// Connects and attaches to nothing, so that pages and workers run as without DevTools.
    pub async fn connect_only(url: &str, scripts: Vec<&'static str>) -> Result<Self> {
        let config = WebSocketConfig::default()
            .max_message_size(Some(256 << 20))
            .max_frame_size(Some(256 << 20));
        let (socket, _) = tokio_tungstenite::connect_async_with_config(url, Some(config), true)
            .await
            .context("cannot reach the browser's DevTools")?;
        let (out, outgoing) = mpsc::unbounded_channel();
        let shared = Arc::new(Shared {
            out,
            replies: Mutex::default(),
            next_id: AtomicU64::new(1),
            ledger: Mutex::default(),
            scripts,
        });
        let pump = tokio::spawn(pump(socket, outgoing, Arc::clone(&shared)));
        Ok(Self { shared, pump })
    }

    /// Calls a method, on the target of `session` or on the browser itself.
    pub async fn call(&self, session: Option<&str>, method: &str, params: Value) -> Result<Value> {
        self.call_within(REPLY_WITHIN, session, method, params)
            .await
    }

    async fn call_within(
        &self,
        limit: Duration,
        session: Option<&str>,
        method: &str,
        params: Value,
    ) -> Result<Value> {
        let reply = self.shared.send(session, method, &params);
        let reply = tokio::time::timeout(limit, reply)
            .await
            .with_context(|| format!("DevTools did not answer {method}"))?
            .context("DevTools hung up")?;
        if let Some(error) = reply.get("error") {
            bail!("{method}: {error}");
        }
        reply
            .get("result")
            .cloned()
            .ok_or_else(|| anyhow!("{method}: neither result nor error"))
    }

    /// Evaluates an expression in a target and returns its value, awaited where it is a promise.
    pub async fn evaluate(&self, session: &str, expression: &str) -> Result<Value> {
        self.evaluate_within(REPLY_WITHIN, session, expression)
            .await
    }

    /// The same where the promise takes its time, which `limit` bounds.
    pub async fn evaluate_within(
        &self,
        limit: Duration,
        session: &str,
        expression: &str,
    ) -> Result<Value> {
        let params = json!({
            "expression": expression, "awaitPromise": true, "returnByValue": true,
        });
        let reply = self
            .call_within(limit, Some(session), "Runtime.evaluate", params)
            .await?;
        if let Some(details) = reply.get("exceptionDetails") {
            bail!("script threw: {details}");
        }
        Ok(reply
            .pointer("/result/value")
            .cloned()
            .unwrap_or(Value::Null))
    }

    /// Attaches to the first page alone, and lets it run `scripts` before its own from now on.
    ///
    /// Its session goes with it through all that it loads.
    pub async fn attach_to_page(&self, scripts: &[String]) -> Result<String> {
        let targets = self.call(None, "Target.getTargets", json!({})).await?;
        let targets = targets.pointer("/targetInfos").and_then(Value::as_array);
        let page = targets
            .into_iter()
            .flatten()
            .find(|target| target.get("type").is_some_and(|kind| kind == "page"))
            .and_then(|target| target.get("targetId"))
            .context("no page")?;
        let params = json!({ "targetId": page, "flatten": true });
        let attached = self.call(None, "Target.attachToTarget", params).await?;
        let session = attached.get("sessionId").and_then(Value::as_str);
        let session = session.context("no session")?.to_owned();
        self.call(Some(&session), "Page.enable", json!({})).await?;
        for source in scripts {
            let params = json!({ "source": source });
            let method = "Page.addScriptToEvaluateOnNewDocument";
            self.call(Some(&session), method, params).await?;
        }
        Ok(session)
    }

    /// What was seen until now.
    pub fn ledger(&self) -> MutexGuard<'_, Ledger> {
        self.shared.ledger()
    }
}

impl Drop for Devtools {
    fn drop(&mut self) {
        self.pump.abort();
    }
}

impl Shared {
    fn send(
        &self,
        session: Option<&str>,
        method: &str,
        params: &Value,
    ) -> oneshot::Receiver<Value> {
        let id = self.next_id.fetch_add(1, Ordering::Relaxed);
        let mut call = json!({ "id": id, "method": method, "params": params });
        if let (Some(session), Some(fields)) = (session, call.as_object_mut()) {
            fields.insert("sessionId".into(), session.into());
        }
        let (tell, reply) = oneshot::channel();
        lock(&self.replies).insert(id, tell);
        // A closed pump drops the reply's sender, which the caller sees.
        let _ = self.out.send(Message::text(call.to_string()));
        reply
    }

    fn ledger(&self) -> MutexGuard<'_, Ledger> {
        lock(&self.ledger)
    }

    fn take_in(&self, message: &Value) {
        if let Some(id) = message.get("id").and_then(Value::as_u64) {
            if let Some(waiting) = lock(&self.replies).remove(&id) {
                // The caller may have given up waiting.
                let _ = waiting.send(message.clone());
            }
            return;
        }
        let method = message
            .get("method")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let params = message.get("params").unwrap_or(&Value::Null);
        let session = message
            .get("sessionId")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let attached = self.ledger().take_in(session, method, params);
        if let Some(target) = attached {
            self.watch(&target);
        }
    }

    /// Switches on all that is recorded about a target, then lets it run.
    fn watch(&self, target: &Target) {
        let session = Some(target.session.as_str());
        let tell = |method: &str, params: Value| drop(self.send(session, method, &params));
        if target.kind == "page" {
            tell("Page.enable", json!({}));
            tell("Audits.enable", json!({}));
            for script in &self.scripts {
                tell(
                    "Page.addScriptToEvaluateOnNewDocument",
                    json!({ "source": script }),
                );
            }
        }
        for domain in ["Runtime.enable", "Log.enable", "Network.enable"] {
            tell(domain, json!({}));
        }
        tell("Target.setAutoAttach", attach_to_all());
        tell("Runtime.runIfWaitingForDebugger", json!({}));
    }
}

fn attach_to_all() -> Value {
    json!({ "autoAttach": true, "waitForDebuggerOnStart": true, "flatten": true })
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn pump(
    mut socket: Socket,
    mut outgoing: mpsc::UnboundedReceiver<Message>,
    shared: Arc<Shared>,
) {
    loop {
        tokio::select! {
            incoming = socket.next() => match incoming {
                Some(Ok(Message::Text(text))) => {
                    if let Ok(message) = serde_json::from_str(&text) {
                        shared.take_in(&message);
                    }
                }
                Some(Ok(_)) => {}
                Some(Err(_)) | None => break,
            },
            message = outgoing.recv() => match message {
                Some(message) => if socket.send(message).await.is_err() { break },
                None => break,
            },
        }
    }
    // Whoever still waits for a reply learns that none comes.
    lock(&shared.replies).clear();
}
