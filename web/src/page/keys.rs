//! The person's own keys.

use transom_browser::vault::{KeyHolder, KeyRecord, StoredKey};
use transom_browser::{JsFailure, KeyKind, certificates_offered};
use yew::{Callback, Html, component, hook, html, use_effect_with, use_state};

use crate::component::key_card::{Change, KeyCard, Protection};
use crate::component::key_importer::KeyImporter;
use crate::component::key_issuer::Issuer;
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
    let asking = use_state(|| None::<String>);
    let (read, told, asked) = (listing.setter(), trouble.setter(), asking.setter());
    // Does one thing to the keys, then reads what is there.
    let act = move |work: Work| {
        let (read, told, asked) = (read.clone(), told.clone(), asked.clone());
        wasm_bindgen_futures::spawn_local(async move {
            let of_issuer = work.of_issuer();
            let asks = of_issuer.is_some();
            if asks {
                asked.set(of_issuer);
            }
            let done = work.run().await;
            if asks {
                asked.set(None);
            }
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
    let offered = use_issuer(act.clone());
    let issuer = |key: &StoredKey| match &*asking {
        _ if !offered => Issuer::Nobody,
        None => Issuer::Ready,
        Some(asked) if *asked == key.record.fingerprint => Issuer::Asked,
        Some(_) => Issuer::Elsewhere,
    };
    let body = list(&listing, issuer, act);
    html! {
        <main class="page">
            <header>
                <h1>{ words::TITLE.say() }</h1>
                <p class="lead">{ words::LEAD.say() }</p>
            </header>
            <div class="key-making">
                <KeyMaker {on_make} />
                <KeyImporter {on_kept} />
            </div>
            if let Some(trouble) = &*trouble {
                <p class="refusal" role="alert">{ words::TROUBLE.with(&[("trouble", trouble)]) }</p>
            }
            { body }
            <VaultPanel />
        </main>
    }
}

/// The keys, or why there are none.
fn list(
    listing: &Listing,
    issuer: impl Fn(&StoredKey) -> Issuer,
    act: impl Fn(Work) + Clone + 'static,
) -> Html {
    match listing {
        Listing::Reading => Html::default(),
        Listing::Unreadable => html! {
            <p class="refusal">{ words::NO_STORE.say() }</p>
        },
        Listing::Read(keys) if keys.is_empty() => html! {
            <p class="empty">{ words::EMPTY.say() }</p>
        },
        Listing::Read(keys) => html! {
            <ul class="keys">{ for keys.iter().map(|key| card(key, issuer(key), act.clone())) }</ul>
        },
    }
}

fn card(key: &StoredKey, issuer: Issuer, act: impl Fn(Work) + 'static) -> Html {
    let stored = key.clone();
    let on_change = Callback::from(move |change: Change| {
        act(match change {
            Change::Rename(name) => Work::Rename(stored.clone(), name),
            Change::Delete => Work::Delete(stored.record.clone()),
            Change::Certificate(certificate) => Work::Certify(stored.clone(), certificate),
            Change::Ask => Work::Ask(stored.clone()),
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
    html! { <KeyCard key={id} {record} {protection} {issuer} {on_change} /> }
}

/// Whether the relay has an issuer. If so, certificates of it that end soon are renewed.
#[hook]
fn use_issuer(act: impl Fn(Work) + 'static) -> bool {
    let offered = use_state(|| false);
    let setter = offered.setter();
    use_effect_with((), move |()| {
        wasm_bindgen_futures::spawn_local(async move {
            if certificates_offered().await {
                setter.set(true);
                act(Work::Renew);
            }
        });
    });
    *offered
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
    /// Asks the issuer for a certificate.
    Ask(StoredKey),
    /// Asks it for those that are due.
    Renew,
}

impl Work {
    /// The key that the issuer is asked about; empty where it may be several.
    fn of_issuer(&self) -> Option<String> {
        match self {
            Self::Ask(key) => Some(key.record.fingerprint.clone()),
            Self::Renew => Some(String::new()),
            _ => None,
        }
    }

    async fn run(self) -> Result<(), JsFailure> {
        match self {
            Self::Look => Ok(()),
            Self::Make(kind, name) => keys::generate(kind, name).await,
            Self::MakePasskey(name) => passkey::make(name).await,
            Self::MakeExportable(safe, kind, name) => safe.make_key(kind, name).await,
            Self::Rename(key, name) => keys::rename(key, name).await,
            Self::Certify(key, certificate) => keys::certify(key, certificate).await,
            Self::Ask(key) => keys::ask_issuer(&key).await,
            Self::Renew => keys::renew().await,
            Self::Delete(record) => keys::delete(record.fingerprint).await,
        }
    }
}
