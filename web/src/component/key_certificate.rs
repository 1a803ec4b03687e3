//! The certificate of a key: what it says, and how one is attached.

use transom_browser::vault::{CertificateFacts, KeyRecord};
use web_sys::{HtmlTextAreaElement, SubmitEvent};
use yew::{Callback, Html, MouseEvent, Properties, component, html, use_node_ref, use_state};

use crate::component::dialog::Dialog;
use crate::component::text_file::TextFile;
use crate::service::place;
use crate::state::certificate::{principals, standing, trouble, warning};

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
        <Dialog title={format!("Certificate of {}", props.record.name)} class="key-import"
            on_cancel={props.on_close.clone()}>
            if let Some(facts) = props.record.certificate_facts() { { told(&facts) } }
            <p class="hint">{ "A server that trusts the authority lets the key in without a line of \
                its own. The certificate is offered first." }</p>
            if let Some(problem) = *problem {
                <p class="refusal" role="alert">{ problem }</p>
            }
            <TextFile name="Choose certificate" accept=".pub" {on_text} />
            <form {onsubmit}>
                <label class="field">
                    <span>{ "Certificate" }</span>
                    <textarea ref={area} rows="4" autocomplete="off" autocapitalize="off"
                        spellcheck="false" placeholder="or paste it here" />
                </label>
                <menu>
                    if props.record.certificate.is_some() {
                        <button type="button" class="danger" onclick={remove}>
                            { "Remove certificate" }
                        </button>
                    }
                    <button type="button" onclick={close}>{ "Close" }</button>
                    <button type="submit" class="primary">{ "Attach" }</button>
                </menu>
            </form>
        </Dialog>
    }
}

/// Everything that the certificate says.
fn told(facts: &CertificateFacts) -> Html {
    let before = facts.before_ms.map_or("no end".to_owned(), place::moment);
    let options = if facts.options.is_empty() {
        "none".to_owned()
    } else {
        facts.options.join(", ")
    };
    let row = |name: &'static str, text: String| {
        html! { <><dt>{ name }</dt><dd><bdi>{ text }</bdi></dd></> }
    };
    html! {
        <dl class="certificate" aria-label="Certificate">
            { row("Name", facts.key_id.clone()) }
            { row("Number", facts.serial.to_string()) }
            { row("For", principals(facts)) }
            { row("Valid", format!("{} to {before}", place::moment(facts.after_ms))) }
            { row("Options", options) }
            { row("Authority", facts.authority.clone()) }
        </dl>
    }
}

/// One line about the certificate, and what to do about it.
pub(crate) fn line(record: &KeyRecord) -> Html {
    let Some(facts) = record.certificate_facts() else {
        return Html::default();
    };
    let until = facts
        .before_ms
        .map_or("without an end".to_owned(), |before| {
            format!("until {}", place::moment(before))
        });
    html! {
        <>
            <p class="hint">
                { "Certificate for " }<bdi>{ principals(&facts) }</bdi>{ format!(" · {until}") }
            </p>
            if let Some(words) = warning(standing(&facts, place::now_ms())) {
                <p class="refusal" role="status">{ words }</p>
            }
        </>
    }
}
