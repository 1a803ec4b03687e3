//! Taking in private keys that were made elsewhere: by file, drop or paste.

use transom_protocol::{Answer, Echo, KeyImport, Secret};
use web_sys::{HtmlTextAreaElement, SubmitEvent};
use yew::{
    AttrValue, Callback, Html, MouseEvent, Properties, UseStateSetter, component, html,
    use_mut_ref, use_node_ref, use_state,
};

use crate::component::dialog::Dialog;
use crate::component::key_file::KeyFile;
use crate::component::prompt_form::{Field, PromptForm};
use crate::service::key_import::{KeyReader, Slot};
use crate::state::words::imported;

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
    let on_text = taking(&stage.setter(), &reader, &props.on_kept);
    html! {
        <>
            <button type="button" onclick={open}>{ "Import key" }</button>
            if *stage != Stage::Closed {
                <Dialog title="Import a private key" class="key-import" on_cancel={close.clone()}>
                    { body(&stage, &stage.setter(), (&reader, &on_text, &close)) }
                </Dialog>
            }
        </>
    }
}

/// Starts to read what a person gave: a name, and the text.
fn taking(
    setter: &UseStateSetter<Stage>,
    reader: &Slot,
    on_kept: &Callback<()>,
) -> Callback<(String, Secret)> {
    let (setter, reader, on_kept) = (setter.clone(), reader.clone(), on_kept.clone());
    Callback::from(move |(name, text): (String, Secret)| {
        let (told, kept) = (setter.clone(), on_kept.clone());
        let on_outcome = Callback::from(move |outcome: Option<KeyImport>| {
            told.set(match &outcome {
                Some(KeyImport::NeedsPassphrase { wrong }) => Stage::Passphrase { wrong: *wrong },
                Some(KeyImport::Kept { again, .. }) => {
                    kept.emit(());
                    Stage::Done(imported(*again).to_owned())
                }
                other => Stage::Asking(Some(crate::state::words::import_problem(other.as_ref()))),
            });
        });
        setter.set(Stage::Working);
        let started = KeyReader::start(name, text, on_outcome);
        match &started {
            Some(started) => started.read(None),
            None => setter.set(Stage::Asking(Some(crate::state::words::import_problem(
                None,
            )))),
        }
        reader.replace(started);
    })
}

fn body(
    stage: &Stage,
    setter: &UseStateSetter<Stage>,
    (reader, on_text, close): (&Slot, &Callback<(String, Secret)>, &Callback<()>),
) -> Html {
    match stage {
        Stage::Closed => Html::default(),
        Stage::Asking(problem) => html! { <Asking problem={problem.clone()} {on_text} {close} /> },
        Stage::Working => html! { <p role="status">{ "Reading the key…" }</p> },
        Stage::Passphrase { wrong } => {
            let fields = vec![Field {
                label: AttrValue::Static("Passphrase"),
                echo: Echo::Hidden,
                autocomplete: "off",
            }];
            let (setter, reader) = (setter.clone(), reader.clone());
            let on_submit = Callback::from(move |texts: Vec<Secret>| {
                setter.set(Stage::Working);
                if let Some(reader) = &*reader.borrow() {
                    reader.read(texts.into_iter().next());
                }
            });
            let words = if *wrong {
                "That passphrase does not open the key. Try again."
            } else {
                "The key is encrypted. Its passphrase is used once, here, and not kept."
            };
            html! {
                <>
                    <p role={wrong.then_some("alert")}>{ words }</p>
                    <PromptForm {fields} {on_submit} />
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
                            { "Done" }
                        </button>
                    </menu>
                </>
            }
        }
    }
}

#[derive(PartialEq, Properties)]
struct AskingProps {
    problem: Option<String>,
    on_text: Callback<(String, Secret)>,
    close: Callback<()>,
}

/// Asks for the file or its text.
#[component]
fn Asking(props: &AskingProps) -> Html {
    let area = use_node_ref();
    let onsubmit = {
        let (area, on_text) = (area.clone(), props.on_text.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let Some(area) = area.cast::<HtmlTextAreaElement>() else {
                return;
            };
            let text = Secret::new(area.value());
            area.set_value("");
            on_text.emit((String::new(), text));
        })
    };
    let on_answer = props.on_text.reform(|answer: Answer| match answer {
        Answer::KeyFile { name, text } => (name, text),
        _ => (String::new(), Secret::new("")),
    });
    let onclick = props.close.reform(|_: MouseEvent| ());
    html! {
        <>
            <p class="hint">{ "OpenSSH, PKCS#8, PEM or PuTTY (.ppk), encrypted or not. The key stays \
                in this browser, and from then on nobody can read it, you included: keep the file." }</p>
            if let Some(problem) = &props.problem {
                <p class="refusal" role="alert">{ problem.clone() }</p>
            }
            <KeyFile {on_answer} />
            <form {onsubmit}>
                <label class="field">
                    <span>{ "Private key" }</span>
                    <textarea ref={area} rows="6" autocomplete="off" autocapitalize="off"
                        spellcheck="false" placeholder="or paste it here" />
                </label>
                <menu>
                    <button type="button" {onclick}>{ "Cancel" }</button>
                    <button type="submit" class="primary">{ "Import" }</button>
                </menu>
            </form>
        </>
    }
}
