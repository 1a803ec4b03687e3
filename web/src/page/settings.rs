//! What a person may set; each setting takes effect at once.

mod appearance;
mod host_keys;
mod json;
mod keyboard;
mod language;
mod relay;
mod row;
mod storage;
mod terminal;
mod vault;

use yew::{Html, component, html, use_state};

use crate::component::field::search_field;
use crate::hook::{SettingsHandle, use_provided, use_title};
use crate::page::settings::appearance::{Schemes, use_known_schemes};
use crate::page::settings::json::AsJson;
use crate::page::settings::row::Row;
use crate::state::message::{setting_words as find, settings as words};

/// Shows the settings, or those that a person looks for.
#[component]
pub(crate) fn SettingsPage() -> Html {
    use_title(words::PAGE.say().to_owned());
    let (provided, wanted, known) = (use_provided(), use_state(String::new), use_known_schemes());
    let Some(provided) = provided else {
        return Html::default();
    };
    let sections = sections(&provided.settings, &known);
    let shown: Vec<Html> = sections
        .into_iter()
        .filter_map(|(title, rows)| section(title, rows, &wanted))
        .collect();
    let none = shown.is_empty();
    // A list of its own: among other children Yew would match the sections by their place, and
    // take the search field down while a person types in it.
    let shown: Html = shown.into_iter().collect();
    html! {
        <main class="page settings">
            <header><h1>{ words::TITLE.say() }</h1></header>
            { search_field([words::SEARCH.say(), words::SEARCH_SHORT.say()], &wanted) }
            if none {
                <p class="empty" role="status">{ words::NONE.say() }</p>
            }
            { shown }
            if wanted.is_empty() {
                <section>
                    <h2>{ words::ABOUT.say() }</h2>
                    <p>{ words::ABOUT_TEXT.with(&[("version", env!("CARGO_PKG_VERSION"))]) }</p>
                </section>
            }
        </main>
    }
}

fn sections(settings: &SettingsHandle, known: &Schemes) -> Vec<(&'static str, Vec<Row>)> {
    let json = Row {
        name: words::AS_JSON.say(),
        words: find::JSON,
        control: html! { <AsJson settings={settings.clone()} /> },
    };
    let mut looks = appearance::rows(settings, known);
    looks.insert(0, language::row(settings));
    vec![
        (words::APPEARANCE.say(), looks),
        (words::TERMINAL.say(), terminal::rows(settings)),
        (words::KEYBOARD.say(), keyboard::rows(settings)),
        (words::MOUSE.say(), terminal::mouse_rows(settings)),
        (words::RECORDINGS.say(), terminal::recording_rows(settings)),
        (words::VAULT.say(), vault::rows(settings)),
        (words::HOST_KEYS.say(), host_keys::rows(settings)),
        (words::STORAGE.say(), storage::rows()),
        (words::RELAY.say(), relay::rows(settings)),
        (words::ADVANCED.say(), vec![json]),
    ]
}

/// A section with those of its rows that hold every word; none if there is no such row.
fn section(title: &'static str, rows: Vec<Row>, wanted: &str) -> Option<Html> {
    let shown: Vec<Html> = rows
        .into_iter()
        .filter(|row| row.fits(title, wanted))
        .map(|row| html! { <div key={row.words.name} class="setting">{ row.control }</div> })
        .collect();
    (!shown.is_empty()).then(|| {
        html! {
            <section key={title} aria-label={title}>
                <h2>{ title }</h2>
                { for shown }
            </section>
        }
    })
}
