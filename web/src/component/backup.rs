//! Writing a backup.

use transom_protocol::{BackupCommand, BackupOutcome, Echo, Secret};
use yew::{
    AttrValue, Callback, Html, MouseEvent, component, html, use_effect_with, use_mut_ref, use_state,
};

use crate::component::dialog::Dialog;
use crate::component::prompt_form::{Field, PromptForm};
use crate::hook::use_provided;
use crate::service::backup::{self, Slot, Work};
use crate::service::download;
use crate::state::backup::{Summary, trouble};
use crate::state::message::{backup as words, button};
use crate::state::safe::{Lock, unfit};

#[derive(Clone, Debug, PartialEq)]
enum Stage {
    Closed,
    Asking(Option<String>),
    Working,
    Done(Summary),
}

/// A button, and the dialog behind it.
#[component]
pub(crate) fn Backup() -> Html {
    let provided = use_provided();
    let stage = use_state(|| Stage::Closed);
    let work: Slot = use_mut_ref(|| None);
    let Some(provided) = provided else {
        return Html::default();
    };
    let go_to = |next: Stage| {
        let setter = stage.setter();
        Callback::from(move |_: MouseEvent| setter.set(next.clone()))
    };
    let on_submit = {
        let (setter, work, provided) = (stage.setter(), work.clone(), provided.clone());
        Callback::from(move |texts: Vec<Secret>| {
            let mut texts = texts.into_iter();
            let (Some(passphrase), Some(again)) = (texts.next(), texts.next()) else {
                return;
            };
            if let Some(problem) = unfit(passphrase.expose(), again.expose()) {
                return setter.set(Stage::Asking(Some(problem)));
            }
            setter.set(Stage::Working);
            let (setter, work, provided) = (setter.clone(), work.clone(), provided.clone());
            wasm_bindgen_futures::spawn_local(async move {
                let gathered = backup::gather(provided.safe.key(), &provided.settings).await;
                let (content, summary) = match gathered {
                    Ok(gathered) => gathered,
                    Err(failure) => {
                        return setter.set(Stage::Asking(Some(failure.to_string())));
                    }
                };
                let told = setter.clone();
                let on_outcome = Callback::from(move |outcome: Option<BackupOutcome>| {
                    told.set(match outcome {
                        Some(BackupOutcome::Sealed { text }) => {
                            download::text("transom-backup.txt", "text/plain", &text);
                            Stage::Done(summary.clone())
                        }
                        other => Stage::Asking(Some(trouble(other.as_ref()).to_owned())),
                    });
                });
                let command = BackupCommand::Seal {
                    content,
                    passphrase,
                };
                let started = Work::start(command, on_outcome);
                if started.is_none() {
                    setter.set(Stage::Asking(Some(trouble(None).to_owned())));
                }
                work.replace(started);
            });
        })
    };
    let on_cancel = {
        let setter = stage.setter();
        Callback::from(move |()| setter.set(Stage::Closed))
    };
    let body = match &*stage {
        Stage::Closed => Html::default(),
        Stage::Asking(problem) => html! { <Asking problem={problem.clone()} {on_submit} /> },
        Stage::Working => html! { <p role="status">{ words::ENCRYPTING.say() }</p> },
        Stage::Done(summary) => html! {
            <>
                <p role="status">{ words::SAVED.with(&[("words", &summary.words())]) }</p>
                if let Some(words) = summary.left_words() { <p>{ words }</p> }
            </>
        },
    };
    html! {
        <>
            <button type="button" onclick={go_to(Stage::Asking(None))}>{ words::BACK_UP.say() }</button>
            if *stage != Stage::Closed {
                <Dialog title={words::TITLE.say()} class="backup" {on_cancel}>
                    { body }
                    <menu>
                        <button type="button" onclick={go_to(Stage::Closed)}>{ button::CLOSE.say() }</button>
                    </menu>
                </Dialog>
            }
        </>
    }
}

#[derive(PartialEq, yew::Properties)]
struct AskingProps {
    problem: Option<String>,
    on_submit: Callback<Vec<Secret>>,
}

/// Says what will be in it, and asks for its passphrase; where there are keys for it, for the vault first.
#[component]
fn Asking(props: &AskingProps) -> Html {
    let safe = use_provided().map(|provided| provided.safe);
    let needed = use_state(|| None::<bool>);
    let (setter, looking) = (needed.setter(), safe.clone());
    use_effect_with((), move |()| {
        if let Some(safe) = looking {
            safe.look();
        }
        wasm_bindgen_futures::spawn_local(async move {
            setter.set(Some(backup::needs_vault().await.unwrap_or(false)));
        });
    });
    let (Some(safe), Some(needed)) = (safe, *needed) else {
        return Html::default();
    };
    if needed && safe.state.lock != Lock::Open {
        let onclick = Callback::from(move |_: MouseEvent| safe.ask_to_open());
        return html! {
            <>
                <p>{ words::KEYS_LOCKED.say() }</p>
                <div class="actions">
                    <button type="button" class="primary" {onclick}>{ button::UNLOCK_VAULT.say() }</button>
                </div>
            </>
        };
    }
    let field = |label| Field {
        label: AttrValue::Static(label),
        echo: Echo::Hidden,
        autocomplete: "new-password",
    };
    let fields = vec![field(words::PASSPHRASE.say()), field(words::REPEAT.say())];
    let on_submit = props.on_submit.clone();
    html! {
        <>
            <p>{ words::WHAT.say() }</p>
            if let Some(problem) = &props.problem {
                <p class="refusal" role="alert">{ problem.clone() }</p>
            }
            <PromptForm {fields} {on_submit} />
        </>
    }
}
