//! A line of `authorized_keys` that allows less than everything.

use web_sys::HtmlInputElement;
use yew::{
    AttrValue, Callback, Event, Html, InputEvent, MouseEvent, Properties, TargetCast, component,
    html, use_state,
};

use crate::component::copy_button::CopyButton;
use crate::component::dialog::Dialog;
use crate::state::authorized::{LineOptions, LineProblem};
use crate::state::message::{Message, button, key_line as words};

/// Which key.
#[derive(PartialEq, Properties)]
pub(crate) struct KeyLineProps {
    pub(crate) name: AttrValue,
    /// Its public half with its comment.
    pub(crate) public: AttrValue,
    pub(crate) on_close: Callback<()>,
}

/// One of the texts.
type Field = fn(&mut LineOptions) -> &mut String;

/// Asks what the line allows, and shows it.
#[component]
pub(crate) fn KeyLine(props: &KeyLineProps) -> Html {
    let options = use_state(LineOptions::default);
    let text = |label: Message, kind: &'static str, hint: &'static str, field: Field| {
        let (now, setter) = ((*options).clone(), options.setter());
        let oninput = Callback::from(move |event: InputEvent| {
            let mut next = now.clone();
            let input: HtmlInputElement = event.target_unchecked_into();
            *field(&mut next) = input.value();
            setter.set(next);
        });
        html! {
            <label class="field">
                <span>{ label.say() }</span>
                <input type={kind} placeholder={hint} autocomplete="off" autocapitalize="off"
                    spellcheck="false" {oninput} />
            </label>
        }
    };
    let on_restricted = {
        let (now, setter) = ((*options).clone(), options.setter());
        Callback::from(move |event: Event| {
            let input: HtmlInputElement = event.target_unchecked_into();
            setter.set(LineOptions {
                restricted: input.checked(),
                ..now.clone()
            });
        })
    };
    let shown = match options.write(&props.public) {
        Ok(line) => html! {
            <>
                <code class="public-key" aria-label={words::LINE.say()}>{ line.clone() }</code>
                <CopyButton name={words::COPY.say()} text={line} />
            </>
        },
        Err(problem) => html! { <p class="refusal" role="status">{ trouble(problem) }</p> },
    };
    let close = props.on_close.reform(|_: MouseEvent| ());
    html! {
        <Dialog title={words::TITLE.with(&[("name", &props.name)])} class="key-import"
            on_cancel={props.on_close.clone()}>
            <p class="hint">{ words::WHAT.say() }</p>
            { text(words::FROM, "text", "10.0.0.0/8,*.example.org", |options| &mut options.from) }
            { text(words::COMMAND, "text", "/usr/local/bin/backup", |options| &mut options.command) }
            { text(words::UNTIL, "date", "", |options| &mut options.until) }
            <label class="choice">
                <input type="checkbox" checked={options.restricted} onchange={on_restricted} />
                { words::RESTRICTED.say() }
            </label>
            { shown }
            <menu>
                <button type="button" onclick={close}>{ button::CLOSE.say() }</button>
            </menu>
        </Dialog>
    }
}

fn trouble(problem: LineProblem) -> &'static str {
    match problem {
        LineProblem::From => words::BAD_FROM.say(),
        LineProblem::Command => words::BAD_COMMAND.say(),
        LineProblem::Until => words::BAD_UNTIL.say(),
    }
}
