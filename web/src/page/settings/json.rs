//! All settings as one text.

use web_sys::{HtmlTextAreaElement, SubmitEvent};
use yew::{
    Callback, Html, MouseEvent, Properties, UseReducerDispatcher, UseStateSetter, component, html,
    use_effect_with, use_node_ref, use_state,
};

use crate::component::icon::{Glyph, Icon};
use crate::component::text_file::TextFile;
use crate::hook::SettingsHandle;
use crate::service::download;
use crate::state::message::settings as words;
use crate::state::settings::{Settings, SettingsAction};

#[derive(PartialEq, Properties)]
pub(super) struct AsJsonProps {
    pub(super) settings: SettingsHandle,
}

/// Shows the settings as JSON to edit, export and import.
#[component]
pub(super) fn AsJson(props: &AsJsonProps) -> Html {
    let (node, said) = (use_node_ref(), use_state(String::new));
    let text = props.settings.to_pretty_json();
    let shown = node.clone();
    use_effect_with(text.clone(), move |text| {
        if let Some(area) = shown.cast::<HtmlTextAreaElement>() {
            area.set_value(text);
        }
    });
    let take = taker(props.settings.dispatcher(), said.setter());
    let onsubmit = {
        let (take, node) = (take.clone(), node.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if let Some(area) = node.cast::<HtmlTextAreaElement>() {
                take.emit(Some(area.value()));
            }
        })
    };
    let export = Callback::from(move |_: MouseEvent| {
        download::text("transom-settings.json", "application/json", &text);
    });
    let on_text = take.reform(|(_, text): (String, Option<String>)| text);
    let reset = {
        let (dispatcher, said) = (props.settings.dispatcher(), said.setter());
        Callback::from(move |_: MouseEvent| {
            dispatcher.dispatch(SettingsAction::Replaced(Box::default()));
            said.set(words::AT_FIRST.say().to_owned());
        })
    };
    html! {
        <form class="as-json" {onsubmit}>
            <label class="field">
                <span>{ words::AS_JSON.say() }</span>
                <textarea ref={node} rows="10" spellcheck="false" autocomplete="off" />
            </label>
            <div class="actions">
                <button type="submit">{ words::APPLY.say() }</button>
                <button type="button" class="quiet" onclick={export}>
                    <Icon glyph={Glyph::Download} />{ words::EXPORT.say() }
                </button>
                <TextFile name={words::IMPORT.say()} accept=".json" {on_text} />
                <button type="button" class="quiet" onclick={reset}>{ words::RESET.say() }</button>
            </div>
            <p class="hint" role="status">{ (*said).clone() }</p>
        </form>
    }
}

/// Takes a text as the settings, and says whether it could.
fn taker(
    dispatcher: UseReducerDispatcher<Settings>,
    said: UseStateSetter<String>,
) -> Callback<Option<String>> {
    Callback::from(move |text: Option<String>| {
        let read = text.ok_or_else(|| words::UNREADABLE.say().to_owned());
        match read.and_then(|text| Settings::parse(&text)) {
            Ok(settings) => {
                dispatcher.dispatch(SettingsAction::Replaced(Box::new(settings)));
                said.set(words::APPLIED.say().to_owned());
            }
            Err(reason) => said.set(words::NO_SETTINGS.with(&[("reason", &reason)])),
        }
    })
}
