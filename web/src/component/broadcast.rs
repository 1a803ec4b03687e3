//! Typing into several terminals at once: the choice of them, and the bar that tells of it.

use std::collections::BTreeSet;

use transom_protocol::{Environment, Phase};
use web_sys::SubmitEvent;
use yew::{Callback, Html, MouseEvent, Properties, classes, component, html, use_state};

use crate::component::dialog::Dialog;
use crate::hook::{Provided, use_provided};
use crate::state::hosts::label;
use crate::state::message::{button, terminal as words};
use crate::state::tabs::TabId;

/// Who asks.
#[derive(PartialEq, Properties)]
pub(crate) struct BroadcastDialogProps {
    /// The terminal in front; it is always among them.
    pub(crate) tab: TabId,
    /// The chosen terminals; `None` to leave all as it is.
    pub(crate) on_done: Callback<Option<Vec<TabId>>>,
}

/// A terminal that may be chosen.
struct Offer {
    tab: TabId,
    name: String,
    environment: Environment,
}

/// Asks which terminals hear what is typed. Those of production hosts have to be chosen one by
/// one, and the button says so.
#[component]
pub(crate) fn BroadcastDialog(props: &BroadcastDialogProps) -> Html {
    let provided = use_provided();
    let offers = provided.as_ref().map(offers).unwrap_or_default();
    let chosen = use_state(|| {
        let usual = offers
            .iter()
            .filter(|offer| offer.environment != Environment::Production);
        let mut usual: BTreeSet<u32> = usual.map(|offer| offer.tab.0).collect();
        usual.insert(props.tab.0);
        usual
    });
    let careful = offers
        .iter()
        .any(|offer| offer.environment == Environment::Production && chosen.contains(&offer.tab.0));
    let onsubmit = {
        let (chosen, done) = (chosen.clone(), props.on_done.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            done.emit(Some(chosen.iter().map(|id| TabId(*id)).collect()));
        })
    };
    let row = |offer: &Offer| {
        let (id, chosen) = (offer.tab.0, chosen.clone());
        let on = chosen.contains(&id);
        let onchange = Callback::from(move |_: yew::Event| {
            let mut next = (*chosen).clone();
            if !next.remove(&id) {
                next.insert(id);
            }
            chosen.set(next);
        });
        html! {
            <label key={id} class="choice">
                <input type="checkbox" checked={on} disabled={offer.tab == props.tab} {onchange} />
                <bdi>{ offer.name.clone() }</bdi>
                if offer.environment != Environment::Development {
                    <strong>{ label(offer.environment) }</strong>
                }
            </label>
        }
    };
    let count = chosen.len();
    html! {
        <Dialog title={words::BROADCAST.say()} on_cancel={props.on_done.reform(|()| None)}>
            <form {onsubmit}>
                <p>{ words::BROADCAST_WHAT.say() }</p>
                <fieldset class="broadcast-list">
                    <legend class="unseen">{ words::TERMINALS.say() }</legend>
                    { for offers.iter().map(row) }
                </fieldset>
                if careful {
                    <p class="refusal" role="alert">{ words::BROADCAST_CARE.say() }</p>
                }
                <div class="actions">
                    <button type="button" autofocus=true
                        onclick={props.on_done.reform(|_: MouseEvent| None)}>{ button::CANCEL.say() }</button>
                    <button type="submit" class={classes!(if careful { "danger" } else { "primary" })}
                        disabled={count < 2}>
                        { if careful {
                            words::BROADCAST_TO_CARE.with(&[("n", &count.to_string())])
                        } else {
                            words::BROADCAST_TO.with(&[("n", &count.to_string())])
                        } }
                    </button>
                </div>
            </form>
        </Dialog>
    }
}

/// Every terminal with a running shell.
fn offers(provided: &Provided) -> Vec<Offer> {
    let workspace = &provided.workspace;
    let tabs = workspace.tabs().open().iter();
    let running = tabs.filter(|tab| tab.shell.is_some() && tab.ended.is_none());
    running
        .enumerate()
        .filter_map(|(place, tab)| {
            let connection = workspace.connection(&tab.connection)?;
            let saved = connection
                .target
                .as_ref()
                .and_then(|target| provided.hosts.of(target));
            (connection.phase == Phase::Open).then(|| Offer {
                tab: tab.id,
                name: format!("{}. {} {}", place + 1, connection.host(), tab.title)
                    .trim_end()
                    .to_owned(),
                environment: saved.map(|host| host.environment).unwrap_or_default(),
            })
        })
        .collect()
}

/// How many terminals hear it.
#[derive(PartialEq, Properties)]
pub(crate) struct BroadcastBarProps {
    pub(crate) count: usize,
    pub(crate) on_leave: Callback<()>,
    pub(crate) on_stop: Callback<()>,
}

/// Stands over every terminal that hears what is typed in another one.
#[component]
pub(crate) fn BroadcastBar(props: &BroadcastBarProps) -> Html {
    let words = words::TYPING_TO.with(&[("n", &props.count.to_string())]);
    html! {
        <div class="broadcast-bar">
            <strong role="status">{ words }</strong>
            <button type="button" onclick={props.on_leave.reform(|_: MouseEvent| ())}>
                { words::LEAVE_OUT.say() }
            </button>
            <button type="button" onclick={props.on_stop.reform(|_: MouseEvent| ())}>
                { words::STOP_BROADCAST.say() }
            </button>
        </div>
    }
}
