//! The end of everything that is kept in this browser, after the person said so twice.

use transom_protocol::Command;
use web_sys::{HtmlInputElement, InputEvent};
use yew::{Callback, Html, MouseEvent, Properties, TargetCast, component, html, use_state};

use crate::component::dialog::Dialog;
use crate::hook::use_provided;
use crate::service::{forget, place};
use crate::state::message::{backup as words, button};

/// How far it is.
#[derive(Clone, Debug, PartialEq)]
enum Stage {
    Closed,
    Asking,
    Working,
    /// What is still there.
    Done(Vec<String>),
    Failed(String),
}

/// A button, and the dialog behind it.
#[component]
pub(crate) fn Forget() -> Html {
    let provided = use_provided();
    let stage = use_state(|| Stage::Closed);
    let go_to = |next: Stage| {
        let setter = stage.setter();
        Callback::from(move |_: MouseEvent| setter.set(next.clone()))
    };
    let remove = {
        let setter = stage.setter();
        Callback::from(move |_: MouseEvent| {
            if let Some(provided) = &provided {
                // A session that goes on would store again.
                for connection in provided.workspace.connections() {
                    provided.sessions.send(&connection.id, &Command::Disconnect);
                }
                provided.safe.lock();
            }
            setter.set(Stage::Working);
            let setter = setter.clone();
            wasm_bindgen_futures::spawn_local(async move {
                setter.set(match forget::everything().await {
                    Ok(left) => Stage::Done(left),
                    Err(failure) => Stage::Failed(failure.to_string()),
                });
            });
        })
    };
    let closes = matches!(*stage, Stage::Asking | Stage::Failed(_));
    let on_cancel = {
        let setter = stage.setter();
        Callback::from(move |()| {
            if closes {
                setter.set(Stage::Closed);
            }
        })
    };
    let body = match &*stage {
        Stage::Closed => Html::default(),
        Stage::Asking => {
            html! { <Asking on_keep={go_to(Stage::Closed)} on_forget={remove} /> }
        }
        Stage::Working => html! { <p role="status">{ words::FORGETTING.say() }</p> },
        Stage::Done(left) => done(left, remove),
        Stage::Failed(detail) => html! {
            <>
                <p class="refusal" role="alert">
                    { words::FORGET_FAILED.with(&[("detail", detail)]) }
                </p>
                <menu>
                    <button type="button" onclick={go_to(Stage::Closed)}>{ button::CLOSE.say() }</button>
                    <button type="button" class="danger" onclick={remove}>{ button::TRY_AGAIN.say() }</button>
                </menu>
            </>
        },
    };
    html! {
        <>
            <button type="button" class="danger" onclick={go_to(Stage::Asking)}>
                { words::FORGET.say() }
            </button>
            if *stage != Stage::Closed {
                <Dialog title={words::FORGET_ASK.say()} class="forget" {on_cancel}>{ body }</Dialog>
            }
        </>
    }
}

#[derive(PartialEq, Properties)]
struct AskingProps {
    on_keep: Callback<MouseEvent>,
    on_forget: Callback<MouseEvent>,
}

/// Says what will be gone. The safe answer has the focus.
#[component]
fn Asking(props: &AskingProps) -> Html {
    let typed = use_state(String::new);
    let oninput = {
        let setter = typed.setter();
        Callback::from(move |event: InputEvent| {
            setter.set(event.target_unchecked_into::<HtmlInputElement>().value());
        })
    };
    let word = words::FORGET_WORD.say();
    let meant = typed.trim().eq_ignore_ascii_case(word);
    html! {
        <>
            <p>{ words::FORGET_WHAT.say() }</p>
            <p class="hint">{ words::FORGET_OTHERS.say() }</p>
            <label class="field">
                <span>{ words::FORGET_TYPE.with(&[("word", word)]) }</span>
                <input type="text" autocomplete="off" autocapitalize="off" spellcheck="false"
                    value={(*typed).clone()} {oninput} />
            </label>
            <menu>
                <button type="button" autofocus=true onclick={props.on_keep.clone()}>
                    { words::KEEP_ALL.say() }
                </button>
                <button type="button" class="danger" disabled={!meant}
                    onclick={props.on_forget.clone()}>{ words::FORGET_ALL.say() }</button>
            </menu>
        </>
    }
}

/// Says what is left. The page must not go on: it would store what it still knows.
fn done(left: &[String], again: Callback<MouseEvent>) -> Html {
    let anew = Callback::from(|_: MouseEvent| place::reload_at_home());
    html! {
        <>
            if left.is_empty() {
                <p role="status">{ words::NOTHING_LEFT.say() }</p>
            } else {
                <p class="refusal" role="alert">{ words::LEFT_WHAT.say() }</p>
                <ul aria-label={words::LEFT.say()}>
                    { for left.iter().map(|name| html! { <li key={name.clone()}>{ name }</li> }) }
                </ul>
            }
            <menu>
                if !left.is_empty() {
                    <button type="button" class="danger" onclick={again}>{ button::TRY_AGAIN.say() }</button>
                }
                <button type="button" class="primary" onclick={anew}>{ words::ANEW.say() }</button>
            </menu>
        </>
    }
}
