//! The strip under a terminal whose link is broken: the session is held, and the screen stays.

use core::time::Duration;

use gloo_timers::callback::Interval;
use transom_browser::monotonic;
use transom_protocol::{Command, LinkState};
use yew::{
    Callback, Html, MouseEvent, Properties, component, html, use_effect_with, use_memo, use_state,
};

use crate::hook::use_provided;
use crate::state::connection::Connection;
use crate::state::message::held as text;
use crate::state::words;

/// Whose link.
#[derive(PartialEq, Properties)]
pub(crate) struct HeldProps {
    pub(crate) connection: Connection,
}

/// Says that the session is held and for how long, or what the relay announces.
#[component]
pub(crate) fn Held(props: &HeldProps) -> Html {
    let connection = &props.connection;
    match (connection.link, connection.notice) {
        (
            LinkState::Held {
                attempts,
                remaining_ms,
                typed_bytes,
            },
            _,
        ) => html! {
            <Countdown connection={connection.clone()} {attempts} {remaining_ms} {typed_bytes} />
        },
        (LinkState::Connected, Some(notice)) => html! {
            <div class="notice held-notice" role="status">
                <div class="notice-words"><span>{ words::notice(notice) }</span></div>
            </div>
        },
        (LinkState::Connected, None) => Html::default(),
    }
}

#[derive(PartialEq, Properties)]
struct CountdownProps {
    connection: Connection,
    attempts: u32,
    remaining_ms: u32,
    typed_bytes: u32,
}

/// Counts down to the moment at which the relay gives the session up.
#[component]
fn Countdown(props: &CountdownProps) -> Html {
    let provided = use_provided();
    let until = *use_memo(props.remaining_ms, |remaining_ms| {
        monotonic() + Duration::from_millis(u64::from(*remaining_ms))
    });
    let left = use_state(|| props.remaining_ms / 1000);
    let setter = left.setter();
    use_effect_with(until, move |until| {
        let until = *until;
        let show = move || {
            let left = until.saturating_sub(monotonic()).as_secs();
            setter.set(u32::try_from(left).unwrap_or(u32::MAX));
        };
        show();
        let ticking = Interval::new(1000, show);
        move || drop(ticking)
    });
    let id = props.connection.id.clone();
    let command = |command: Command| {
        let (provided, id) = (provided.clone(), id.clone());
        Callback::from(move |_: MouseEvent| {
            if let Some(provided) = &provided {
                provided.sessions.send(&id, &command);
            }
        })
    };
    let attempt = match props.attempts {
        0 => text::AGAIN.say().to_owned(),
        failed => text::ATTEMPT.counted(failed.saturating_add(1).into(), &[]),
    };
    html! {
        <div class="held-frame">
            <div class="notice held" data-held="">
                <div class="notice-words">
                    <strong role="status">{ text::LOST.say() }</strong>
                    <span>{ format!("{attempt} {}. {}", words::remaining(u64::from(*left)),
                        text::KEPT.say()) }</span>
                    <span>{ words::typed_while_held(props.typed_bytes) }</span>
                </div>
                <button type="button" class="primary" onclick={command(Command::Nudge)}>
                    { text::RETRY_NOW.say() }
                </button>
                <button type="button" onclick={command(Command::Disconnect)}>{ text::GIVE_UP.say() }</button>
            </div>
        </div>
    }
}
