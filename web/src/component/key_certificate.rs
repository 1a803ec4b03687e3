//! The certificate of a key: what it says, and how one is attached.

use transom_browser::vault::{CertificateFacts, KeyRecord};
use web_sys::{HtmlTextAreaElement, SubmitEvent};
use yew::{Callback, Html, MouseEvent, Properties, component, html, use_node_ref, use_state};

use crate::component::dialog::Dialog;
use crate::component::key_issuer;
use crate::component::rich::rich;
use crate::component::text_file::TextFile;
use crate::service::place;
use crate::state::certificate::{Standing, principals, standing, trouble, warning};
use crate::state::message::{button, keys as words};

/// Which key.
#[derive(PartialEq, Properties)]
pub(crate) struct KeyCertificateProps {
    pub(crate) record: KeyRecord,
    /// The certificate that it has from now on.
    pub(crate) on_change: Callback<Option<String>>,
    pub(crate) on_close: Callback<()>,
}

/// Shows the certificate; attaches another one, or removes it.
#[component]
pub(crate) fn KeyCertificate(props: &KeyCertificateProps) -> Html {
    let (area, problem) = (use_node_ref(), use_state(|| None::<&'static str>));
    let attach = {
        let (record, setter) = (props.record.clone(), problem.setter());
        let (on_change, on_close) = (props.on_change.clone(), props.on_close.clone());
        Callback::from(move |text: String| {
            let mut record = record.clone();
            match record.attach_certificate(&text) {
                Ok(()) => {
                    on_change.emit(record.certificate);
                    on_close.emit(());
                }
                Err(error) => setter.set(Some(trouble(error))),
            }
        })
    };
    let on_text = attach.reform(|(_, text): (String, Option<String>)| text.unwrap_or_default());
    let onsubmit = {
        let area = area.clone();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if let Some(area) = area.cast::<HtmlTextAreaElement>() {
                attach.emit(area.value());
            }
        })
    };
    let remove = {
        let (on_change, on_close) = (props.on_change.clone(), props.on_close.clone());
        Callback::from(move |_: MouseEvent| {
            on_change.emit(None);
            on_close.emit(());
        })
    };
    let close = props.on_close.reform(|_: MouseEvent| ());
    html! {
        <Dialog title={words::CERTIFICATE_OF.with(&[("name", &props.record.name)])} class="key-import"
            on_cancel={props.on_close.clone()}>
            if let Some(facts) = props.record.certificate_facts() { { told(&facts) } }
            <p class="hint">{ words::CERTIFICATE_WHAT.say() }</p>
            if let Some(problem) = *problem {
                <p class="refusal" role="alert">{ problem }</p>
            }
            <TextFile name={words::CHOOSE_CERTIFICATE.say()} accept=".pub" {on_text} />
            <form {onsubmit}>
                <label class="field">
                    <span>{ words::CERTIFICATE.say() }</span>
                    <textarea ref={area} rows="4" autocomplete="off" autocapitalize="off"
                        spellcheck="false" placeholder={words::PASTE_HERE.say()} />
                </label>
                <menu>
                    if props.record.certificate.is_some() {
                        <button type="button" class="danger" onclick={remove}>
                            { words::REMOVE_CERTIFICATE.say() }
                        </button>
                    }
                    <button type="button" onclick={close}>{ button::CLOSE.say() }</button>
                    <button type="submit" class="primary">{ words::ATTACH.say() }</button>
                </menu>
            </form>
        </Dialog>
    }
}

/// Everything that the certificate says.
fn told(facts: &CertificateFacts) -> Html {
    let before = facts
        .before_ms
        .map_or(words::NO_END.say().to_owned(), place::moment);
    let options = if facts.options.is_empty() {
        words::NO_OPTIONS.say().to_owned()
    } else {
        facts.options.join(", ")
    };
    let row = |name: &'static str, text: String| {
        html! { <><dt>{ name }</dt><dd><bdi>{ text }</bdi></dd></> }
    };
    html! {
        <dl class="certificate" aria-label={words::CERTIFICATE.say()}>
            { row(words::NAME.say(), facts.key_id.clone()) }
            { row(words::NUMBER.say(), facts.serial.to_string()) }
            { row(words::FOR.say(), principals(facts)) }
            { row(words::VALID.say(), words::VALID_SPAN.with(&[("after", &place::moment(facts.after_ms)), ("before", &before)])) }
            { row(words::OPTIONS.say(), options) }
            { row(words::AUTHORITY.say(), facts.authority.clone()) }
        </dl>
    }
}

/// One line about the certificate, and what to do about it.
pub(crate) fn line(record: &KeyRecord) -> Html {
    let Some(facts) = record.certificate_facts() else {
        return key_issuer::line(record);
    };
    let standing = standing(&facts, place::now_ms());
    // What an issuer gave lives for hours, and is renewed by itself.
    let by_hand = key_issuer::fetched(record).is_none() || standing == Standing::Early;
    let mut parts = vec![("users", html! { <bdi>{ principals(&facts) }</bdi> })];
    let message = match facts.before_ms {
        Some(before) => {
            parts.push(("end", html! { place::moment(before) }));
            words::CERTIFICATE_UNTIL
        }
        None => words::CERTIFICATE_FOREVER,
    };
    html! {
        <>
            <p class="hint">{ rich(message, &parts) }</p>
            if let Some(words) = by_hand.then_some(standing).and_then(warning) {
                <p class="refusal" role="status">{ words }</p>
            }
            { key_issuer::line(record) }
        </>
    }
}
