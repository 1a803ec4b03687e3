//! One setting: its words and its control.

use web_sys::{Event, HtmlInputElement, HtmlSelectElement};
use yew::{Callback, Html, TargetCast, html};

use crate::component::field::Field;
use crate::hook::SettingsHandle;
use crate::state::choice::Choice;
use crate::state::message::Message;
use crate::state::settings::SettingsAction;

/// A setting.
pub(super) struct Row {
    /// Its name as it is shown.
    pub(super) name: &'static str,
    /// More words by which a person may look for it, in the language of the page or in English.
    pub(super) words: Message,
    pub(super) control: Html,
}

impl Row {
    /// Whether it, or its section, holds every word of `wanted`.
    pub(super) fn fits(&self, section: &str, wanted: &str) -> bool {
        let (words, english) = (self.words.say(), self.words.text);
        let text = format!("{section} {} {words} {english}", self.name).to_lowercase();
        let wanted = wanted.to_lowercase();
        wanted.split_whitespace().all(|word| text.contains(word))
    }
}

/// Makes an action of each change.
pub(super) fn act(
    settings: &SettingsHandle,
    action: impl Fn(Event) -> Option<SettingsAction> + 'static,
) -> Callback<Event> {
    let dispatcher = settings.dispatcher();
    Callback::from(move |event: Event| {
        if let Some(action) = action(event) {
            dispatcher.dispatch(action);
        }
    })
}

/// The text of the field that changed.
pub(super) fn value(event: &Event) -> String {
    event.target_unchecked_into::<HtmlInputElement>().value()
}

/// A number between two others.
pub(super) fn number(
    name: &'static str,
    hint: &'static str,
    now: u32,
    range: (u32, u32),
    onchange: Callback<Event>,
) -> Html {
    html! {
        <label class="field narrow">
            <span>{ name }</span>
            <Field kind="number" value={now.to_string()} {range} {onchange} />
            <span class="hint">{ hint }</span>
        </label>
    }
}

/// Yes or no.
pub(super) fn switch(
    settings: &SettingsHandle,
    name: &'static str,
    on: bool,
    action: fn(bool) -> SettingsAction,
) -> Html {
    let onchange = act(settings, move |event| {
        let input: HtmlInputElement = event.target_unchecked_into();
        Some(action(input.checked()))
    });
    html! {
        <label class="choice">
            <input type="checkbox" checked={on} {onchange} />
            { name }
        </label>
    }
}

/// One of a few.
pub(super) fn one_of<T: Choice>(
    settings: &SettingsHandle,
    name: &'static str,
    now: T,
    action: fn(T) -> SettingsAction,
) -> Html {
    let onchange = act(settings, move |event| {
        let select: HtmlSelectElement = event.target_unchecked_into();
        let place = usize::try_from(select.selected_index()).ok()?;
        T::ALL.get(place).map(|(choice, _)| action(*choice))
    });
    html! {
        <label class="field narrow">
            <span>{ name }</span>
            <select {onchange}>
                { for T::ALL.iter().map(|(choice, words)| html! {
                    <option key={words.name} selected={*choice == now}>{ words.say() }</option>
                }) }
            </select>
        </label>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::message::{setting_words as find, speak};

    #[test]
    fn every_word_must_be_in_the_row_or_its_section() {
        let row = Row {
            name: "Schreibmarke",
            words: find::CURSOR,
            control: Html::default(),
        };
        assert!(row.fits("Terminal", "term CURS"));
        assert!(row.fits("Terminal", "schreib"));
        assert!(row.fits("Terminal", ""));
        assert!(!row.fits("Terminal", "cursor colour"));
        assert!(!row.fits("Terminal", "balken"));
        speak(include_str!("../../../words/de.json"));
        assert!(row.fits("Terminal", "Balken cursor underline"));
    }
}
