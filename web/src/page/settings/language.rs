//! The language that the page speaks.

use web_sys::HtmlSelectElement;
use yew::{Html, TargetCast, html};

use crate::hook::SettingsHandle;
use crate::page::settings::row::{Row, act};
use crate::state::language::LanguageChoice;
use crate::state::message::{setting_words as find, settings as words};
use crate::state::settings::SettingsAction;

/// The choice among the languages, each under its own name.
pub(super) fn row(settings: &SettingsHandle) -> Row {
    let onchange = act(settings, |event| {
        let select: HtmlSelectElement = event.target_unchecked_into();
        let place = usize::try_from(select.selected_index()).ok()?;
        let (choice, _) = LanguageChoice::ALL.get(place)?;
        Some(SettingsAction::LanguageChosen(*choice))
    });
    let option = |(choice, name): &(LanguageChoice, &'static str)| -> Html {
        let name = if name.is_empty() {
            words::AS_BROWSER.say()
        } else {
            name
        };
        html! { <option key={name} selected={*choice == settings.language}>{ name }</option> }
    };
    Row {
        name: words::LANGUAGE.say(),
        words: find::LANGUAGE,
        control: html! {
            <label class="field narrow">
                <span>{ words::LANGUAGE.say() }</span>
                <select {onchange}>{ for LanguageChoice::ALL.iter().map(option) }</select>
                <span class="hint">{ words::LANGUAGE_HINT.say() }</span>
            </label>
        },
    }
}
