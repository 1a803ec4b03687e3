//! Where there is room for one pane only: which of the tab's panes is seen.

use gloo_timers::future::TimeoutFuture;
use yew::{Callback, Html, MouseEvent, Properties, component, html, use_state_eq};

use crate::component::dialog::Dialog;
use crate::hook::session::use_focus;
use crate::hook::{Provided, use_provided};
use crate::service::pane;
use crate::state::message::{button, tabs as words, terminal};
use crate::state::tabs::TabId;

/// The panes of the tab in front.
#[derive(PartialEq, Properties)]
pub(crate) struct PaneSwitchProps {
    /// In the order in which they are numbered.
    pub(crate) leaves: Vec<TabId>,
    /// The one that is seen.
    pub(crate) focus: TabId,
}

/// A button that shows the panes in a sheet; a tap on one goes there.
#[component]
pub(crate) fn PaneSwitch(props: &PaneSwitchProps) -> Html {
    let (provided, focus) = (use_provided(), use_focus());
    let open = use_state_eq(|| false);
    let Some(provided) = provided else {
        return Html::default();
    };
    let place = props.leaves.iter().position(|leaf| *leaf == props.focus);
    let place = place.map_or(1, |place| place + 1).to_string();
    let total = props.leaves.len().to_string();
    let name = words::SWITCH_AT.with(&[("n", &place), ("total", &total)]);
    let set = |on: bool| {
        let setter = open.setter();
        Callback::from(move |_: MouseEvent| setter.set(on))
    };
    let cancel = open.setter();
    let choose = {
        let (setter, now) = (open.setter(), props.focus);
        Callback::from(move |id: TabId| {
            setter.set(false);
            let focus = focus.clone();
            wasm_bindgen_futures::spawn_local(async move {
                // Once the sheet is gone, which gives the keyboard back to the button.
                TimeoutFuture::new(0).await;
                if id == now {
                    pane::focus_front();
                } else {
                    focus.emit(id);
                }
            });
        })
    };
    let entries = props.leaves.iter().enumerate();
    let entries = entries.map(|(number, id)| {
        let here = *id == props.focus;
        entry(&provided, *id, number + 1, here, &choose)
    });
    html! {
        <>
            <button type="button" class="pane-switch" aria-label={name}
                title={words::SWITCH.say()} aria-haspopup="dialog"
                data-place={format!("{place}/{total}")} onclick={set(true)} />
            if *open {
                <Dialog title={words::SWITCH.say()} class="pane-sheet"
                    on_cancel={Callback::from(move |()| cancel.set(false))}>
                    <ul>{ for entries }</ul>
                    <button type="button" class="quiet" onclick={set(false)}>{ button::CLOSE.say() }</button>
                </Dialog>
            }
        </>
    }
}

fn entry(
    provided: &Provided,
    id: TabId,
    number: usize,
    here: bool,
    choose: &Callback<TabId>,
) -> Html {
    let workspace = &provided.workspace;
    let tab = workspace.tabs().get(id);
    let host = tab.and_then(|tab| workspace.connection(&tab.connection));
    let host = host.map(|connection| connection.host().to_owned());
    let title = tab.map(|tab| tab.title.clone()).unwrap_or_default();
    let name = terminal::TERMINAL_NUMBER.with(&[("number", &number.to_string())]);
    let onclick = choose.reform(move |_: MouseEvent| id);
    html! {
        <li key={id.0}>
            <button type="button" class="pane-choice" aria-current={here.then_some("true")} autofocus={here}
                {onclick}>
                <span class="pane-number">{ name }</span>{ " " }
                <span class="pane-host">{ host.unwrap_or_default() }</span>{ " " }
                <bdi class="pane-title">{ title }</bdi>
            </button>
        </li>
    }
}
