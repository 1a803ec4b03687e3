//! Says that a terminal is recorded, as long as it is, and what became of it.

use yew::{Callback, Html, MouseEvent, Properties, component, html};
use yew_router::components::Link;

use crate::component::icon::{Glyph, Icon};
use crate::route::Route;
use crate::state::message::recordings as words;
use crate::state::recording::Taping;

/// What is recorded.
#[derive(PartialEq, Properties)]
pub(crate) struct RecordingBadgeProps {
    pub(crate) taping: Taping,
    pub(crate) on_stop: Callback<()>,
    /// What became of it is read.
    pub(crate) on_close: Callback<()>,
}

/// A badge over the terminal's corner.
#[component]
pub(crate) fn RecordingBadge(props: &RecordingBadgeProps) -> Html {
    let close = |on_close: &Callback<()>| {
        html! {
            <button type="button" class="icon-button" aria-label={words::CLOSE_NOTICE.say()}
                onclick={on_close.reform(|_: MouseEvent| ())}>
                <Icon glyph={Glyph::Cross} />
            </button>
        }
    };
    match &props.taping {
        Taping::Idle => Html::default(),
        Taping::Running => html! {
            <div class="recording-badge running">
                <span class="recording-dot" aria-hidden="true"></span>
                <span role="status">{ words::RECORDING.say() }</span>
                <button type="button" onclick={props.on_stop.reform(|_: MouseEvent| ())}>
                    { words::STOP.say() }
                </button>
            </div>
        },
        Taping::Kept => html! {
            <div class="recording-badge">
                <span role="status">{ words::KEPT.say() }</span>
                // Who goes there has read it.
                <span onclick={props.on_close.reform(|_: MouseEvent| ())}>
                    <Link<Route> to={Route::Recordings}>{ words::SHOW.say() }</Link<Route>>
                </span>
                { close(&props.on_close) }
            </div>
        },
        Taping::Failed(reason) => html! {
            <div class="recording-badge" role="alert">
                <span>{ words::STOPPED.with(&[("reason", reason)]) }</span>
                { close(&props.on_close) }
            </div>
        },
    }
}
