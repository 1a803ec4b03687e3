//! The command palette: everything that can be done, by name.

use web_sys::{HtmlInputElement, InputEvent, KeyboardEvent, MouseEvent, SubmitEvent};
use yew::{
    Callback, Html, Properties, TargetCast, classes, component, html, use_effect_with, use_memo,
    use_node_ref, use_state,
};

use crate::component::dialog::Dialog;
use crate::hook::session::use_deed;
use crate::hook::use_provided;
use crate::service::{keyboard, storage};
use crate::state::actions::{Offer, fitting, offers};
use crate::state::message::palette as words;

/// Entries on the screen. More would have to be read; typing is quicker.
const MOST: usize = 12;

/// What a palette needs.
#[derive(PartialEq, Properties)]
pub(crate) struct PaletteProps {
    pub(crate) on_close: Callback<()>,
}

/// A text field over a list. Arrows choose, Enter does it, Esc closes.
#[component]
pub(crate) fn Palette(props: &PaletteProps) -> Html {
    let provided = use_provided();
    let all = use_memo((), |()| {
        let workspace = provided.map(|provided| provided.workspace);
        let recents = storage::recent_targets();
        workspace.map_or_else(Vec::new, |workspace| {
            offers(&workspace, &recents, &keyboard::map())
        })
    });
    let (typed, chosen) = (use_state(String::new), use_state(|| 0_usize));
    let mut shown: Vec<Offer> = fitting(&all, &typed).into_iter().cloned().collect();
    shown.truncate(MOST);
    let last = shown.len().saturating_sub(1);
    let place = (*chosen).min(last);
    let list = use_node_ref();
    let scrolled = list.clone();
    use_effect_with(place, move |_| {
        let entry = scrolled
            .cast::<web_sys::Element>()
            .and_then(|list| list.query_selector("[aria-selected=true]").ok().flatten());
        if let Some(entry) = entry {
            entry.scroll_into_view();
        }
    });
    let (deed, close) = (use_deed(), props.on_close.clone());
    let perform = Callback::from(move |offer: Offer| {
        if offer.refused.is_some() {
            return;
        }
        close.emit(());
        deed.emit(offer.deed);
    });
    let oninput = {
        let (typed, chosen) = (typed.setter(), chosen.setter());
        Callback::from(move |event: InputEvent| {
            if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
                typed.set(input.value());
                chosen.set(0);
            }
        })
    };
    let onkeydown = {
        let chosen = chosen.setter();
        Callback::from(move |event: KeyboardEvent| {
            let next = match event.key().as_str() {
                "ArrowDown" if place < last => place + 1,
                "ArrowDown" => 0,
                "ArrowUp" => place.checked_sub(1).unwrap_or(last),
                _ => return,
            };
            event.prevent_default();
            chosen.set(next);
        })
    };
    let onsubmit = {
        let (perform, offer) = (perform.clone(), shown.get(place).cloned());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if let Some(offer) = offer.clone() {
                perform.emit(offer);
            }
        })
    };
    let entries = shown.iter().enumerate();
    let entries = entries.map(|(number, offer)| entry(number, offer, number == place, &perform));
    html! {
        <Dialog title={words::TITLE.say()} class="palette" on_cancel={props.on_close.clone()}>
            <form {onsubmit}>
                <input type="text" role="combobox" aria-label={words::COMMAND.say()} aria-expanded="true"
                    aria-controls="palette-list" aria-autocomplete="list" autofocus=true
                    aria-activedescendant={format!("palette-{place}")} autocomplete="off"
                    spellcheck="false" placeholder={words::WHAT.say()}
                    {oninput} {onkeydown} />
            </form>
            <ul ref={list} id="palette-list" role="listbox" aria-label={words::TITLE.say()}>
                { for entries }
            </ul>
            if shown.is_empty() {
                <p class="palette-none" role="status">{ words::NONE.say() }</p>
            }
        </Dialog>
    }
}

fn entry(number: usize, offer: &Offer, chosen: bool, perform: &Callback<Offer>) -> Html {
    let owned = offer.clone();
    let onclick = perform.reform(move |_: MouseEvent| owned.clone());
    html! {
        <li key={offer.words.clone()} id={format!("palette-{number}")} role="option"
            aria-selected={chosen.to_string()}
            aria-disabled={offer.refused.map(|_| "true")}
            class={classes!("palette-entry", chosen.then_some("chosen"))} {onclick}>
            <bdi>{ offer.words.clone() }</bdi>
            if let Some(why) = offer.refused { <span class="palette-refused">{ why }</span> }
            if !offer.keys.is_empty() { <kbd>{ offer.keys.clone() }</kbd> }
        </li>
    }
}
