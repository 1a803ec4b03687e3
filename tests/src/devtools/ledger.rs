//! What the browser said, kept for the checks at the end of each test.

use std::collections::BTreeMap;

use serde_json::Value;

/// A page or worker that is attached to.
#[derive(Clone, Debug)]
pub struct Target {
    /// Names it in calls.
    pub session: String,
    /// Chromium's id for it; a page's is also its WebDriver window handle.
    pub id: String,
    /// `page`, `shared_worker`, `worker`, …
    pub kind: String,
    /// Address of its page or script.
    pub url: String,
}

/// A download as the browser's list of downloads has it.
#[derive(Clone, Debug, Default)]
pub struct Download {
    /// Names it in calls.
    pub id: String,
    /// The name that it was to have.
    pub name: String,
    /// `inProgress`, `completed` or `canceled`.
    pub state: String,
    /// Bytes that have arrived.
    pub received: f64,
    /// All of them; 0 while not known.
    pub total: f64,
}

/// All that was seen since the browser started.
#[derive(Debug, Default)]
pub struct Ledger {
    targets: BTreeMap<String, Target>,
    complaints: Vec<String>,
    console: Vec<String>,
    requests: Vec<String>,
    downloads: Vec<Download>,
}

impl Ledger {
    /// Targets that live now.
    pub fn targets(&self) -> impl Iterator<Item = &Target> {
        self.targets.values()
    }

    /// Console errors, uncaught exceptions and broken policies.
    pub fn complaints(&self) -> &[String] {
        &self.complaints
    }

    /// Every line of every console.
    pub fn console(&self) -> &[String] {
        &self.console
    }

    /// Addresses that were asked for, WebSockets included.
    pub fn requests(&self) -> &[String] {
        &self.requests
    }

    /// Downloads since they were allowed, oldest first.
    pub fn downloads(&self) -> &[Download] {
        &self.downloads
    }

    fn downloading(&mut self, params: &Value) {
        let id = text(params, "/guid");
        let Some(download) = self.downloads.iter_mut().find(|each| each.id == id) else {
            self.downloads.push(Download {
                id: id.to_owned(),
                name: text(params, "/suggestedFilename").to_owned(),
                ..Download::default()
            });
            return;
        };
        let number = |key: &str| params.get(key).and_then(Value::as_f64).unwrap_or_default();
        text(params, "/state").clone_into(&mut download.state);
        (download.received, download.total) = (number("receivedBytes"), number("totalBytes"));
    }

    /// Records one event; returns the target where it is a new one.
    pub(super) fn take_in(
        &mut self,
        session: &str,
        method: &str,
        params: &Value,
    ) -> Option<Target> {
        match method {
            "Target.attachedToTarget" => return Some(self.attached(params)),
            "Target.detachedFromTarget" => {
                self.targets.remove(text(params, "/sessionId"));
            }
            "Target.targetInfoChanged" => self.renamed(params),
            "Runtime.consoleAPICalled" => self.said(session, params),
            "Runtime.exceptionThrown" => {
                let what = text(params, "/exceptionDetails/exception/description");
                let short = text(params, "/exceptionDetails/text");
                self.complain(session, &format!("uncaught: {short} {what}"));
            }
            "Log.entryAdded" => self.logged(session, params),
            "Audits.issueAdded" => self.issue(session, params),
            "Browser.downloadWillBegin" | "Browser.downloadProgress" => self.downloading(params),
            "Network.requestWillBeSent" => self.requested(text(params, "/request/url")),
            "Network.webSocketCreated" => self.requested(text(params, "/url")),
            _ => {}
        }
        None
    }

    fn attached(&mut self, params: &Value) -> Target {
        let target = Target {
            session: text(params, "/sessionId").to_owned(),
            id: text(params, "/targetInfo/targetId").to_owned(),
            kind: text(params, "/targetInfo/type").to_owned(),
            url: text(params, "/targetInfo/url").to_owned(),
        };
        self.targets.insert(target.session.clone(), target.clone());
        target
    }

    fn renamed(&mut self, params: &Value) {
        let id = text(params, "/targetInfo/targetId");
        for target in self.targets.values_mut().filter(|target| target.id == id) {
            text(params, "/targetInfo/url").clone_into(&mut target.url);
        }
    }

    fn said(&mut self, session: &str, params: &Value) {
        let words: Vec<String> = params
            .get("args")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .map(|argument| match argument.get("value") {
                Some(Value::String(text)) => text.clone(),
                Some(value) => value.to_string(),
                None => text(argument, "/description").to_owned(),
            })
            .collect();
        let level = text(params, "/type");
        let line = format!("console.{level}: {}", words.join(" "));
        match level {
            "error" | "assert" => self.complain(session, &line),
            _ => self.console.push(line),
        }
    }

    fn logged(&mut self, session: &str, params: &Value) {
        let level = text(params, "/entry/level");
        let source = text(params, "/entry/source");
        let what = text(params, "/entry/text");
        let url = text(params, "/entry/url");
        let line = format!("{source} {level}: {what} ({url})");
        match level {
            "error" => self.complain(session, &line),
            _ => self.console.push(line),
        }
    }

    fn issue(&mut self, session: &str, params: &Value) {
        let code = text(params, "/issue/code");
        let line = format!(
            "issue {code}: {}",
            params.pointer("/issue/details").unwrap_or(params)
        );
        if code == "ContentSecurityPolicyIssue" {
            self.complain(session, &line);
        } else {
            self.console.push(line);
        }
    }

    fn requested(&mut self, url: &str) {
        self.requests.push(url.to_owned());
    }

    fn complain(&mut self, session: &str, line: &str) {
        let place = self
            .targets
            .get(session)
            .map_or("?", |target| target.kind.as_str());
        let line = format!("[{place}] {line}");
        self.console.push(line.clone());
        self.complaints.push(line);
    }
}

fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value
        .pointer(pointer)
        .and_then(Value::as_str)
        .unwrap_or_default()
}
