//! What is chosen for the transfers to come.

use web_sys::{Event, HtmlInputElement};
use yew::{Callback, Html, MouseEvent, Properties, TargetCast, component, html};

use super::use_files;
use crate::component::dialog::Dialog;
use crate::service::files::{Choices, Files};
use crate::state::message::{button, files as words};

/// Whose transfers.
#[derive(PartialEq, Properties)]
pub(super) struct ChoicesSheetProps {
    pub(super) files: Files,
    pub(super) on_close: Callback<()>,
}

/// Lets a person choose.
#[component]
pub(super) fn ChoicesSheet(props: &ChoicesSheetProps) -> Html {
    let files = &props.files;
    use_files(Some(files));
    let chosen = files.choices();
    let sets = |change: fn(&mut Choices, bool)| {
        let files = files.clone();
        Callback::from(move |event: Event| {
            let input: HtmlInputElement = event.target_unchecked_into();
            let mut choices = files.choices();
            change(&mut choices, input.checked());
            files.choose(choices);
        })
    };
    let keeps_time = sets(|choices, on| choices.new_time = !on);
    let verifies = sets(|choices, on| choices.verify = on);
    let close = props.on_close.reform(|_: MouseEvent| ());
    html! {
        <Dialog title={words::CHOICES.say()} on_cancel={props.on_close.clone()}>
            <label class="check"><input type="checkbox" checked={!chosen.new_time} onchange={keeps_time} />
                <span>{ words::KEEP_TIME.say() }</span></label>
            <p class="hint">{ words::KEEP_TIME_WHAT.say() }</p>
            <label class="check"><input type="checkbox" checked={chosen.verify} onchange={verifies} />
                <span>{ words::VERIFY.say() }</span></label>
            <p class="hint">{ words::VERIFY_WHAT.say() }</p>
            <div class="actions">
                <button type="button" class="primary" autofocus={true} onclick={close}>{ button::CLOSE.say() }</button>
            </div>
        </Dialog>
    }
}
