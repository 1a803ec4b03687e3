//! Keys that the keyboard of a phone or tablet lacks, above it.

use web_sys::{HtmlElement, KeyboardEvent, MouseEvent};
use yew::{
    Callback, Html, Properties, TargetCast, classes, component, html, use_effect_with, use_state_eq,
};

use crate::service::pane::{self, soft};
use crate::service::soft_keys::{self, Shown};
use crate::state::key_press::Chord;
use crate::state::message::{Message, key_bar as words};
use crate::state::soft_key::{Hold, Modifier, SoftKey};

/// The keys besides the modifiers: their names, the sign on each where that is another text, and
/// what they type.
const KEYS: [(Message, &str, SoftKey); 18] = [
    (words::ESCAPE, "", SoftKey::Escape),
    (words::TAB, "", SoftKey::Tab),
    (words::LEFT, "←", SoftKey::Cursor(b'D')),
    (words::DOWN, "↓", SoftKey::Cursor(b'B')),
    (words::UP, "↑", SoftKey::Cursor(b'A')),
    (words::RIGHT, "→", SoftKey::Cursor(b'C')),
    (words::SLASH, "/", SoftKey::Symbol('/')),
    (words::HYPHEN, "-", SoftKey::Symbol('-')),
    (words::PIPE, "|", SoftKey::Symbol('|')),
    (words::TILDE, "~", SoftKey::Symbol('~')),
    (words::COLON, ":", SoftKey::Symbol(':')),
    (words::STAR, "*", SoftKey::Symbol('*')),
    (words::DOLLAR, "$", SoftKey::Symbol('$')),
    (words::AMPERSAND, "&", SoftKey::Symbol('&')),
    (words::HOME, "⇤", SoftKey::Cursor(b'H')),
    (words::END, "⇥", SoftKey::Cursor(b'F')),
    (words::PAGE_UP, "⇞", SoftKey::Page(5)),
    (words::PAGE_DOWN, "⇟", SoftKey::Page(6)),
];

/// Keys that stand left of the modifiers.
const BEFORE_MODIFIERS: usize = 2;

/// Whether a terminal is there to type into.
#[derive(PartialEq, Properties)]
pub(crate) struct KeyBarProps {
    pub(crate) shown: bool,
}

/// Shows the bar; the style decides on which screens. A tap leaves the keyboard where it is, so
/// that the one on the screen stays open.
#[component]
pub(crate) fn KeyBar(props: &KeyBarProps) -> Html {
    let now = use_state_eq(Shown::default);
    let setter = now.setter();
    use_effect_with((), move |()| {
        soft_keys::watch(Some(Callback::from(move |shown| setter.set(shown))));
        || soft_keys::watch(None)
    });
    if !props.shown {
        return Html::default();
    }
    let held = now.held;
    html! {
        <div class="key-bar" role="toolbar" aria-label={words::BAR.say()} data-region=""
            onmousedown={|event: MouseEvent| event.prevent_default()} onkeydown={|event: KeyboardEvent| step(&event)}>
            <div class="key-row">
                { for KEYS.iter().take(BEFORE_MODIFIERS).map(key) }
                { modifier(words::CTRL, Modifier::Ctrl, held.ctrl) }
                { modifier(words::ALT, Modifier::Alt, held.alt) }
                { for KEYS.iter().skip(BEFORE_MODIFIERS).map(key) }
            </div>
            if now.selected {
                <button type="button" class="key-cap key-clip" tabindex="-1"
                    onclick={|_: MouseEvent| pane::press(Chord::CopyAndClear)}>
                    { words::COPY.say() }
                </button>
            } else {
                <button type="button" class="key-cap key-clip" tabindex="-1"
                    onclick={|_: MouseEvent| soft::paste()}>{ words::PASTE.say() }</button>
            }
        </div>
    }
}

fn key((name, sign, key): &(Message, &'static str, SoftKey)) -> Html {
    let key = *key;
    let name = name.say();
    let label = (!sign.is_empty()).then_some(name);
    // The first takes the keyboard; arrows go on from there.
    let tabindex = if key == SoftKey::Escape { "0" } else { "-1" };
    html! {
        <button key={name} type="button" class="key-cap" aria-label={label} {tabindex}
            onclick={move |_: MouseEvent| soft::tap(key)}>
            { if sign.is_empty() { name } else { *sign } }
        </button>
    }
}

fn modifier(name: Message, modifier: Modifier, hold: Hold) -> Html {
    let locked = hold == Hold::Locked;
    let label = locked.then(|| words::LOCKED.with(&[("key", name.say())]));
    html! {
        <button key={name.say()} type="button" tabindex="-1"
            class={classes!("key-cap", "key-modifier", locked.then_some("locked"))}
            aria-label={label} aria-pressed={hold.is_on().to_string()}
            onclick={move |_: MouseEvent| soft_keys::tap(modifier)}>{ name.say() }</button>
    }
}

/// Arrows go from button to button, as in every toolbar.
fn step(event: &KeyboardEvent) {
    let forward = match event.key().as_str() {
        "ArrowRight" => true,
        "ArrowLeft" => false,
        _ => return,
    };
    let Some(button) = event.target_dyn_into::<HtmlElement>() else {
        return;
    };
    let next = if forward {
        button.next_element_sibling()
    } else {
        button.previous_element_sibling()
    };
    let next = next.and_then(|next| wasm_bindgen::JsCast::dyn_into::<HtmlElement>(next).ok());
    if let Some(next) = next {
        event.prevent_default();
        // A button can take the focus.
        let _ = next.focus();
    }
}
