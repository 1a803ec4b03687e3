//! The two dialogs about a server's host key.

use transom_protocol::{HostKeyOffer, HostKeyVerdict, KnownKey};
use web_sys::{HtmlInputElement, InputEvent, SubmitEvent};
use yew::{
    AttrValue, Callback, Html, MouseEvent, Properties, TargetCast, component, html, use_state,
};

use crate::component::copy_button::CopyButton;
use crate::component::dialog::Dialog;
use crate::hook::when;
use crate::service::place;
use crate::state::message::host_key as words;

/// What the dialog for a new host needs to know.
#[derive(PartialEq, Properties)]
pub(crate) struct UnknownHostKeyProps {
    pub(crate) offer: HostKeyOffer,
    pub(crate) on_verdict: Callback<HostKeyVerdict>,
}

/// Asks whether to trust a server seen for the first time.
///
/// Holds no state and starts no task: the engine decides when it exists.
#[component]
pub(crate) fn UnknownHostKey(props: &UnknownHostKeyProps) -> Html {
    let UnknownHostKeyProps { offer, on_verdict } = props;
    let answer = |verdict| on_verdict.reform(move |_: MouseEvent| verdict);
    let command = verify_command(&offer.kind);
    html! {
        <Dialog title={words::UNKNOWN.say()} class="host-key"
            on_cancel={on_verdict.reform(|()| HostKeyVerdict::Refuse)}>
            <p>
                { words::NEVER_BEFORE.with(&[("host", &offer.host)]) }
            </p>
            <KeyFace kind={offer.kind.clone()} fingerprint={offer.fingerprint.clone()}
                randomart={offer.randomart.clone()} />
            <details>
                <summary>{ words::HOW.say() }</summary>
                <p>{ words::RUN.say() }</p>
                <div class="command">
                    <code>{ command.clone() }</code>
                    <CopyButton name={words::COPY_COMMAND.say()} text={command} />
                </div>
            </details>
            // Refusing is the safe answer, so it comes first and takes the focus.
            <div class="actions">
                <button type="button" autofocus=true onclick={answer(HostKeyVerdict::Refuse)}>
                    { words::CANCEL.say() }
                </button>
                <button type="button" onclick={answer(HostKeyVerdict::Once)}>{ words::ONCE.say() }</button>
                <button type="button" class="primary" onclick={answer(HostKeyVerdict::Trust)}>
                    { words::TRUST.say() }
                </button>
            </div>
        </Dialog>
    }
}

#[derive(PartialEq, Properties)]
struct KeyFaceProps {
    kind: AttrValue,
    /// `SHA256:<base64>`, shown in full: a shortened fingerprint cannot be compared.
    fingerprint: AttrValue,
    #[prop_or_default]
    randomart: AttrValue,
    /// When it was first trusted; empty where that says nothing.
    #[prop_or_default]
    since: AttrValue,
}

/// One key, as people compare it.
#[component]
fn KeyFace(props: &KeyFaceProps) -> Html {
    html! {
        <div class="key-face">
            <dl>
                <dt>{ words::TYPE.say() }</dt><dd>{ props.kind.clone() }</dd>
                <dt>{ "SHA-256" }</dt>
                <dd><code class="fingerprint">{ props.fingerprint.clone() }</code></dd>
                if !props.since.is_empty() {
                    <dt>{ words::SINCE.say() }</dt><dd>{ props.since.clone() }</dd>
                }
            </dl>
            if !props.randomart.is_empty() {
                <pre class="randomart" aria-label={words::RANDOMART.say()}>{ props.randomart.clone() }</pre>
            }
        </div>
    }
}

/// What the dialog for a changed key needs to know.
#[derive(PartialEq, Properties)]
pub(crate) struct ChangedHostKeyProps {
    pub(crate) offer: HostKeyOffer,
    pub(crate) known: Vec<KnownKey>,
    pub(crate) on_verdict: Callback<HostKeyVerdict>,
}

