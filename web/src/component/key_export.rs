//! Writing a key of the vault as an encrypted file.

use transom_protocol::{Echo, Secret};
use yew::{
    AttrValue, Callback, Html, MouseEvent, Properties, component, html, use_mut_ref, use_state,
};

use crate::component::dialog::Dialog;
use crate::component::prompt_form::{Field, PromptForm};
use crate::hook::use_provided;
use crate::service::download;
use crate::service::key_export::{KeyWriter, Slot};
use crate::state::key_file;
use crate::state::message::{button, keys as words};
use crate::state::safe::{Lock, unfit};

/// Which key.
#[derive(PartialEq, Properties)]
pub(crate) struct KeyExporterProps {
    pub(crate) fingerprint: String,
    pub(crate) name: String,
    pub(crate) on_close: Callback<()>,
}

#[derive(Clone, Debug, PartialEq)]
enum Stage {
    Asking(Option<String>),
    Working,
    Done,
}

/// Asks for the file's passphrase, and saves the file.
#[component]
pub(crate) fn KeyExporter(props: &KeyExporterProps) -> Html {
    let safe = use_provided().map(|provided| provided.safe);
    let stage = use_state(|| Stage::Asking(None));
    let writer: Slot = use_mut_ref(|| None);
    let Some(safe) = safe else {
        return Html::default();
    };
    let on_file = {
        let (setter, name) = (stage.setter(), props.name.clone());
        Callback::from(move |file: Option<String>| {
            setter.set(match file {
                Some(text) => {
                    let kind = "application/octet-stream";
                    download::text(&key_file::name(&name), kind, &text);
                    Stage::Done
                }
                None => Stage::Asking(Some(words::NOT_WRITTEN.say().to_owned())),
            });
        })
    };
    let on_submit = {
        let (setter, writer, safe) = (stage.setter(), writer.clone(), safe.clone());
        let (fingerprint, name) = (props.fingerprint.clone(), props.name.clone());
        Callback::from(move |texts: Vec<Secret>| {
            let mut texts = texts.into_iter();
            let (Some(new), Some(again)) = (texts.next(), texts.next()) else {
                return;
            };
            if let Some(problem) = unfit(new.expose(), again.expose()) {
                return setter.set(Stage::Asking(Some(problem)));
            }
            setter.set(Stage::Working);
            let (on_file, writer, name) = (on_file.clone(), writer.clone(), name.clone());
            let on_key = Callback::from(move |text: Option<Secret>| match text {
                Some(text) => {
                    let (name, new) = (name.clone(), new.clone());
                    let started = KeyWriter::start(text, name, new, &on_file);
                    if started.is_none() {
                        on_file.emit(None);
                    }
                    writer.replace(started);
                }
                None => on_file.emit(None),
            });
            safe.read_key(fingerprint.clone(), on_key);
        })
    };
    let unlock = {
        let safe = safe.clone();
        Callback::from(move |_: MouseEvent| safe.ask_to_open())
    };
    let close = props.on_close.reform(|_: MouseEvent| ());
    let body = match &*stage {
        Stage::Done => html! {
            <p role="status">{ words::EXPORTED.say() }</p>
        },
        Stage::Working => html! { <p role="status">{ words::ENCRYPTING.say() }</p> },
        Stage::Asking(_) if safe.state.lock != Lock::Open => html! {
            <>
                <p>{ words::IN_LOCKED_VAULT.say() }</p>
                <div class="actions">
                    <button type="button" class="primary" onclick={unlock}>{ button::UNLOCK_VAULT.say() }</button>
                </div>
            </>
        },
        Stage::Asking(problem) => asking(problem.as_ref(), on_submit),
    };
    html! {
        <Dialog title={words::EXPORT_IT.with(&[("name", &props.name)])} on_cancel={props.on_close.clone()}>
            { body }
            <menu><button type="button" onclick={close}>{ button::CLOSE.say() }</button></menu>
        </Dialog>
    }
}

fn asking(problem: Option<&String>, on_submit: Callback<Vec<Secret>>) -> Html {
    let field = |label| Field {
        label: AttrValue::Static(label),
        echo: Echo::Hidden,
        autocomplete: "new-password",
    };
    let fields = vec![
        field(words::FILE_PASSPHRASE.say()),
        field(words::REPEAT.say()),
    ];
    html! {
        <>
            <p>{ words::EXPORT_WHAT.say() }</p>
            if let Some(problem) = problem {
                <p class="refusal" role="alert">{ problem.clone() }</p>
            }
            <PromptForm {fields} {on_submit} />
        </>
    }
}
