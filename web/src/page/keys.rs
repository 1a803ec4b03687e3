//! The person's own keys.

use transom_browser::vault::{KeyRecord, StoredKey};
use transom_browser::{JsFailure, KeyKind};
use yew::{Callback, Html, component, html, use_effect_with, use_state};

use crate::component::key_card::{Change, KeyCard};
use crate::component::key_importer::KeyImporter;
use crate::component::key_maker::{KeyMaker, Wanted};
use crate::component::vault_panel::VaultPanel;
use crate::hook::use_title;
use crate::service::keys;

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
    use_title("Keys · Transom".to_owned());
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
    let on_make = {
        let act = act.clone();
        Callback::from(move |Wanted { kind, name }: Wanted| act(Work::Make(kind, name)))
    };
    let body = match &*listing {
        Listing::Reading => Html::default(),
        Listing::Unreadable => html! {
            <p class="refusal">{ "This browser keeps no data for this page (a private window?), so \
                it can keep no keys." }</p>
        },
        Listing::Read(keys) if keys.is_empty() => html! {
            <p class="empty">{ "Create a key that never leaves this browser." }</p>
        },
        Listing::Read(keys) => html! {
            <ul class="keys">{ for keys.iter().map(|key| card(key, act.clone())) }</ul>
        },
    };
    html! {
        <main class="page">
            <header>
                <h1>{ "Keys" }</h1>
                <p class="lead">{ "Keys made here stay in this browser. Nobody can read or copy \
                    their private half: not a script, not a backup, not Transom." }</p>
            </header>
            <KeyMaker {on_make} />
            <KeyImporter {on_kept} />
            if let Some(trouble) = &*trouble {
                <p class="refusal" role="alert">{ format!("That did not work. {trouble}") }</p>
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
            Change::Used => Work::Look,
        });
    });
    let record = key.record.clone();
    let id = record.fingerprint.clone();
    html! { <KeyCard key={id} {record} {on_change} /> }
}

/// One thing to do to the keys.
enum Work {
    Look,
    Make(KeyKind, String),
    Rename(StoredKey, String),
    Delete(KeyRecord),
}

impl Work {
    async fn run(self) -> Result<(), JsFailure> {
        match self {
            Self::Look => Ok(()),
            Self::Make(kind, name) => keys::generate(kind, name).await,
            Self::Rename(key, name) => keys::rename(key, name).await,
            Self::Delete(record) => keys::delete(record.fingerprint).await,
        }
    }
}
