//! A new version of the page waits.

use gloo_timers::future::TimeoutFuture;
use web_sys::MouseEvent;
use yew::{Callback, Html, Properties, component, html};

use crate::service::{offline, pane, place};
use crate::state::message::update as words;

/// What happens with it.
#[derive(PartialEq, Properties)]
pub(crate) struct UpdateProps {
    pub(crate) on_later: Callback<()>,
}

/// Asks before the page is loaded anew; it takes neither the keyboard nor the room of anything.
#[component]
pub(crate) fn Update(props: &UpdateProps) -> Html {
    let on_later = props.on_later.clone();
    let later = move |_: MouseEvent| {
        on_later.emit(());
        wasm_bindgen_futures::spawn_local(async {
            // Once the button is gone, with the keyboard where it had that.
            TimeoutFuture::new(0).await;
            if place::nothing_has_focus() {
                pane::focus_front();
            }
        });
    };
    html! {
        <section class="update" aria-label={words::NAME.say()} data-region=""
            onmousedown={|event: MouseEvent| event.prevent_default()}>
            <p role="status"><strong>{ words::READY.say() }</strong>{ " " }{ words::SHELLS.say() }</p>
            <div class="actions">
                <button type="button" onclick={later}>{ words::LATER.say() }</button>
                <button type="button" class="primary" onclick={|_: MouseEvent| offline::renew()}>
                    { words::RELOAD.say() }
                </button>
            </div>
        </section>
    }
}
