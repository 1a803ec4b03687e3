//! The person's own keys.

use transom_browser::vault::{KeyHolder, KeyRecord, StoredKey};
use transom_browser::{JsFailure, KeyKind};
use yew::{Callback, Html, component, hook, html, use_effect_with, use_state};

use crate::component::key_card::{Change, KeyCard, Protection};
use crate::component::key_importer::KeyImporter;
use crate::component::key_maker::{KeyMaker, Making, Wanted};
use crate::component::vault_panel::VaultPanel;
use crate::hook::safe::SafeHandle;
use crate::hook::{use_provided, use_title};
use crate::service::{keys, passkey};
use crate::state::message::keys as words;
use crate::state::safe::Lock;

/// What was read.
#[derive(Clone, Debug)]
enum Listing {
    Reading,
    Read(Vec<StoredKey>),
    /// The browser keeps no data for this page.
    Unreadable,
}

/// Lists the keys; makes, renames and deletes them.
#[component]
pub(crate) fn Keys() -> Html {
    use_title(words::PAGE.say().to_owned());
    let listing = use_state(|| Listing::Reading);
    let trouble = use_state(|| None::<String>);
    let (read, told) = (listing.setter(), trouble.setter());
    // Does one thing to the keys, then reads what is there.
    let act = move |work: Work| {
        let (read, told) = (read.clone(), told.clone());
        wasm_bindgen_futures::spawn_local(async move {
            let done = work.run().await;
            told.set(done.err().map(|failure| failure.to_string()));
            let keys = keys::all().await;
            read.set(keys.map_or(Listing::Unreadable, Listing::Read));
        });
    };
    let first = act.clone();
    use_effect_with((), move |()| first(Work::Look));
    let on_kept = {
        let act = act.clone();
        Callback::from(move |()| act(Work::Look))
    };
    let on_make = use_making(act.clone());
    let body = match &*listing {
        Listing::Reading => Html::default(),
        Listing::Unreadable => html! {
            <p class="refusal">{ words::NO_STORE.say() }</p>
        },
        Listing::Read(keys) if keys.is_empty() => html! {
            <p class="empty">{ words::EMPTY.say() }</p>
        },
        Listing::Read(keys) => html! {
            <ul class="keys">{ for keys.iter().map(|key| card(key, act.clone())) }</ul>
        },
    };
    html! {
        <main class="page">
            <header>
                <h1>{ words::TITLE.say() }</h1>
                <p class="lead">{ words::LEAD.say() }</p>
            </header>
            <KeyMaker {on_make} />
            <KeyImporter {on_kept} />
            if let Some(trouble) = &*trouble {
                <p class="refusal" role="alert">{ words::TROUBLE.with(&[("trouble", trouble)]) }</p>
            }
            { body }
            <VaultPanel />
        </main>
    }
}

fn card(key: &StoredKey, act: impl Fn(Work) + 'static) -> Html {
    let stored = key.clone();
    let on_change = Callback::from(move |change: Change| {
        act(match change {
            Change::Rename(name) => Work::Rename(stored.clone(), name),
            Change::Delete => Work::Delete(stored.record.clone()),
            Change::Certificate(certificate) => Work::Certify(stored.clone(), certificate),
            Change::Used => Work::Look,
        });
    });
    let record = key.record.clone();
    let id = record.fingerprint.clone();
    let protection = match key.private {
        KeyHolder::Browser(_) => Protection::Browser,
        KeyHolder::Vault => Protection::Vault,
        KeyHolder::Passkey(_) => Protection::Passkey,
    };
    html! { <KeyCard key={id} {record} {protection} {on_change} /> }
}

/// Makes what is wanted; a key that can be exported as soon as the vault is open.
#[hook]
fn use_making(act: impl Fn(Work) + Clone + 'static) -> Callback<Wanted> {
    let safe = use_provided().map(|provided| provided.safe);
    let waiting = use_state(|| None::<Wanted>);
    let open = safe.as_ref().filter(|safe| safe.state.lock == Lock::Open);
    let ready = waiting.as_ref().filter(|_| open.is_some()).cloned();
    let (setter, making, opened) = (waiting.setter(), act.clone(), open.cloned());
    use_effect_with(ready, move |ready| {
        if let Some((Wanted { kind, name, .. }, safe)) = ready.clone().zip(opened) {
            setter.set(None);
            if let Making::Key(kind) = kind {
                making(Work::MakeExportable(Box::new(safe), kind, name));
            }
        }
    });
    let setter = waiting.setter();
    Callback::from(move |wanted: Wanted| match (&safe, wanted.kind) {
        (_, Making::Passkey) => act(Work::MakePasskey(wanted.name)),
        (Some(safe), Making::Key(_)) if wanted.exportable => {
            safe.ask_to_open();
            setter.set(Some(wanted));
        }
        (_, Making::Key(kind)) => act(Work::Make(kind, wanted.name)),
    })
}

/// One thing to do to the keys.
enum Work {
    Look,
    Make(KeyKind, String),
    MakePasskey(String),
    MakeExportable(Box<SafeHandle>, KeyKind, String),
    Rename(StoredKey, String),
    Delete(KeyRecord),
    Certify(StoredKey, Option<String>),
}

impl Work {
    async fn run(self) -> Result<(), JsFailure> {
        match self {
            Self::Look => Ok(()),
            Self::Make(kind, name) => keys::generate(kind, name).await,
            Self::MakePasskey(name) => passkey::make(name).await,
            Self::MakeExportable(safe, kind, name) => safe.make_key(kind, name).await,
            Self::Rename(key, name) => keys::rename(key, name).await,
            Self::Certify(key, certificate) => keys::certify(key, certificate).await,
            Self::Delete(record) => keys::delete(record.fingerprint).await,
        }
    }
}
