//! Saved passwords at a log-in: the offer to save one afterwards, and its use the next time.

use transom_protocol::{Answer, Phase, Secret};
use yew::{AttrValue, Callback, Html, MouseEvent, Properties, component, html, use_effect_with};

use crate::component::rich::rich;
use crate::hook::use_provided;
use crate::service::pane;
use crate::state::connection::Connection;
use crate::state::message::{button, log_in as words};
use crate::state::safe::{Asking, Lock, SafeAction, owner};

/// Whose password.
#[derive(PartialEq, Properties)]
pub(crate) struct SavedPasswordProps {
    /// Of the password in the vault.
    pub(crate) id: AttrValue,
    /// A password was tried already, so that the saved one is used only when asked for.
    pub(crate) tried: bool,
    pub(crate) on_answer: Callback<Answer>,
}

/// Answers with the saved password, if there is one and the vault is open; offers to open it.
#[component]
pub(crate) fn SavedPassword(props: &SavedPasswordProps) -> Html {
    let safe = use_provided().map(|provided| provided.safe);
    let looking = safe.clone();
    use_effect_with((), move |()| {
        if let Some(safe) = looking {
            safe.look();
        }
    });
    let id = props.id.to_string();
    let on_password = props
        .on_answer
        .reform(|password: Secret| Answer::Password { password });
    let lock = safe.as_ref().map_or(Lock::Unknown, |safe| {
        let held = safe.state.saved.contains(&id);
        if held { safe.state.lock } else { Lock::Absent }
    });
    let uses = lock == Lock::Open && !props.tried;
    let reading = safe.clone();
    let (wanted, given) = (id.clone(), on_password.clone());
    use_effect_with((uses, id.clone()), move |(uses, _)| {
        if let Some(safe) = reading.filter(|_| *uses) {
            safe.read(wanted, given);
        }
    });
    let Some(safe) = safe else {
        return Html::default();
    };
    match lock {
        Lock::Unknown | Lock::Absent => Html::default(),
        Lock::Open if uses => html! {
            <p class="saved-password" role="status">{ words::USING_PASSWORD.say() }</p>
        },
        Lock::Open => {
            let onclick = Callback::from(move |_: MouseEvent| {
                safe.read(id.clone(), on_password.clone());
            });
            html! {
                <div class="saved-password">
                    <button type="button" {onclick}>{ words::USE_PASSWORD.say() }</button>
                </div>
            }
        }
        Lock::Locked => {
            let onclick = Callback::from(move |_: MouseEvent| {
                safe.state.dispatch(SafeAction::Asked(Asking::Unlock));
            });
            html! {
                <div class="saved-password">
                    <p>{ words::PASSWORD_LOCKED.say() }</p>
                    <button type="button" {onclick}>{ button::UNLOCK_VAULT.say() }</button>
                </div>
            }
        }
    }
}

/// Whose session.
#[derive(PartialEq, Properties)]
pub(crate) struct SaveOfferProps {
    pub(crate) connection: Connection,
}

/// Offers to save a password that has just opened a session. It does not stand in the way.
#[component]
pub(crate) fn SaveOffer(props: &SaveOfferProps) -> Html {
    let connection = &props.connection;
    let safe = use_provided().map(|provided| provided.safe);
    let typed = safe.as_ref().and_then(|safe| {
        let open = connection.phase == Phase::Open;
        let all = safe.state.typed.iter().filter(|_| open);
        all.into_iter()
            .find(|typed| typed.connection == connection.id)
            .cloned()
    });
    // The dialog says which it is: no vault, or a locked one.
    let (looking, offered) = (safe.clone(), typed.is_some());
    use_effect_with(offered, move |offered| {
        if let Some(safe) = looking.filter(|_| *offered) {
            safe.look();
        }
    });
    let ready = safe.as_ref().is_some_and(|safe| {
        safe.state.lock == Lock::Open && typed.is_some() && safe.state.wanted == typed
    });
    let (saving, saved) = (safe.clone(), typed.clone());
    use_effect_with(ready, move |ready| {
        if let Some((safe, typed)) = saving.zip(saved).filter(|_| *ready) {
            safe.save(typed);
        }
    });
    let Some((safe, typed)) = safe.zip(typed) else {
        return Html::default();
    };
    let whose = owner(&typed.id).to_owned();
    let words = if safe.state.saved.contains(&typed.id) {
        words::SAVE_NEW_OF
    } else {
        words::SAVE_OF
    };
    let (declined, gone) = (safe.clone(), typed.clone());
    // The buttons go: the terminal is given the keyboard back, also by a dialog that closes.
    let decline = Callback::from(move |_: MouseEvent| {
        declined.drop_typed(gone.clone());
        pane::focus_front();
    });
    let save = Callback::from(move |_: MouseEvent| {
        pane::focus_front();
        safe.state.dispatch(SafeAction::Wanted(typed.clone()));
    });
    html! {
        <section class="save-offer" aria-label={words::SAVE_PASSWORD.say()}>
            <span>{ rich(words, &[("owner", html! { <bdi>{ whose }</bdi> })]) }</span>
            <button type="button" onclick={save}>{ words::SAVE_PASSWORD.say() }</button>
            <button type="button" class="quiet" onclick={decline}>{ button::NOT_NOW.say() }</button>
        </section>
    }
}
