//! The line under everything: how the session is, and why it can be trusted.

use yew::{Html, component, html};

use crate::component::trust_strip::TrustStrip;
use crate::hook::use_provided;
use crate::state::message::status as text;
use crate::state::words;

/// Says where the session in front stands.
#[component]
pub(crate) fn StatusLine() -> Html {
    let provided = use_provided();
    let front = provided
        .as_ref()
        .and_then(|provided| provided.workspace.front());
    let Some(connection) = front else {
        return Html::default();
    };
    let facts = connection.session.as_ref().map(|session| {
        let trust = if session.host_key_known {
            text::KNOWN.say()
        } else {
            text::ONCE.say()
        };
        format!("{} {trust}", session.host_key.kind)
    });
    let round_trip = connection
        .round_trip_ms
        .map(|milliseconds| format!("{milliseconds:.0} ms"));
    html! {
        <footer class="status-line" data-region="">
            <TrustStrip connection={connection.clone()} />
            <span class="state" role="status">{ words::status(connection) }</span>
            if let Some(facts) = facts { <span class="fact">{ facts }</span> }
            if let Some(round_trip) = round_trip {
                <span class="fact" title={text::ROUND_TRIP.say()}>{ round_trip }</span>
            }
        </footer>
    }
}
