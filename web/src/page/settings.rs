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

use web_sys::{HtmlInputElement, InputEvent};
use yew::{Callback, Html, TargetCast, component, html, use_state};

use crate::hook::{SettingsHandle, use_provided, use_title};
use crate::page::settings::appearance::{Schemes, use_known_schemes};
use crate::page::settings::json::AsJson;
use crate::page::settings::row::Row;
use crate::state::message::settings as words;

/// Shows the settings, or those that a person looks for.
#[component]
pub(crate) fn SettingsPage() -> Html {
    use_title("Settings · Transom".to_owned());
    let (provided, wanted, known) = (use_provided(), use_state(String::new), use_known_schemes());
    let Some(provided) = provided else {
        return Html::default();
    };
    let oninput = {
        let setter = wanted.setter();
        Callback::from(move |event: InputEvent| {
            setter.set(event.target_unchecked_into::<HtmlInputElement>().value());
        })
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
            <header><h1>{ "Settings" }</h1></header>
            <input type="search" class="narrow" aria-label="Search settings" placeholder="Search"
                autocomplete="off" spellcheck="false" value={(*wanted).clone()} {oninput} />
            if none {
                <p class="empty" role="status">{ "No setting has that name." }</p>
            }
            { shown }
            if wanted.is_empty() {
                <section>
                    <h2>{ "About" }</h2>
                    <p>{ format!("Transom {}. Everything here is kept in this browser only.",
                        env!("CARGO_PKG_VERSION")) }</p>
                </section>
            }
        </main>
    }
}

fn sections(settings: &SettingsHandle, known: &Schemes) -> Vec<(&'static str, Vec<Row>)> {
    let json = Row {
        words: "Advanced JSON text file export import reset default",
        control: html! { <AsJson settings={settings.clone()} /> },
    };
    let mut looks = appearance::rows(settings, known);
    looks.insert(0, language::row(settings));
    vec![
        ("Appearance", looks),
        ("Terminal", terminal::rows(settings)),
        (words::KEYBOARD.say(), keyboard::rows(settings)),
        ("Mouse and clipboard", terminal::mouse_rows(settings)),
        ("Recordings", terminal::recording_rows(settings)),
        ("Vault", vault::rows(settings)),
        ("Host keys", host_keys::rows(settings)),
        ("Storage", storage::rows()),
        ("Relay", relay::rows(settings)),
        ("Advanced", vec![json]),
    ]
}

/// A section with those of its rows that hold every word; none if there is no such row.
fn section(title: &'static str, rows: Vec<Row>, wanted: &str) -> Option<Html> {
    let shown: Vec<Html> = rows
        .into_iter()
        .filter(|row| row.fits(title, wanted))
        .map(|row| html! { <div key={row.words} class="setting">{ row.control }</div> })
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