/// Stops before a server that is not the one that was trusted. There is no one-click way past.
#[component]
pub(crate) fn ChangedHostKey(props: &ChangedHostKeyProps) -> Html {
    let ChangedHostKeyProps {
        offer,
        known,
        on_verdict,
    } = props;
    let rebuilding = use_state(|| false);
    let begin = {
        let setter = rebuilding.setter();
        Callback::from(move |_: MouseEvent| setter.set(true))
    };
    let old = |key: &&KnownKey| {
        let since = key.since_ms.map_or_else(String::new, since);
        html! {
            <KeyFace key={key.fingerprint.clone()} kind={key.kind.clone()}
                fingerprint={key.fingerprint.clone()} {since} />
        }
    };
    html! {
        <Dialog title={words::CHANGED.say()} class="host-key stop"
            on_cancel={on_verdict.reform(|()| HostKeyVerdict::Refuse)}>
            <p role="alert">
                <strong>{ words::STOP.with(&[("host", &offer.host)]) }</strong>
                { " " }{ words::WHY.say() }
            </p>
            <div class="compare">
                <section><h3>{ words::UNTIL_NOW.say() }</h3>{ for comparable(known, &offer.kind).iter().map(old) }</section>
                <section>
                    <h3>{ words::NOW.say() }</h3>
                    <KeyFace kind={offer.kind.clone()} fingerprint={offer.fingerprint.clone()}
                        randomart={offer.randomart.clone()} />
                </section>
            </div>
            if *rebuilding {
                <TypedHost host={offer.host.clone()}
                    on_done={on_verdict.reform(|()| HostKeyVerdict::Trust)} />
            }
            <div class="actions">
                <button type="button" class="primary" autofocus=true
                    onclick={on_verdict.reform(|_: MouseEvent| HostKeyVerdict::Refuse)}>
                    { words::DISCONNECT.say() }
                </button>
                if !*rebuilding {
                    <button type="button" class="quiet" onclick={begin}>{ words::REBUILT.say() }</button>
                }
            </div>
        </Dialog>
    }
}

#[derive(PartialEq, Properties)]
struct TypedHostProps {
    host: AttrValue,
    on_done: Callback<()>,
}

/// Makes the person type the host's name before its new key is trusted.
#[component]
fn TypedHost(props: &TypedHostProps) -> Html {
    let typed = use_state(String::new);
    let oninput = {
        let setter = typed.setter();
        Callback::from(move |event: InputEvent| {
            setter.set(event.target_unchecked_into::<HtmlInputElement>().value());
        })
    };
    let same = *typed == *props.host;
    let onsubmit = when(&props.on_done, move |event: SubmitEvent| {
        event.prevent_default();
        same.then_some(())
    });
    html! {
        <form class="typed-host" {onsubmit}>
            <label>
                { words::TYPE_HOST.with(&[("host", &props.host)]) }
                <input type="text" autocomplete="off" autocapitalize="off" spellcheck="false"
                    value={(*typed).clone()} {oninput} />
            </label>
            <button type="submit" class="danger" disabled={!same}>{ words::REPLACE.say() }</button>
        </form>
    }
}

/// The key of the kind that is shown now comes first: it is the one to compare with.
fn comparable<'a>(known: &'a [KnownKey], kind: &str) -> Vec<&'a KnownKey> {
    let mut keys: Vec<&KnownKey> = known.iter().collect();
    keys.sort_by_key(|key| key.kind != kind);
    keys
}

/// A command that prints the fingerprint of the server's key of this kind.
fn verify_command(kind: &str) -> String {
    let kind = kind.to_ascii_lowercase();
    let file = ["ed25519", "ecdsa", "rsa"]
        .into_iter()
        .find(|name| kind.contains(name))
        .unwrap_or("ed25519");
    format!("ssh-keygen -lvf /etc/ssh/ssh_host_{file}_key.pub")
}

/// `millis`: since 1970, far below 2^53.
fn since(millis: u64) -> String {
    let seconds = u32::try_from(millis / 1000).unwrap_or(u32::MAX);
    place::date(f64::from(seconds) * 1000.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_old_key_of_the_same_kind_stands_first() {
        let key = |kind: &str| KnownKey {
            kind: kind.to_owned(),
            fingerprint: String::new(),
            since_ms: None,
        };
        let known = [key("ECDSA P-256"), key("Ed25519"), key("RSA 2048")];
        let kinds = |wanted| {
            let sorted = comparable(&known, wanted);
            sorted
                .iter()
                .map(|key| key.kind.clone())
                .collect::<Vec<_>>()
        };
        assert_eq!(kinds("Ed25519"), ["Ed25519", "ECDSA P-256", "RSA 2048"]);
        assert_eq!(kinds("DSA"), ["ECDSA P-256", "Ed25519", "RSA 2048"]);
    }

    #[test]
    fn the_command_names_the_file_of_the_key() {
        assert!(verify_command("ECDSA P-256").contains("ssh_host_ecdsa_key.pub"));
        assert!(verify_command("RSA 3072").contains("ssh_host_rsa_key.pub"));
        assert!(verify_command("Ed25519").contains("ssh_host_ed25519_key.pub"));
    }
}
