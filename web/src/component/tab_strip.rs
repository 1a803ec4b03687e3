//! The strip of tabs over all connections.

use transom_protocol::{ExitStatus, Phase};
use web_sys::Element;
use yew::{Callback, Html, MouseEvent, classes, component, html, use_effect_with, use_node_ref};

use crate::component::files::FilesButton;
use crate::component::icon::{Glyph, Icon};
use crate::hook::session::{use_close_tab, use_raise};
use crate::hook::use_provided;
use crate::state::connection::Connection;
use crate::state::osc::Progress;
use crate::state::tabs::{Tab, TabId};
use crate::state::workspace::Action;

/// Shows the tabs; a shape and a word say how each is.
#[component]
pub(crate) fn TabStrip() -> Html {
    let (raise, close) = (use_raise(), use_close_tab());
    let (node, provided) = (use_node_ref(), use_provided());
    let tabs = provided.as_ref().map(|provided| provided.workspace.tabs());
    let front = tabs.and_then(|tabs| tabs.front()).map(|tab| tab.id);
    let strip = node.clone();
    use_effect_with(front, move |_| {
        let front = strip
            .cast::<Element>()
            .and_then(|strip| strip.query_selector(".tab.front").ok().flatten());
        if let Some(front) = front {
            front.scroll_into_view();
        }
    });
    let Some(provided) = provided else {
        return Html::default();
    };
    let workspace = &provided.workspace;
    let tabs = workspace.tabs().open().iter().filter_map(|tab| {
        let connection = workspace.connection(&tab.connection)?;
        Some(entry(
            tab,
            connection,
            front == Some(tab.id),
            &raise,
            &close,
        ))
    });
    let can_add = workspace
        .front()
        .is_some_and(|connection| connection.phase == Phase::Open);
    let add = {
        let provided = provided.clone();
        Callback::from(move |_: MouseEvent| {
            if let Some(front) = provided.workspace.front() {
                let id = front.id.clone();
                provided.workspace.dispatch(Action::TabAdded(id));
            }
        })
    };
    let palette = provided.palette.setter();
    let commands = Callback::from(move |_: MouseEvent| palette.set(true));
    html! {
        <div class="tab-strip" data-region="">
            <ul ref={node} class="tabs" aria-label="Sessions">{ for tabs }</ul>
            <button type="button" class="icon-button new-tab" aria-label="New tab"
                title="New tab on the same connection (Alt+Shift+T)" disabled={!can_add}
                onclick={add}>
                <Icon glyph={Glyph::Plus} />
            </button>
            <FilesButton />
            <button type="button" class="icon-button" aria-label="Commands"
                title="Commands (F1)" onclick={commands}>
                <Icon glyph={Glyph::Command} />
            </button>
        </div>
    }
}

fn entry(
    tab: &Tab,
    connection: &Connection,
    front: bool,
    raise: &Callback<TabId>,
    close: &Callback<TabId>,
) -> Html {
    let id = tab.id;
    let host = connection.host();
    let host = if host.is_empty() { "session" } else { host };
    let state = state(tab, connection);
    html! {
        <li key={id.0} class={classes!("tab", front.then_some("front"), state.class())}>
            <button type="button" class="tab-name" aria-current={front.then_some("true")}
                onclick={raise.reform(move |_: MouseEvent| id)}>
                <span class="tab-state" aria-hidden="true">{ state.shape() }</span>
                <span class="unseen">{ state.label() }{ " " }</span>
                <span class="tab-host">{ host.to_owned() }</span>
                if !tab.title.is_empty() {
                    <bdi class="tab-title">{ tab.title.clone() }</bdi>
                }
                if tab.progress != Progress::Idle { { bar(tab.progress) } }
                if tab.taped { <span class="tab-recording">{ "recording" }</span> }
                if tab.bell { <span class="tab-bell">{ "bell" }</span> }
            </button>
            <button type="button" class="icon-button" aria-label={format!("Close {host}")}
                onclick={close.reform(move |_: MouseEvent| id)}>
                <Icon glyph={Glyph::Cross} />
            </button>
        </li>
    }
}

/// How far a program in a tab is.
fn bar(progress: Progress) -> Html {
    let failed = matches!(progress, Progress::Failed(_));
    html! {
        <>
            <progress class={classes!("tab-progress", failed.then_some("failed"))} max="100"
                value={progress.percent().map(|percent| percent.to_string())}
                aria-label="Progress" aria-hidden="true"></progress>
            <span class="unseen">{ progress.words() }</span>
        </>
    }
}

/// How a tab is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Connecting,
    Running,
    Finished,
    Failed,
}

fn state(tab: &Tab, connection: &Connection) -> State {
    match &tab.ended {
        Some(ExitStatus::Code { code: 0 }) => State::Finished,
        Some(_) => State::Failed,
        None if connection.failure().is_some() => State::Failed,
        None if matches!(connection.phase, Phase::Closed { .. }) => State::Finished,
        None if tab.shell.is_some() && connection.phase == Phase::Open => State::Running,
        None => State::Connecting,
    }
}

impl State {
    fn shape(self) -> &'static str {
        match self {
            Self::Connecting => "◌",
            Self::Running => "●",
            Self::Finished => "✓",
            Self::Failed => "✗",
        }
    }

    fn label(self) -> &'static str {
        match self {
            Self::Connecting => "connecting",
            Self::Running => "running",
            Self::Finished => "ended",
            Self::Failed => "failed",
        }
    }

    fn class(self) -> &'static str {
        match self {
            Self::Connecting => "is-connecting",
            Self::Running => "is-running",
            Self::Finished => "is-finished",
            Self::Failed => "is-failed",
        }
    }
}
