//! Restoring a backup.

use std::rc::Rc;

use transom_protocol::{BackupCommand, BackupOutcome, Echo, Secret};
use yew::{
    AttrValue, Callback, Html, MouseEvent, UseStateSetter, component, html, use_effect_with,
    use_mut_ref, use_state,
};

use crate::component::dialog::Dialog;
use crate::component::prompt_form::{Field, PromptForm};
use crate::component::text_file::TextFile;
use crate::hook::{Provided, hosts, use_provided};
use crate::service::backup::{self, Slot, Work};
use crate::state::backup::{Content, Summary, trouble};
use crate::state::message::{backup as words, button};
use crate::state::safe::Lock;
use crate::state::settings::{Settings, SettingsAction};

#[derive(Clone)]
enum Stage {
    Closed,
    /// The file was chosen; tells what was wrong with the passphrase before.
    Asking(Option<&'static str>),
    Working,
    /// It is open, and its keys wait for the vault.
    Vault(Rc<Content>),
    Done(Summary),
    Failed(String),
}

/// A button for the file, and the dialog that follows.
#[component]
pub(crate) fn Restore() -> Html {
    let provided = use_provided();
    let stage = use_state(|| Stage::Closed);
    let file = use_state(String::new);
    let work: Slot = use_mut_ref(|| None);
    let lock = provided.as_ref().map(|provided| provided.safe.state.lock);
    let waiting = match &*stage {
        Stage::Vault(content) if lock == Some(Lock::Open) => Some(Rc::clone(content)),
        _ => None,
    };
    let (setter, restoring) = (stage.setter(), provided.clone());
    use_effect_with(waiting.is_some(), move |_| {
        if let Some((content, provided)) = waiting.zip(restoring) {
            keep(content, provided, setter);
        }
    });
    let Some(provided) = provided else {
        return Html::default();
    };
    let on_text = {
        let (setter, file) = (stage.setter(), file.setter());
        Callback::from(move |(_, text): (String, Option<String>)| match text {
            Some(text) => {
                file.set(text);
                setter.set(Stage::Asking(None));
            }
            None => setter.set(Stage::Failed(
                trouble(Some(&BackupOutcome::TooLarge)).to_owned(),
            )),
        })
    };
    let on_submit = {
        let (setter, work) = (stage.setter(), work.clone());
        let (text, provided) = ((*file).clone(), provided.clone());
        Callback::from(move |texts: Vec<Secret>| {
            let Some(passphrase) = texts.into_iter().next() else {
                return;
            };
            setter.set(Stage::Working);
            let (told, provided) = (setter.clone(), provided.clone());
            let on_outcome = Callback::from(move |outcome: Option<BackupOutcome>| match outcome {
                Some(BackupOutcome::Opened { content }) => match Content::from_text(&content) {
                    Some(content) => opened(content, &provided, &told),
                    None => told.set(Stage::Failed(
                        trouble(Some(&BackupOutcome::Damaged)).to_owned(),
                    )),
                },
                Some(BackupOutcome::WrongPassphrase) => {
                    told.set(Stage::Asking(Some(trouble(outcome.as_ref()))));
                }
                other => told.set(Stage::Failed(trouble(other.as_ref()).to_owned())),
            });
            let text = text.clone();
            let started = Work::start(BackupCommand::Open { text, passphrase }, on_outcome);
            if started.is_none() {
                setter.set(Stage::Failed(trouble(None).to_owned()));
            }
            work.replace(started);
        })
    };
    let on_cancel = {
        let setter = stage.setter();
        Callback::from(move |()| {
            work.replace(None);
            setter.set(Stage::Closed);
        })
    };
    let open_vault = Callback::from(move |_: MouseEvent| provided.safe.ask_to_open());
    let body = match &*stage {
        Stage::Closed => None,
        Stage::Asking(problem) => Some(asking(*problem, on_submit)),
        Stage::Working => Some(html! { <p role="status">{ words::OPENING.say() }</p> }),
        Stage::Vault(content) => Some(html! {
            <>
                <p role="status">{ words::RESTORE_KEYS.with(&[("n", &content.keys.len().to_string())]) }</p>
                <div class="actions">
                    <button type="button" class="primary" onclick={open_vault}>
                        { words::OPEN_VAULT.say() }
                    </button>
                </div>
            </>
        }),
        Stage::Done(summary) => Some(html! {
            <p role="status">{ words::RESTORED.with(&[("words", &summary.words())]) }</p>
        }),
        Stage::Failed(words) => {
            Some(html! { <p class="refusal" role="alert">{ words.clone() }</p> })
        }
    };
    html! {
        <>
            <TextFile name={words::RESTORE.say()} accept=".txt" {on_text} />
            if let Some(body) = body {
                <Dialog title={words::RESTORE.say()} class="backup" on_cancel={on_cancel.clone()}>
                    { body }
                    <menu>
                        <button type="button" onclick={on_cancel.reform(|_: MouseEvent| ())}>
                            { button::CLOSE.say() }
                        </button>
                    </menu>
                </Dialog>
            }
        </>
    }
}

fn asking(problem: Option<&'static str>, on_submit: Callback<Vec<Secret>>) -> Html {
    let fields = vec![Field {
        label: AttrValue::Static(words::PASSPHRASE.say()),
        echo: Echo::Hidden,
        autocomplete: "off",
    }];
    html! {
        <>
            <p>{ words::RESTORE_WHAT.say() }</p>
            if let Some(problem) = problem {
                <p class="refusal" role="alert">{ problem }</p>
            }
            <PromptForm {fields} {on_submit} />
        </>
    }
}

/// Goes on with what was in the file.
fn opened(content: Content, provided: &Provided, setter: &UseStateSetter<Stage>) {
    let content = Rc::new(content);
    if content.keys.is_empty() {
        keep(content, provided.clone(), setter.clone());
    } else {
        // Whether the vault is open is known to the next rendering.
        provided.safe.look();
        setter.set(Stage::Vault(content));
    }
}

/// Keeps what was in the file, and shows it.
fn keep(content: Rc<Content>, provided: Provided, setter: UseStateSetter<Stage>) {
    setter.set(Stage::Working);
    wasm_bindgen_futures::spawn_local(async move {
        let key = provided.safe.key();
        if let Err(failure) = backup::restore(&content, key.as_ref()).await {
            let words = words::NOT_ALL.with(&[("failure", &failure.to_string())]);
            return setter.set(Stage::Failed(words));
        }
        if let Ok(settings) = Settings::parse(&content.settings) {
            let replaced = SettingsAction::Replaced(Box::new(settings));
            provided.settings.dispatch(replaced);
        }
        hosts::read(&provided.hosts);
        setter.set(Stage::Done(content.summary(Vec::new())));
    });
}
