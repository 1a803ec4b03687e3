//! Where a person begins: one address bar, and what was open before.

mod offers;

use transom_protocol::{ParseTargetError, Target};
use web_sys::{HtmlInputElement, SubmitEvent};
use yew::{
    AttrValue, Callback, Html, Properties, component, html, use_effect_with, use_node_ref,
    use_state,
};
use yew_router::hooks::use_location;

use crate::component::hosts::SavedHosts;
use crate::hook::session::{Wish, use_connect};
use crate::hook::use_provided;
use crate::page::home::offers::Offers;
use crate::state::message::home as text;
use crate::state::words;

/// What Home may begin with.
#[derive(PartialEq, Properties)]
pub(crate) struct HomeProps {
    /// An address from a link, which could not be used.
    #[prop_or_default]
    pub(crate) address: Option<AttrValue>,
}

/// Asks where to connect.
#[component]
pub(crate) fn Home(props: &HomeProps) -> Html {
    let (connect, provided) = (use_connect(), use_provided());
    let input = use_node_ref();
    let linked = props.address.as_ref().map(ToString::to_string);
    let edited = use_location().and_then(|location| location.state::<String>());
    let begin = linked.or(edited.map(|edited| (*edited).clone()));
    let problem = use_state(|| begin.as_deref().and_then(problem_of));
    let (focused, begun) = (input.clone(), begin.unwrap_or_default());
    use_effect_with(begun, move |begun| {
        if let Some(input) = focused.cast::<HtmlInputElement>() {
            input.set_value(begun);
            // An element on the page can take the focus.
            let _ = input.focus();
        }
    });
    let onsubmit = {
        let (input, setter) = (input.clone(), problem.setter());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let Some(input) = input.cast::<HtmlInputElement>() else {
                return;
            };
            let typed = input.value();
            let saved = provided.as_ref().and_then(|provided| {
                let host = provided.hosts.named(&typed)?;
                host.target().ok()
            });
            match saved.map_or_else(|| typed.parse::<Target>(), Ok) {
                Ok(target) => {
                    let pinned = None;
                    connect.emit(Wish { target, pinned });
                }
                Err(error) => setter.set(Some(error)),
            }
        })
    };
    let clear = {
        let setter = problem.setter();
        Callback::from(move |_: yew::InputEvent| setter.set(None))
    };
    html! {
        <main class="page home">
            <header>
                <h1>{ mark() }{ "Transom" }</h1>
                <p class="lead">{ text::LEAD.say() }</p>
            </header>
            <form class="address-bar" {onsubmit}>
                <label class="unseen" for="address">{ text::ADDRESS.say() }</label>
                <input ref={input} id="address" type="text" name="address" placeholder="user@host"
                    autocomplete="off" autocapitalize="off" autocorrect="off" spellcheck="false"
                    enterkeyhint="go" aria-describedby="address-help"
                    aria-invalid={problem.is_some().then_some("true")} oninput={clear} />
                <button type="submit" class="primary">{ text::CONNECT.say() }</button>
            </form>
            <p id="address-help" class="hint" aria-live="polite">
                if let Some(error) = *problem {
                    <span class="refusal">{ words::address_problem(error) }</span>
                } else {
                    { text::HELP.say() }
                }
            </p>
            <Offers />
            <SavedHosts />
        </main>
    }
}

/// The sign of the product, in one colour: a prompt inside of a lock.
fn mark() -> Html {
    html! {
        <svg class="mark" viewBox="0 0 32 32" width="28" height="28" fill="none" stroke="currentColor"
            stroke-width="2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">
            <path d="M10 13V9.5a6 6 0 0 1 12 0V13M8 13h16a3 3 0 0 1 3 3v9a3 3 0 0 1-3 3H8a3 3 0 0 1-3-3v-9a3 3 0 0 1 3-3zM10.5 17.5l3.5 3-3.5 3M17 24h4.5" />
        </svg>
    }
}

fn problem_of(text: &str) -> Option<ParseTargetError> {
    text.parse::<Target>().err()
}
