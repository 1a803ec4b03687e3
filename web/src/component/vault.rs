//! The vault's dialog: create, unlock, change the passphrase.

use transom_protocol::{Echo, Secret, VaultCommand, VaultOutcome};
use yew::{AttrValue, Callback, Html, MouseEvent, Properties, component, html, use_state};

use crate::component::dialog::Dialog;
use crate::component::prompt_form::{Field, PromptForm};
use crate::component::vault_passkey::PasskeyUnlock;
use crate::hook::use_provided;
use crate::state::message::{button, vault as words};
use crate::state::safe::{Asking, SafeAction, trouble, unfit};

/// What is asked for.
#[derive(PartialEq, Properties)]
pub(crate) struct VaultDialogProps {
    pub(crate) asking: Asking,
}

/// What the dialog shows.
#[derive(Clone, Debug, PartialEq)]
enum Stage {
    Asking(Option<String>),
    Working,
}

/// Asks for passphrases of the vault.
#[component]
pub(crate) fn VaultDialog(props: &VaultDialogProps) -> Html {
    let provided = use_provided();
    let stage = use_state(|| Stage::Asking(None));
    let Some(safe) = provided.map(|provided| provided.safe) else {
        return Html::default();
    };
    let asking = props.asking;
    let on_cancel = {
        let state = safe.state.dispatcher();
        Callback::from(move |()| state.dispatch(SafeAction::Dismissed))
    };
    let on_submit = {
        let setter = stage.setter();
        let safe = safe.clone();
        Callback::from(move |texts: Vec<Secret>| {
            let command = match command(asking, texts) {
                Ok(command) => command,
                Err(problem) => return setter.set(Stage::Asking(Some(problem))),
            };
            setter.set(Stage::Working);
            let (setter, reread) = (setter.clone(), safe.clone());
            let on_outcome = Callback::from(move |outcome: VaultOutcome| {
                reread.look();
                if let Some(problem) = trouble(&outcome) {
                    setter.set(Stage::Asking(Some(problem)));
                }
            });
            safe.command(command, on_outcome);
        })
    };
    let (title, words, fields) = asked(asking);
    let body = match &*stage {
        Stage::Working => {
            html! { <p role="status">{ words::DERIVING.say() }</p> }
        }
        Stage::Asking(problem) => html! {
            <>
                if asking == Asking::Unlock {
                    <PasskeyUnlock />
                }
                <p class="hint">{ words }</p>
                if let Some(problem) = problem {
                    <p class="refusal" role="alert">{ problem.clone() }</p>
                }
                <PromptForm {fields} {on_submit} />
            </>
        },
    };
    html! {
        <Dialog {title} class="vault-dialog" on_cancel={on_cancel.clone()}>
            { body }
            <div class="actions">
                <button type="button" onclick={on_cancel.reform(|_: MouseEvent| ())}>
                    { button::CANCEL.say() }
                </button>
            </div>
        </Dialog>
    }
}

fn asked(asking: Asking) -> (&'static str, &'static str, Vec<Field>) {
    let field = |label, autocomplete| Field {
        label: AttrValue::Static(label),
        echo: Echo::Hidden,
        autocomplete,
    };
    let (old, new, again) = (
        field(button::PASSPHRASE.say(), "off"),
        field(words::NEW_PASSPHRASE.say(), "new-password"),
        field(words::REPEAT.say(), "new-password"),
    );
    match asking {
        Asking::Create => (
            words::CREATE_TITLE.say(),
            words::CREATE_WHAT.say(),
            vec![new, again],
        ),
        Asking::Unlock => (
            words::UNLOCK_TITLE.say(),
            words::UNLOCK_WHAT.say(),
            vec![old],
        ),
        Asking::Change => (
            words::CHANGE_TITLE.say(),
            words::CHANGE_WHAT.say(),
            vec![old, new, again],
        ),
    }
}

/// What the person wants, or what is wrong with the passphrase.
fn command(asking: Asking, texts: Vec<Secret>) -> Result<VaultCommand, String> {
    let mut texts = texts.into_iter();
    let mut next = || texts.next().unwrap_or_else(|| Secret::new(""));
    let checked = |new: Secret, again: &Secret| match unfit(new.expose(), again.expose()) {
        Some(problem) => Err(problem),
        None => Ok(new),
    };
    Ok(match asking {
        Asking::Unlock => VaultCommand::Unlock { passphrase: next() },
        Asking::Create => VaultCommand::Create {
            passphrase: checked(next(), &next())?,
        },
        Asking::Change => VaultCommand::Change {
            old: next(),
            new: checked(next(), &next())?,
        },
    })
}
