//! One key of the person.

use transom_browser::vault::KeyRecord;
use transom_protocol::{Echo, Secret};
use yew::{
    AttrValue, Callback, Html, MouseEvent, Properties, UseStateSetter, component, html, use_state,
};

use crate::component::copy_button::CopyButton;
use crate::component::dialog::Dialog;
use crate::component::key_certificate::{self, KeyCertificate};
use crate::component::key_export::KeyExporter;
use crate::component::key_install::KeyInstaller;
use crate::component::key_issuer::{self, Issuer};
use crate::component::key_line::KeyLine;
use crate::component::key_qr::KeyQr;
use crate::component::prompt_form::{Field, PromptForm};
use crate::service::place;
use crate::state::authorized::{RESTRICTED, authorized_line, cloud_init};
use crate::state::message::{button, key_line, keys as words};

/// What a person does to a key.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Change {
    Rename(String),
    Delete,
    /// The certificate that it has from now on.
    Certificate(Option<String>),
    /// The issuer is to be asked for one.
    Ask,
    /// It logged in somewhere.
    Used,
}

/// Where the private half of a key is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Protection {
    Browser,
    /// It can be exported.
    Vault,
    Passkey,
}

/// What the card shows.
#[derive(PartialEq, Properties)]
pub(crate) struct KeyCardProps {
    pub(crate) record: KeyRecord,
    pub(crate) protection: Protection,
    pub(crate) issuer: Issuer,
    pub(crate) on_change: Callback<Change>,
}

/// What the card asks for.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Asking {
    Nothing,
    Name,
    Deletion,
    Host,
    Export,
    Certificate,
    Code,
    Line,
}

/// Shows a key and what can be done with it.
#[component]
pub(crate) fn KeyCard(props: &KeyCardProps) -> Html {
    let KeyCardProps {
        record,
        protection,
        issuer,
        on_change,
    } = props;
    let asking = use_state(|| Asking::Nothing);
    let ask = |what| {
        let setter = asking.setter();
        Callback::from(move |_: MouseEvent| setter.set(what))
    };
    let (kind, randomart) = record.kind_and_randomart().unwrap_or_default();
    let line = authorized_line(&record.public, &record.name);
    html! {
        <li class="key-card" aria-label={record.name.clone()}>
            <h2>{ record.name.clone() }</h2>
            <p class="key-facts">
                <span>{ kind }</span>
                <code class="fingerprint">{ record.fingerprint.clone() }</code>
            </p>
            <p class="hint">{ dates(record) }</p>
            <p class="hint">{ protection.words() }</p>
            { key_certificate::line(record) }
            <details>
                <summary>{ words::RANDOMART.say() }</summary>
                <pre class="randomart">{ randomart }</pre>
                <code class="public-key">{ line.clone() }</code>
            </details>
            <div class="key-actions">
                <button type="button" onclick={ask(Asking::Host)}>{ words::INSTALL.say() }</button>
                <CopyButton name={words::COPY_PUBLIC.say()} text={line.clone()} />
                <CopyButton name={words::COPY_RESTRICTED.say()} text={format!("{RESTRICTED} {line}")} />
                <button type="button" class="quiet" onclick={ask(Asking::Line)}>{ key_line::OPEN.say() }</button>
                <CopyButton name={words::COPY_CLOUD_INIT.say()} text={cloud_init(&line)} />
                <button type="button" class="quiet" onclick={ask(Asking::Code)}>{ words::QR.say() }</button>
                <button type="button" class="quiet" onclick={ask(Asking::Certificate)}>
                    { words::CERTIFICATE.say() }
                </button>
                { key_issuer::button(record, *issuer, on_change.reform(|_: MouseEvent| Change::Ask)) }
                if *protection == Protection::Vault {
                    <button type="button" class="quiet" onclick={ask(Asking::Export)}>
                        { words::EXPORT.say() }
                    </button>
                }
                <button type="button" class="quiet" onclick={ask(Asking::Name)}>{ button::RENAME.say() }</button>
                <button type="button" class="quiet" onclick={ask(Asking::Deletion)}>{ button::DELETE.say() }</button>
            </div>
            { question(*asking, &asking.setter(), record, on_change) }
        </li>
    }
}

fn question(
    asking: Asking,
    setter: &UseStateSetter<Asking>,
    record: &KeyRecord,
    on_change: &Callback<Change>,
) -> Html {
    let done = setter.clone();
    let close = Callback::from(move |()| done.set(Asking::Nothing));
    match asking {
        Asking::Nothing => Html::default(),
        Asking::Name => {
            let fields = vec![Field {
                label: AttrValue::Static(words::NEW_NAME.say()),
                echo: Echo::Shown,
                autocomplete: "off",
            }];
            let (on_change, done) = (on_change.clone(), close.clone());
            let on_submit = Callback::from(move |texts: Vec<Secret>| {
                let name = texts.first().map(|text| text.expose().trim().to_owned());
                if let Some(name) = name.filter(|name| !name.is_empty()) {
                    on_change.emit(Change::Rename(name));
                }
                done.emit(());
            });
            html! {
                <Dialog title={words::RENAME_IT.with(&[("name", &record.name)])} on_cancel={close}>
                    <PromptForm {fields} {on_submit} />
                </Dialog>
            }
        }
        Asking::Certificate => {
            let on_change = on_change.reform(Change::Certificate);
            html! { <KeyCertificate record={record.clone()} {on_change} on_close={close} /> }
        }
        Asking::Code => html! {
            <KeyQr name={record.name.clone()} line={authorized_line(&record.public, &record.name)} on_close={close} />
        },
        Asking::Line => html! {
            <KeyLine name={record.name.clone()} public={authorized_line(&record.public, &record.name)} on_close={close} />
        },
        Asking::Export => html! {
            <KeyExporter fingerprint={record.fingerprint.clone()} name={record.name.clone()}
                on_close={close} />
        },
        Asking::Host => {
            let on_used = on_change.reform(|()| Change::Used);
            html! {
                <KeyInstaller fingerprint={record.fingerprint.clone()} name={record.name.clone()}
                    on_close={close} {on_used} />
            }
        }
        Asking::Deletion => {
            let keep = close.reform(|_: MouseEvent| ());
            let delete = on_change.reform(|_: MouseEvent| Change::Delete);
            html! {
                <Dialog title={words::DELETE_IT.with(&[("name", &record.name)])} on_cancel={close}>
                    <p>{ words::DELETE_WHAT.say() }</p>
                    <menu>
                        <button type="button" autofocus=true onclick={keep}>{ button::KEEP.say() }</button>
                        <button type="button" class="danger" onclick={delete}>{ words::DELETE.say() }</button>
                    </menu>
                </Dialog>
            }
        }
    }
}

impl Protection {
    fn words(self) -> &'static str {
        match self {
            Self::Browser => words::IN_BROWSER.say(),
            Self::Vault => words::IN_VAULT.say(),
            Self::Passkey => words::IN_PASSKEY.say(),
        }
    }
}

fn dates(record: &KeyRecord) -> String {
    let created = place::date(record.created_ms);
    match record.uses.first() {
        None => words::CREATED.with(&[("created", &created)]),
        Some(last) => words::CREATED_USED.with(&[
            ("created", &created),
            ("used", &place::date(last.last_ms)),
            ("host", &last.host),
        ]),
    }
}
