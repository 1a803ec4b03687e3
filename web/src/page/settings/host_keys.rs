//! Which servers are trusted.

use transom_protocol::TrustPolicy;
use yew::{Callback, Html, MouseEvent, html};

use crate::hook::SettingsHandle;
use crate::page::settings::row::{Row, act};
use crate::state::choice::Choice as _;
use crate::state::settings::SettingsAction;

/// The settings of the screen.
pub(super) fn rows(settings: &SettingsHandle) -> Vec<Row> {
    vec![
        Row {
            words: "Host keys unknown hosts trust strict ask certificate authority known_hosts",
            control: policy(settings),
        },
        Row {
            words: "Legacy weak old algorithms hosts SHA-1 CBC",
            control: legacy(settings),
        },
    ]
}

fn policy(settings: &SettingsHandle) -> Html {
    let choice = |(policy, words): &(TrustPolicy, &'static str)| {
        let policy = *policy;
        let onchange = act(settings, move |_| {
            Some(SettingsAction::HostKeysChosen(policy))
        });
        html! {
            <div key={*words}>
                <label class="choice">
                    <input type="radio" name="host-keys" checked={settings.host_keys == policy}
                        {onchange} />
                    { *words }
                </label>
                <span class="hint">{ hint(policy) }</span>
            </div>
        }
    };
    html! {
        <fieldset>
            <legend>{ "Hosts that are not known" }</legend>
            { for TrustPolicy::ALL.iter().map(choice) }
            <p class="hint">{ "Whatever you choose, a changed or revoked key stops before any password \
                or key is sent, and so does a certificate that does not hold." }</p>
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
            <span>{ "Hosts with legacy algorithms" }</span>
            <span class="hint">
                if names.is_empty() {
                    { "None. A host that is too old offers it when it fails." }
                } else {
                    { names.join(", ") }
                }
            </span>
            <div><button type="button" class="quiet" disabled={hosts.is_empty()} {onclick}>
                { "Safe algorithms for every host" }
            </button></div>
        </div>
    }
}

/// What a choice means.
fn hint(policy: TrustPolicy) -> &'static str {
    match policy {
        TrustPolicy::Ask => "You compare the fingerprint once.",
        TrustPolicy::Strict => "Only hosts of the list under Known hosts.",
        TrustPolicy::AcceptNew => "Nobody compares: fit for networks that you control.",
        TrustPolicy::CaOnly => "Only hosts with a certificate of an authority under Known hosts.",
    }
}
