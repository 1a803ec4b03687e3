//! Finding text in a terminal's output.

use web_sys::{Element, HtmlInputElement, InputEvent, KeyboardEvent, SubmitEvent};
use yew::{
    Callback, Html, MouseEvent, Properties, TargetCast, classes, component, html, use_callback,
    use_effect_with, use_node_ref, use_state_eq,
};

use crate::component::icon::{Glyph, Icon};
use crate::state::find::{Found, Searching, Wanted, Way};
use crate::state::message::{Message, terminal as words};

/// Longest text that is looked for, in characters.
const MAX_LENGTH: &str = "500";

/// Who searches.
#[derive(PartialEq, Properties)]
pub(crate) struct SearchBarProps {
    pub(crate) searching: Searching,
    pub(crate) found: Found,
    pub(crate) on_find: Callback<(Wanted, Way)>,
    pub(crate) on_close: Callback<()>,
}

/// A choice of how to look.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Choice {
    Case,
    Word,
    Regex,
}

impl Choice {
    const ALL: [(Self, Message, &'static str, &'static str); 3] = [
        (Self::Case, words::MATCH_CASE, "Alt+C", "Aa"),
        (Self::Word, words::WHOLE_WORD, "Alt+W", "ab"),
        (Self::Regex, words::REGEX, "Alt+R", ".*"),
    ];

    fn of(self, wanted: &mut Wanted) -> &mut bool {
        match self {
            Self::Case => &mut wanted.case,
            Self::Word => &mut wanted.word,
            Self::Regex => &mut wanted.regex,
        }
    }
}

/// What a person does in the bar.
enum Deed {
    Typed(String),
    Chosen(Choice),
    Step(Way),
}

/// A text field with choices and two directions. Enter finds the next, with Shift the previous;
/// Esc closes.
#[component]
pub(crate) fn SearchBar(props: &SearchBarProps) -> Html {
    let node = use_node_ref();
    let wanted = use_state_eq(Wanted::default);
    let act = {
        let (setter, on_find) = (wanted.setter(), props.on_find.clone());
        use_callback((*wanted).clone(), move |deed: Deed, now| {
            let (mut next, mut way) = (now.clone(), Way::Here);
            match deed {
                Deed::Typed(text) => next.text = text,
                Deed::Chosen(choice) => {
                    let on = choice.of(&mut next);
                    *on = !*on;
                }
                Deed::Step(step) => way = step,
            }
            setter.set(next.clone());
            on_find.emit((next, way));
        })
    };
    let (focused, began) = (node.clone(), act.clone());
    use_effect_with(props.searching.clone(), move |searching| {
        if let Some(input) = focused.cast::<HtmlInputElement>() {
            if !searching.begin.is_empty() {
                input.set_value(&searching.begin);
                began.emit(Deed::Typed(searching.begin.clone()));
            }
            // An element on the page can take the focus.
            let _ = input.focus();
            input.select();
        }
    });
    let onsubmit = act.reform(|event: SubmitEvent| {
        event.prevent_default();
        Deed::Step(Way::Next)
    });
    let oninput = {
        let (node, act) = (node.clone(), act.clone());
        Callback::from(move |_: InputEvent| {
            if let Some(input) = node.cast::<HtmlInputElement>() {
                act.emit(Deed::Typed(input.value()));
            }
        })
    };
    let onkeydown = keys(&act, &props.on_close);
    let refused = props.found.is_refusal();
    html! {
        <form class="search" role="search" {onsubmit} {onkeydown}>
            <Icon glyph={Glyph::Search} />
            <input ref={node} type="text" aria-label={words::FIND.say()} placeholder={words::FIND.say()} autocomplete="off"
                autocapitalize="off" spellcheck="false" maxlength={MAX_LENGTH}
                aria-invalid={refused.then_some("true")} {oninput} />
            { for Choice::ALL.iter().map(|choice| toggle(choice, &wanted, &act)) }
            { button(words::FIND_PREVIOUS.say(), Glyph::Up, act.reform(|_| Deed::Step(Way::Previous))) }
            { button(words::FIND_NEXT.say(), Glyph::Down, act.reform(|_| Deed::Step(Way::Next))) }
            { button(words::CLOSE_SEARCH.say(), Glyph::Cross, props.on_close.reform(|_| ())) }
            <span class={classes!("found", refused.then_some("refusal"))} role="status">
                { props.found.words() }
            </span>
        </form>
    }
}

/// Keys of the bar: none of them reaches the shell, because the bar has the focus.
fn keys(act: &Callback<Deed>, on_close: &Callback<()>) -> Callback<KeyboardEvent> {
    let (act, on_close) = (act.clone(), on_close.clone());
    Callback::from(move |event: KeyboardEvent| {
        let back = if event.shift_key() {
            Way::Previous
        } else {
            Way::Next
        };
        let on_button = event
            .target_dyn_into::<Element>()
            .is_some_and(|target| target.tag_name() == "BUTTON");
        let deed = match (event.alt_key(), event.code().as_str()) {
            (false, "Escape") => {
                event.prevent_default();
                on_close.emit(());
                return;
            }
            (false, "F3") => Deed::Step(back),
            (false, "Enter" | "NumpadEnter") if event.shift_key() && !on_button => Deed::Step(back),
            (true, "KeyC") => Deed::Chosen(Choice::Case),
            (true, "KeyW") => Deed::Chosen(Choice::Word),
            (true, "KeyR") => Deed::Chosen(Choice::Regex),
            _ => return,
        };
        event.prevent_default();
        act.emit(deed);
    })
}

fn toggle(
    (choice, name, keys, sign): &(Choice, Message, &'static str, &'static str),
    wanted: &Wanted,
    act: &Callback<Deed>,
) -> Html {
    let choice = *choice;
    let on = *choice.of(&mut wanted.clone());
    let onclick = act.reform(move |_: MouseEvent| Deed::Chosen(choice));
    html! {
        <button type="button" class={classes!("icon-button", "find-choice", on.then_some("on"))}
            aria-label={name.say()} aria-pressed={on.to_string()}
            title={format!("{} ({keys})", name.say())}
            {onclick}>
            <span aria-hidden="true" data-sign={*sign}></span>
        </button>
    }
}

fn button(name: &'static str, glyph: Glyph, onclick: Callback<MouseEvent>) -> Html {
    html! {
        <button type="button" class="icon-button" aria-label={name} title={name} {onclick}>
            <Icon {glyph} />
        </button>
    }
}
