//! How the vault locks itself.

use yew::html;

use crate::component::field::Field;
use crate::hook::SettingsHandle;
use crate::page::settings::row::{Row, act, value};
use crate::state::message::{setting_words as find, settings as words};
use crate::state::settings::{MAX_VAULT_IDLE_SECONDS, SettingsAction};

/// The settings of the vault.
pub(super) fn rows(settings: &SettingsHandle) -> Vec<Row> {
    let onchange = act(settings, |event| {
        let minutes: u32 = value(&event).parse().ok()?;
        Some(SettingsAction::VaultIdleSet(minutes.saturating_mul(60)))
    });
    let minutes = settings.vault_idle_seconds.div_ceil(60);
    vec![Row {
        name: words::VAULT_IDLE.say(),
        words: find::VAULT,
        control: html! {
            <label class="field narrow">
                <span>{ words::VAULT_IDLE.say() }</span>
                <Field kind="number" value={minutes.to_string()}
                    range={(1, MAX_VAULT_IDLE_SECONDS / 60)} {onchange} />
                <span class="hint">{ words::VAULT_IDLE_HINT.say() }</span>
            </label>
        },
    }]
}
