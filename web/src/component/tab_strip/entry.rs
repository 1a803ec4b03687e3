//! One tab of the strip: its name, how its terminal is, and a field to rename it.

use transom_protocol::{ExitStatus, Phase};
use web_sys::HtmlInputElement;
use yew::{
    Callback, FocusEvent, Html, InputEvent, KeyboardEvent, MouseEvent, Properties, TargetCast,
    classes, component, html, use_effect_with, use_mut_ref, use_node_ref, use_state,
};

use crate::component::icon::{Glyph, Icon};
use crate::hook::drag::{Dragged, Grip, use_grip};
use crate::hook::session::{use_close_group, use_raise};
use crate::hook::use_provided;
use crate::service::pane;
use crate::state::connection::Connection;
use crate::state::groups::{Group, GroupId};
use crate::state::message::tabs as words;
use crate::state::osc::Progress;
use crate::state::tabs::{Arrangement, Tab};
use crate::state::workspace::Action;

/// Which tab.
#[derive(PartialEq, Properties)]
#[expect(clippy::struct_excessive_bools, reason = "none depends on another")]
pub(super) struct EntryProps {
    pub(super) group: Group,
    /// The terminal that has the keyboard in it.
    pub(super) tab: Tab,
    pub(super) connection: Connection,
    pub(super) front: bool,
    /// A terminal of it rang behind.
    pub(super) bell: bool,
    pub(super) renaming: bool,
    /// A dragged tab would go before it.
    pub(super) gap: bool,
    pub(super) on_drag: Callback<(GroupId, Dragged)>,
}

/// Shows a tab; a shape and a word say how it is.
#[component]
pub(super) fn Entry(props: &EntryProps) -> Html {
    let (raise, close, provided) = (use_raise(), use_close_group(), use_provided());
    let EntryProps {
        group,
        tab,
        connection,
        ..
    } = props;
    let (id, focus) = (group.id, group.focus);
    let host = connection.host();
    let host = if host.is_empty() { "session" } else { host };
    let state = state(tab, connection);
    let Grip {
        on_down,
        on_move,
        on_up,
        on_cancel,
    } = use_grip(props.on_drag.reform(move |dragged| (id, dragged)), false);
    let arrange = Callback::from(move |arrangement: Arrangement| {
        if let Some(provided) = &provided {
            provided.workspace.dispatch(Action::Arranged(arrangement));
        }
    });
    let rename = arrange.reform(move |_: MouseEvent| Arrangement::Rename(id));
    let on_name = arrange.reform(move |name| Arrangement::Named { group: id, name });
    let count = group.tree.leaves().len();
    let named = !group.name.is_empty();
    html! {
        <li class={classes!("tab", props.front.then_some("front"), state.class(),
                props.gap.then_some("gap"))}
            onpointerdown={on_down} onpointermove={on_move} onpointerup={on_up}
            onpointercancel={on_cancel} onkeydown={keys(id, &arrange, props.front)}>
            if props.renaming {
                <NameField name={group.name.to_string()} host={host.to_owned()} {on_name} />
            } else {
                <button type="button" class="tab-name" aria-current={props.front.then_some("true")}
                    ondblclick={rename} onclick={raise.reform(move |_: MouseEvent| focus)}>
                    <span class="tab-state" aria-hidden="true">{ state.shape() }</span>
                    <span class="unseen">{ state.label() }{ " " }</span>
                    if named {
                        <bdi class="tab-host">{ group.name.clone() }</bdi>
                        <span class="tab-title">{ host.to_owned() }</span>
                    } else {
                        <span class="tab-host">{ host.to_owned() }</span>
                        if !tab.title.is_empty() {
                            <bdi class="tab-title">{ tab.title.clone() }</bdi>
                        }
                    }
                    if count > 1 {
                        <span class="tab-count" aria-hidden="true">{ count }</span>
                        <span class="unseen">{ " " }{ words::PANES.counted(u64::try_from(count).unwrap_or(0), &[]) }</span>
                    }
                    if tab.progress != Progress::Idle { { bar(tab.progress) } }
                    if tab.taped { <span class="tab-recording">{ words::RECORDING.say() }</span> }
                    if props.bell { <span class="tab-bell">{ words::BELL.say() }</span> }
                </button>
            }
            <button type="button" class="icon-button" data-still=""
                aria-label={words::CLOSE_IT.with(&[("host", host)])}
                onclick={close.reform(move |_: MouseEvent| id)}>
                <Icon glyph={Glyph::Cross} />
            </button>
        </li>
    }
}

/// F2 renames a tab, as files are renamed in most programs.
fn keys(id: GroupId, arrange: &Callback<Arrangement>, front: bool) -> Callback<KeyboardEvent> {
    let arrange = arrange.clone();
    Callback::from(move |event: KeyboardEvent| {
        if event.key() == "F2" && front {
            event.prevent_default();
            arrange.emit(Arrangement::Rename(id));
        }
    })
}

#[derive(PartialEq, Properties)]
struct NameFieldProps {
    name: String,
    host: String,
    on_name: Callback<Option<String>>,
}

/// Takes a name. Enter and leaving keep it, Escape does not.
#[component]
fn NameField(props: &NameFieldProps) -> Html {
    let node = use_node_ref();
    let field = node.clone();
    // A title that changes draws the tab anew, and with it this field.
    let typed = use_state(|| props.name.clone());
    use_effect_with((), move |()| {
        if let Some(field) = field.cast::<HtmlInputElement>() {
            // An element on the page can take the focus.
            let _ = field.focus();
            field.select();
        }
    });
    // Once it is told it is not told again: an input that goes loses the keyboard, too.
    let told = use_mut_ref(|| false);
    let on_name = props.on_name.clone();
    let tell = Callback::from(move |name: Option<String>| {
        if !told.replace(true) {
            on_name.emit(name);
        }
    });
    let left = tell.clone();
    let onkeydown = Callback::from(move |event: KeyboardEvent| {
        event.stop_propagation();
        let field = || event.target_dyn_into::<HtmlInputElement>();
        match event.key().as_str() {
            "Enter" => tell.emit(field().map(|field| field.value())),
            "Escape" => tell.emit(None),
            _ => return,
        }
        pane::focus_front();
    });
    let onblur = Callback::from(move |event: FocusEvent| {
        let field = event.target_dyn_into::<HtmlInputElement>();
        left.emit(field.map(|field| field.value()));
    });
    let setter = typed.setter();
    let oninput = Callback::from(move |event: InputEvent| {
        setter.set(event.target_unchecked_into::<HtmlInputElement>().value());
    });
    html! {
        <input ref={node} class="tab-rename" aria-label={words::NAME.say()} maxlength="60"
            value={(*typed).clone()} placeholder={props.host.clone()} {oninput} {onkeydown} {onblur} />
    }
}

/// How far a program in a tab is.
fn bar(progress: Progress) -> Html {
    let failed = matches!(progress, Progress::Failed(_));
    html! {
        <>
            <progress class={classes!("tab-progress", failed.then_some("failed"))} max="100"
                value={progress.percent().map(|percent| percent.to_string())}
                aria-label={words::PROGRESS.say()} aria-hidden="true"></progress>
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
            Self::Connecting => words::CONNECTING.say(),
            Self::Running => words::RUNNING.say(),
            Self::Finished => words::ENDED.say(),
            Self::Failed => words::FAILED.say(),
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
