//! Which servers are trusted.

use transom_protocol::TrustPolicy;
use yew::{Callback, Html, MouseEvent, html};

use crate::hook::SettingsHandle;
use crate::page::settings::row::{Row, act};
use crate::state::choice::Choice as _;
use crate::state::message::{Message, setting_words as find, settings as words};
use crate::state::settings::SettingsAction;

/// The settings of the screen.
pub(super) fn rows(settings: &SettingsHandle) -> Vec<Row> {
    vec![
        Row {
            name: words::UNKNOWN_HOSTS.say(),
            words: find::UNKNOWN_HOSTS,
            control: policy(settings),
        },
        Row {
            name: words::LEGACY.say(),
            words: find::LEGACY,
            control: legacy(settings),
        },
    ]
}

fn policy(settings: &SettingsHandle) -> Html {
    let choice = |(policy, name): &(TrustPolicy, Message)| {
        let policy = *policy;
        let onchange = act(settings, move |_| {
            Some(SettingsAction::HostKeysChosen(policy))
        });
        html! {
            <div key={name.name}>
                <label class="choice">
                    <input type="radio" name="host-keys" checked={settings.host_keys == policy}
                        {onchange} />
                    { name.say() }
                </label>
                <span class="hint">{ hint(policy).say() }</span>
            </div>
        }
    };
    html! {
        <fieldset>
            <legend>{ words::UNKNOWN_HOSTS.say() }</legend>
            { for TrustPolicy::ALL.iter().map(choice) }
            <p class="hint">{ words::POLICY_HINT.say() }</p>
        </fieldset>
    }
}

/// Hosts that may agree on weak algorithms.
fn legacy(settings: &SettingsHandle) -> Html {
    let hosts = &settings.legacy_hosts;
    let dispatcher = settings.dispatcher();
    let onclick = Callback::from(move |_: MouseEvent| {
        dispatcher.dispatch(SettingsAction::LegacyForgotten);
    });
    let names: Vec<&str> = hosts.iter().map(String::as_str).collect();
    html! {
        <div class="field">
            <span>{ words::LEGACY.say() }</span>
            <span class="hint">
                if names.is_empty() {
                    { words::LEGACY_NONE.say() }
                } else {
                    { names.join(", ") }
                }
            </span>
            <div><button type="button" class="quiet" disabled={hosts.is_empty()} {onclick}>
                { words::LEGACY_FORGET.say() }
            </button></div>
        </div>
    }
}

/// What a choice means.
const fn hint(policy: TrustPolicy) -> Message {
    match policy {
        TrustPolicy::Ask => words::ASK_HINT,
        TrustPolicy::Strict => words::STRICT_HINT,
        TrustPolicy::AcceptNew => words::ACCEPT_NEW_HINT,
        TrustPolicy::CaOnly => words::CA_ONLY_HINT,
    }
}
