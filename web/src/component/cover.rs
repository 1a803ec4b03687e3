//! What stands before a terminal that has no shell yet: the way there, questions, failures.

use transom_protocol::{Command, Phase};
use yew::{Callback, Html, MouseEvent, Properties, component, html};

use crate::component::failure::FailurePanel;
use crate::component::phase_rail::PhaseRail;
use crate::component::question::QuestionView;
use crate::hook::session::{use_close_tab, use_legacy, use_restart};
use crate::hook::use_provided;
use crate::state::connection::{Connection, Contact};
use crate::state::message::{button, log_in as words};
use crate::state::steps::steps;
use crate::state::tabs::TabId;

/// Whose way it is.
#[derive(PartialEq, Properties)]
pub(crate) struct CoverProps {
    pub(crate) connection: Connection,
    pub(crate) tab: TabId,
}

/// Shows how far the connection is, and what it waits for.
#[component]
pub(crate) fn Cover(props: &CoverProps) -> Html {
    let (restart, close) = (use_restart(), use_close_tab());
    let (allow_legacy, provided) = (use_legacy(), use_provided());
    let connection = &props.connection;
    let tab = props.tab;
    let failure = connection
        .failure()
        .or(connection.shell_refused.as_ref())
        .cloned();
    let on_retry = restart.reform(move |()| tab);
    let old = failure.as_ref().and_then(|failure| {
        let place = failure.hop.as_deref().or(connection.target.as_ref())?;
        Some(place.known_hosts_name())
    });
    let old = old.filter(|name| {
        provided
            .as_ref()
            .is_some_and(|provided| !provided.settings.legacy_hosts.contains(name))
    });
    let on_legacy = old.map(|name| allow_legacy.reform(move |()| (tab, name.clone())));
    let address = connection.target.as_ref().map(ToString::to_string);
    let stop = {
        let id = connection.id.clone();
        Callback::from(move |_: MouseEvent| {
            if let Some(provided) = &provided {
                provided.sessions.send(&id, &Command::Disconnect);
            }
        })
    };
    let question = connection.questions.first().cloned();
    let waiting = question.is_none() && connection.is_connecting();
    html! {
        <div class="cover">
            <div class="card">
                if let Some(address) = address { <p class="address">{ address }</p> }
                if let (Some((number, count)), true) = (connection.hop_number(), failure.is_none()) {
                    <p class="hop" role="status">
                        { words::JUMP_HOST.with(&[
                            ("number", &number.to_string()),
                            ("count", &count.to_string()),
                            ("host", connection.asking_host()),
                        ]) }
                    </p>
                }
                <PhaseRail steps={steps(connection)} />
                if let Some(banner) = connection.banner.clone().filter(|_| failure.is_none()) {
                    <pre class="banner" aria-label={words::BANNER.say()} tabindex="0">{ banner }</pre>
                }
                if let Some(failure) = failure {
                    <FailurePanel {failure} connection={connection.clone()} {on_retry} {on_legacy} />
                } else if let Some(asked) = question {
                    <QuestionView connection={connection.id.clone()}
                        host={connection.asking_host().to_owned()} {asked} />
                } else {
                    { ended(connection, tab, &restart, &close) }
                }
                if waiting {
                    <div class="actions">
                        <button type="button" onclick={stop}>{ words::STOP.say() }</button>
                    </div>
                }
            </div>
        </div>
    }
}

/// A session that is over without a failure.
fn ended(
    connection: &Connection,
    tab: TabId,
    restart: &Callback<TabId>,
    close: &Callback<TabId>,
) -> Html {
    let words = match (connection.contact, &connection.phase) {
        (Contact::Gone, _) => words::GONE.say(),
        (Contact::Foreign, _) => words::FOREIGN.say(),
        (_, Phase::Closed { .. }) => words::ENDED.say(),
        _ => return Html::default(),
    };
    let reconnects = connection.target.is_some() && connection.contact != Contact::Foreign;
    html! {
        <section class="failure">
            <p>{ words }</p>
            <div class="actions">
                if reconnects {
                    <button type="button" class="primary"
                        onclick={restart.reform(move |_: MouseEvent| tab)}>{ button::RECONNECT.say() }</button>
                }
                <button type="button" onclick={close.reform(move |_: MouseEvent| tab)}>
                    { words::CLOSE_TAB.say() }
                </button>
            </div>
        </section>
    }
}
