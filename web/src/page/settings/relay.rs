//! The way to the servers.

use transom_protocol::RelayMode;
use web_sys::HtmlSelectElement;
use yew::{TargetCast, html};

use crate::component::field::Field;
use crate::hook::SettingsHandle;
use crate::page::settings::row::{Row, act, value};
use crate::state::message::{setting_words as find, settings as words};
use crate::state::settings::SettingsAction;

/// The settings.
pub(super) fn rows(settings: &SettingsHandle) -> Vec<Row> {
    let named = act(settings, |event| {
        Some(SettingsAction::RelayNamed(value(&event)))
    });
    let chosen = act(settings, |event| {
        let select: HtmlSelectElement = event.target_unchecked_into();
        let plain = select.value() == "plain";
        let mode = if plain {
            RelayMode::Plain
        } else {
            RelayMode::Transom
        };
        Some(SettingsAction::RelayModeChosen(mode))
    });
    let plain = settings.relay_mode == RelayMode::Plain;
    let address = html! {
        <label class="field narrow">
            <span>{ words::RELAY_ADDRESS.say() }</span>
            <Field inputmode="url" placeholder={words::RELAY_OWN.say()}
                value={settings.relay_url.clone().unwrap_or_default()} onchange={named} />
        </label>
    };
    let protocol = html! {
        <>
            <label class="field narrow">
                <span>{ words::PROTOCOL.say() }</span>
                <select onchange={chosen}>
                    <option value="transom" selected={!plain}>{ "Transom" }</option>
                    <option value="plain" selected={plain}>{ words::PLAIN.say() }</option>
                </select>
            </label>
            <p class="hint">{ words::PROTOCOL_HINT.say() }</p>
        </>
    };
    vec![
        Row {
            name: words::RELAY_ADDRESS.say(),
            words: find::RELAY,
            control: address,
        },
        Row {
            name: words::PROTOCOL.say(),
            words: find::PROTOCOL,
            control: protocol,
        },
    ]
}
