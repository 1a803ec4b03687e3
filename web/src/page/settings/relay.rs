//! The way to the servers.

use transom_protocol::RelayMode;
use web_sys::HtmlSelectElement;
use yew::{TargetCast, html};

use crate::hook::SettingsHandle;
use crate::page::settings::row::{Row, act, value};
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
            <span>{ "Relay address" }</span>
            <input type="text" inputmode="url" placeholder="the relay that served this page"
                autocomplete="off" spellcheck="false"
                value={settings.relay_url.clone().unwrap_or_default()} onchange={named} />
        </label>
    };
    let protocol = html! {
        <>
            <label class="field narrow">
                <span>{ "Protocol" }</span>
                <select onchange={chosen}>
                    <option value="transom" selected={!plain}>{ "Transom" }</option>
                    <option value="plain" selected={plain}>{ "Plain (websockify)" }</option>
                </select>
            </label>
            <p class="hint">{ "New connections use it. A plain relay's address alone decides which \
                server it leads to." }</p>
        </>
    };
    vec![
        Row {
            words: "Relay address url websocket",
            control: address,
        },
        Row {
            words: "Protocol plain websockify",
            control: protocol,
        },
    ]
}
