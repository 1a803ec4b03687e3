//! The log-in sheet: it asks only for what is missing.

use transom_protocol::{Answer, Echo, Prompt, Question, Secret};
use yew::{AttrValue, Callback, Html, MouseEvent, Properties, component, html};

use crate::component::key_file::KeyFile;
use crate::component::passkey::PasskeyTouch;
use crate::component::prompt_form::{Field, PromptForm};
use crate::component::saved_password::SavedPassword;
use crate::component::sealed_key::SealedKey;
use crate::hook::when;
use crate::state::message::{button, log_in};
use crate::state::safe::is_untried;
use crate::state::words;

/// What the sheet needs to know.
#[derive(PartialEq, Properties)]
pub(crate) struct LogInProps {
    /// A question about the person, not about the host key.
    pub(crate) question: Question,
    pub(crate) host: AttrValue,
    pub(crate) on_answer: Callback<Answer>,
    /// Of the password in the vault, where one is asked for.
    pub(crate) saved: Option<AttrValue>,
    /// A password that was typed.
    pub(crate) on_typed: Callback<Secret>,
}

/// Asks who is there.
#[component]
pub(crate) fn LogIn(props: &LogInProps) -> Html {
    let LogInProps {
        question,
        host,
        on_answer,
        saved,
        on_typed,
    } = props;
    let body = match question {
        Question::User => user(host, on_answer),
        Question::Credential {
            user,
            password,
            public_key,
            refused,
        } => html! {
            <>
                <h2>{ log_in::AS.with(&[("host", host), ("user", user)]) }</h2>
                { refusal(refused.as_ref().map(words::refusal)) }
                if let Some(id) = saved.clone().filter(|_| *password) {
                    <SavedPassword {id} tried={!is_untried(refused.as_ref())}
                        on_answer={on_answer.clone()} />
                }
                if *password { { password_form(user, on_answer, on_typed) } }
                if *public_key { <KeyFile on_answer={on_answer.clone()} /> }
                if !*password && !*public_key {
                    <p>{ log_in::NO_WAY.say() }</p>
                }
            </>
        },
        Question::SealedKey { fingerprint, name } => html! {
            <SealedKey fingerprint={fingerprint.clone()} name={name.clone()}
                on_answer={on_answer.clone()} />
        },
        Question::Passkey {
            name,
            credential,
            party,
            challenge,
        } => html! {
            <PasskeyTouch name={name.clone()} credential={credential.clone()}
                party={party.clone()} challenge={challenge.clone()}
                on_answer={on_answer.clone()} />
        },
        Question::Passphrase { key, wrong } => passphrase(key, *wrong, on_answer),
        Question::Prompts {
            name,
            instructions,
            prompts,
            refused,
        } => html! {
            <>
                <h2>{ title(name, host) }</h2>
                { refusal(refused.as_ref().map(words::refusal)) }
                if !instructions.is_empty() {
                    <pre class="instructions">{ instructions.clone() }</pre>
                }
                { prompt_form(prompts, on_answer) }
            </>
        },
        Question::UnknownHostKey { .. }
        | Question::ChangedHostKey { .. }
        | Question::Agent { .. } => Html::default(),
    };
    html! {
        <section class="log-in" aria-label={log_in::NAME.say()}>
            { body }
            <button type="button" class="quiet cancel"
                onclick={on_answer.reform(|_: MouseEvent| Answer::Cancel)}>{ button::CANCEL.say() }</button>
        </section>
    }
}

fn title(name: &str, host: &str) -> String {
    if name.is_empty() {
        log_in::ASKS.with(&[("host", host)])
    } else {
        log_in::ASKS_NAME.with(&[("host", host), ("name", name)])
    }
}

fn refusal(words: Option<String>) -> Html {
    words.map_or_else(Html::default, |words| {
        html! { <p class="refusal" role="alert">{ words }</p> }
    })
}

fn user(host: &str, on_answer: &Callback<Answer>) -> Html {
    let fields = vec![Field {
        label: log_in::USER.say().into(),
        echo: Echo::Shown,
        autocomplete: "username",
    }];
    let on_submit = when(on_answer, |texts: Vec<Secret>| {
        let user = texts.first()?.expose().trim().to_owned();
        (!user.is_empty()).then_some(Answer::User { user })
    });
    html! {
        <>
            <h2>{ log_in::TO.with(&[("host", host)]) }</h2>
            <PromptForm {fields} {on_submit} />
        </>
    }
}

fn password_form(user: &str, on_answer: &Callback<Answer>, on_typed: &Callback<Secret>) -> Html {
    let on_typed = on_typed.clone();
    let fields = vec![Field {
        label: log_in::PASSWORD.say().into(),
        echo: Echo::Hidden,
        autocomplete: "current-password",
    }];
    let on_submit = when(on_answer, move |texts: Vec<Secret>| {
        let password = texts.into_iter().next()?;
        on_typed.emit(password.clone());
        Some(Answer::Password { password })
    });
    html! { <PromptForm {fields} user={AttrValue::from(user.to_owned())} {on_submit} /> }
}

fn passphrase(key: &str, wrong: bool, on_answer: &Callback<Answer>) -> Html {
    let fields = vec![Field {
        label: button::PASSPHRASE.say().into(),
        echo: Echo::Hidden,
        autocomplete: "off",
    }];
    let on_submit = when(on_answer, |texts: Vec<Secret>| {
        texts
            .into_iter()
            .next()
            .map(|passphrase| Answer::Passphrase { passphrase })
    });
    let words = wrong.then(|| log_in::WRONG_PASSPHRASE.say().to_owned());
    html! {
        <>
            <h2>{ log_in::UNLOCK.with(&[("key", key)]) }</h2>
            { refusal(words) }
            <PromptForm {fields} {on_submit} />
        </>
    }
}

fn prompt_form(prompts: &[Prompt], on_answer: &Callback<Answer>) -> Html {
    let fields: Vec<Field> = prompts
        .iter()
        .map(|prompt| Field {
            label: prompt.text.clone().into(),
            echo: prompt.echo,
            autocomplete: "off",
        })
        .collect();
    let on_submit = on_answer.reform(|texts| Answer::Prompts { texts });
    html! { <PromptForm {fields} {on_submit} /> }
}
