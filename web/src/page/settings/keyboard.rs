//! Which key does what, and other keys for it.

use web_sys::{HtmlElement, KeyboardEvent, MouseEvent};
use yew::{
    Callback, Html, Properties, UseStateSetter, component, html, use_effect_with, use_node_ref,
    use_state_eq,
};

use crate::hook::SettingsHandle;
use crate::page::settings::row::Row;
use crate::service::place;
use crate::state::key_map::{ACTIONS, Bindable, KeyMap, Verdict};
use crate::state::message::{keyboard as words, setting_words as find};
use crate::state::settings::SettingsAction;
use crate::state::stroke::Stroke;
use crate::xterm::press;

/// One row for each action, one for all.
pub(super) fn rows(settings: &SettingsHandle) -> Vec<Row> {
    let dispatcher = settings.dispatcher();
    let reset = Callback::from(move |_: MouseEvent| {
        dispatcher.dispatch(SettingsAction::AllKeysReset);
    });
    let all = Row {
        name: words::RESET_ALL.say(),
        words: find::KEYS,
        control: html! {
            <div class="actions">
                <button type="button" class="quiet" disabled={settings.keys.is_empty()}
                    onclick={reset}>{ words::RESET_ALL.say() }</button>
            </div>
        },
    };
    let hint = Row {
        name: words::HINT.say(),
        words: find::LEAVE,
        control: html! { <p class="hint">{ words::HINT.say() }</p> },
    };
    let each = ACTIONS.iter().map(|action| Row {
        name: action.words.say(),
        words: action.words,
        control: html! { <Keys {action} settings={settings.clone()} /> },
    });
    [hint].into_iter().chain(each).chain([all]).collect()
}

#[derive(PartialEq, Properties)]
struct KeysProps {
    action: &'static Bindable,
    settings: SettingsHandle,
}

/// Where the choice of new keys stands.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Choosing {
    No,
    /// The next keys count; what was wrong with the last ones.
    Listening(String),
    /// These belong to another action.
    Clash(Stroke, &'static Bindable),
}

/// An action, its keys, and the way to others.
#[component]
fn Keys(props: &KeysProps) -> Html {
    let KeysProps { action, settings } = props;
    let choosing = use_state_eq(|| Choosing::No);
    let node = use_node_ref();
    let listening = node.clone();
    use_effect_with((*choosing).clone(), move |choosing| {
        if let (true, Some(element)) = (*choosing != Choosing::No, listening.cast::<HtmlElement>())
        {
            // An element with a tabindex can take the focus.
            let _ = element.focus();
        }
    });
    let map = KeyMap::new(&settings.keys, place::surroundings());
    let name = action.words.say();
    let begin = start(choosing.setter(), Choosing::Listening(String::new()));
    let (dispatcher, id) = (settings.dispatcher(), action.id);
    let reset = Callback::from(move |_: MouseEvent| {
        dispatcher.dispatch(SettingsAction::KeysReset(id));
    });
    html! {
        <div class="keys-row">
            <span class="keys-name">{ name }</span>
            { shown(&map.shown(action)) }
            <button type="button" aria-label={words::CHANGE_OF.with(&[("action", name)])}
                onclick={begin}>{ words::CHANGE.say() }</button>
            <button type="button" class="quiet" disabled={!settings.keys.contains_key(action.id)}
                aria-label={words::RESET_OF.with(&[("action", name)])} onclick={reset}>
                { words::RESET.say() }
            </button>
            if *choosing != Choosing::No {
                <div ref={node} class="keys-choice" tabindex="-1" role="group" aria-label={name}
                    onkeydown={listen(props, choosing.setter())}
                    onfocusout={left(choosing.setter())}>
                    { choice(props, &map, &choosing) }
                </div>
            }
        </div>
    }
}

fn shown(keys: &str) -> Html {
    if keys.is_empty() {
        html! { <span class="hint">{ words::NO_KEYS.say() }</span> }
    } else {
        html! { <kbd>{ keys.to_owned() }</kbd> }
    }
}

fn choice(props: &KeysProps, map: &KeyMap, choosing: &yew::UseStateHandle<Choosing>) -> Html {
    match &**choosing {
        Choosing::No => Html::default(),
        Choosing::Listening(wrong) => html! {
            <p role="status">
                if !wrong.is_empty() { <span class="refusal">{ wrong.clone() }{ " " }</span> }
                { words::PRESS.say() }
            </p>
        },
        Choosing::Clash(stroke, other) => {
            let parts = [("keys", &*map.show(stroke)), ("action", other.words.say())];
            let (take, setter) = (stroke.clone(), choosing.setter());
            let (dispatcher, id, loser) = (props.settings.dispatcher(), props.action.id, other.id);
            let onclick = Callback::from(move |_: MouseEvent| {
                dispatcher.dispatch(SettingsAction::KeysChosen(loser, None));
                dispatcher.dispatch(SettingsAction::KeysChosen(id, Some(take.clone())));
                setter.set(Choosing::No);
            });
            html! {
                <>
                    <p role="status" class="refusal">{ words::CLASH.with(&parts) }</p>
                    <button type="button" {onclick}>{ words::TAKE.say() }</button>
                </>
            }
        }
    }
}

/// Takes the next keys, all but a modifier alone. Escape ends it; Tab and Enter go on to the
/// button that settles a clash.
fn listen(props: &KeysProps, setter: UseStateSetter<Choosing>) -> Callback<KeyboardEvent> {
    let (action, settings) = (props.action, props.settings.clone());
    Callback::from(move |event: KeyboardEvent| {
        let stroke = Stroke::of(&press(&event));
        let name = stroke.to_string();
        if stroke.is_modifier() || matches!(name.as_str(), "Tab" | "Shift+Tab" | "Enter" | "Space")
        {
            return;
        }
        event.prevent_default();
        event.stop_propagation();
        if name == "Escape" {
            setter.set(Choosing::No);
            return;
        }
        let map = KeyMap::new(&settings.keys, place::surroundings());
        match map.judge(&stroke, action) {
            Verdict::Good => {
                settings.dispatch(SettingsAction::KeysChosen(action.id, Some(stroke)));
                setter.set(Choosing::No);
            }
            Verdict::Clash(other) => setter.set(Choosing::Clash(stroke, other)),
            Verdict::Refused(reason) => setter.set(Choosing::Listening(reason)),
        }
    })
}

/// Ends the choice when the keyboard goes elsewhere.
fn left(setter: UseStateSetter<Choosing>) -> Callback<web_sys::FocusEvent> {
    Callback::from(move |event: web_sys::FocusEvent| {
        let (from, to) = (event.current_target(), event.related_target());
        let inside = from.zip(to).is_some_and(|(from, to)| {
            let from = wasm_bindgen::JsCast::dyn_into::<web_sys::Node>(from).ok();
            let to = wasm_bindgen::JsCast::dyn_into::<web_sys::Node>(to).ok();
            from.is_some_and(|from| from.contains(to.as_ref()))
        });
        if !inside {
            setter.set(Choosing::No);
        }
    })
}

fn start(setter: UseStateSetter<Choosing>, next: Choosing) -> Callback<MouseEvent> {
    Callback::from(move |_: MouseEvent| setter.set(next.clone()))
}
