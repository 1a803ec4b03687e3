//! Taking in private keys that were made elsewhere: by file, drop or paste.

mod asking;

use transom_protocol::{Echo, KeyImport, Secret};
use yew::{
    AttrValue, Callback, Html, MouseEvent, Properties, UseStateSetter, component, html,
    use_effect_with, use_mut_ref, use_state,
};

use crate::component::dialog::Dialog;
use crate::component::key_importer::asking::{Asking, Given};
use crate::component::prompt_form::{Field, PromptForm};
use crate::hook::safe::SafeHandle;
use crate::hook::use_provided;
use crate::service::key_import::{KeyReader, Slot};
use crate::state::message::{button, keys as words};
use crate::state::words::{import_problem, imported, vault_words};

/// How far the import is.
#[derive(Clone, Debug, PartialEq)]
enum Stage {
    Closed,
    /// Waits for a file; tells what was wrong with the one before.
    Asking(Option<String>),
    Working,
    Passphrase {
        wrong: bool,
    },
    /// It has to be kept in the vault.
    Vault(String),
    Done(String),
}

/// Who hears that there is another key.
#[derive(PartialEq, Properties)]
pub(crate) struct KeyImporterProps {
    pub(crate) on_kept: Callback<()>,
}

/// A button, and the dialog behind it.
#[component]
pub(crate) fn KeyImporter(props: &KeyImporterProps) -> Html {
    let stage = use_state(|| Stage::Closed);
    let reader: Slot = use_mut_ref(|| None);
    let open = {
        let setter = stage.setter();
        Callback::from(move |_: MouseEvent| setter.set(Stage::Asking(None)))
    };
    let close = {
        let (setter, reader) = (stage.setter(), reader.clone());
        Callback::from(move |()| {
            // Ends the worker, and what it knows of the key.
            reader.replace(None);
            setter.set(Stage::Closed);
        })
    };
    let safe = use_provided().map(|provided| provided.safe);
    let key = safe.as_ref().and_then(SafeHandle::key);
    let on_text = taking(&stage.setter(), &reader, (&props.on_kept, safe.clone()));
    // The vault was opened for a key that waits.
    let (opened, setter, waiting) = (key.is_some(), stage.setter(), reader.clone());
    let waits = matches!(*stage, Stage::Vault(_));
    use_effect_with((opened, waits), move |(opened, waits)| {
        if let Some(reader) = waiting.borrow().as_ref().filter(|_| *opened && *waits) {
            setter.set(Stage::Working);
            reader.read(None, key);
        }
    });
    html! {
        <>
            <button type="button" onclick={open}>{ words::IMPORT_KEY.say() }</button>
            if *stage != Stage::Closed {
                <Dialog title={words::IMPORT_TITLE.say()} class="key-import" on_cancel={close.clone()}>
                    { body(&stage, &stage.setter(), &reader, (&on_text, &close, safe)) }
                </Dialog>
            }
        </>
    }
}

/// Starts to read what a person gave: a name, and the text.
fn taking(
    setter: &UseStateSetter<Stage>,
    reader: &Slot,
    (on_kept, safe): (&Callback<()>, Option<SafeHandle>),
) -> Callback<Given> {
    let (setter, reader, on_kept) = (setter.clone(), reader.clone(), on_kept.clone());
    Callback::from(move |given: Given| {
        let Given {
            name,
            text,
            exportable,
        } = given;
        let (told, kept) = (setter.clone(), on_kept.clone());
        let on_outcome = Callback::from(move |outcome: Option<KeyImport>| {
            told.set(match &outcome {
                Some(KeyImport::NeedsPassphrase { wrong }) => Stage::Passphrase { wrong: *wrong },
                Some(KeyImport::Kept { again, sealed, .. }) => {
                    kept.emit(());
                    Stage::Done(imported(*again, *sealed).to_owned())
                }
                Some(KeyImport::NeedsVault { kind, only }) => {
                    Stage::Vault(vault_words(kind, *only))
                }
                other => Stage::Asking(Some(import_problem(other.as_ref()))),
            });
        });
        setter.set(Stage::Working);
        let started = KeyReader::start(name, text, exportable, on_outcome);
        match &started {
            Some(started) => started.read(None, safe.as_ref().and_then(SafeHandle::key)),
            None => setter.set(Stage::Asking(Some(import_problem(None)))),
        }
        reader.replace(started);
    })
}

fn body(
    stage: &Stage,
    setter: &UseStateSetter<Stage>,
    reader: &Slot,
    (on_text, close, safe): (&Callback<Given>, &Callback<()>, Option<SafeHandle>),
) -> Html {
    match stage {
        Stage::Closed => Html::default(),
        Stage::Asking(problem) => html! { <Asking problem={problem.clone()} {on_text} {close} /> },
        Stage::Working => html! { <p role="status">{ words::READING.say() }</p> },
        Stage::Passphrase { wrong } => {
            let fields = vec![Field {
                label: AttrValue::Static(button::PASSPHRASE.say()),
                echo: Echo::Hidden,
                autocomplete: "off",
            }];
            let (setter, reader) = (setter.clone(), reader.clone());
            let on_submit = Callback::from(move |texts: Vec<Secret>| {
                setter.set(Stage::Working);
                if let Some(reader) = &*reader.borrow() {
                    let key = safe.as_ref().and_then(SafeHandle::key);
                    reader.read(texts.into_iter().next(), key);
                }
            });
            let words = if *wrong {
                words::WRONG_PASSPHRASE.say()
            } else {
                words::ENCRYPTED.say()
            };
            html! {
                <>
                    <p role={wrong.then_some("alert")}>{ words }</p>
                    <PromptForm {fields} {on_submit} />
                </>
            }
        }
        Stage::Vault(words) => {
            let open = Callback::from(move |_: MouseEvent| {
                if let Some(safe) = &safe {
                    safe.ask_to_open();
                }
            });
            let close = close.reform(|_: MouseEvent| ());
            html! {
                <>
                    <p role="status">{ words }</p>
                    <menu>
                        <button type="button" onclick={close}>{ button::CANCEL.say() }</button>
                        <button type="button" class="primary" autofocus=true onclick={open}>
                            { words::OPEN_VAULT.say() }
                        </button>
                    </menu>
                </>
            }
        }
        Stage::Done(words) => {
            let close = close.reform(|_: MouseEvent| ());
            html! {
                <>
                    <p role="status">{ words }</p>
                    <menu>
                        <button type="button" class="primary" autofocus=true onclick={close}>
                            { words::DONE.say() }
                        </button>
                    </menu>
                </>
            }
        }
    }
}
