//! A program's wish to fill the clipboard (OSC 52): asked about once for each host.

use yew::{AttrValue, Callback};

use crate::service::clipboard;
use crate::service::pane::Live;
use crate::state::choice::Consent;
use crate::state::message::terminal as words;
use crate::state::settings::SettingsAction;

impl Live {
    /// A program wants `text` on the clipboard.
    pub(super) fn wants_clipboard(&self, text: String) {
        let Some(host) = self.host_and_port() else {
            return;
        };
        let consent = self.with_wants(|wants| {
            let provided = wants.provided.as_ref()?;
            provided.settings.clipboard_hosts.get(&host).copied()
        });
        match consent.flatten() {
            Some(Consent::Allow) => self.fill_clipboard(&text),
            Some(Consent::Deny) => {}
            None => {
                let text = AttrValue::from(text);
                self.with_wants(|wants| wants.clipping.set(Some(text)));
            }
        }
    }

    /// Takes the answer about `text`, and whether it holds for the host from now on.
    pub(crate) fn clipboard_answerer(&self, text: AttrValue) -> Callback<(Consent, bool)> {
        self.callback(move |live, (consent, always): (Consent, bool)| {
            live.with_wants(|wants| wants.clipping.set(None));
            if let (true, Some(host)) = (always, live.host_and_port()) {
                live.set(SettingsAction::ClipboardAnswered(host, consent));
            }
            if consent == Consent::Allow {
                live.fill_clipboard(&text);
            }
            live.focus();
        })
    }

    fn fill_clipboard(&self, text: &str) {
        let done = self.callback(|live, done: bool| {
            live.notice(if done {
                words::CLIPBOARD_DONE.say()
            } else {
                words::CLIPBOARD_BLOCKED.say()
            });
        });
        clipboard::copy(text, done);
    }

    /// Where the connection leads, without the user.
    pub(super) fn host_and_port(&self) -> Option<String> {
        let target = self.with_wants(|wants| {
            let workspace = &wants.provided.as_ref()?.workspace;
            workspace.connection(&self.connection)?.target.clone()
        });
        let target = target.flatten()?;
        Some(format!("{}:{}", target.host, target.port))
    }
}
