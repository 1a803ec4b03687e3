//! Below the address bar: sessions to resume, the demo server, recent addresses.

use serde::Deserialize;
use transom_protocol::Target;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::Response;
use yew::{AttrValue, Callback, Html, MouseEvent, component, html, use_effect_with, use_state};
use yew_router::hooks::use_navigator;

use crate::component::icon::{Glyph, Icon};
use crate::hook::session::{Wish, use_connect};
use crate::hook::use_provided;
use crate::route::Route;
use crate::service::storage;
use crate::state::connection::ConnectionId;
use crate::state::message::home as words;

/// Where the relay says that a demo server runs.
const DEMO: &str = "/demo.json";

#[derive(Deserialize)]
struct Demo {
    address: String,
}

/// Shows what can be continued or tried.
#[component]
pub(crate) fn Offers() -> Html {
    let (connect, navigator, provided) = (use_connect(), use_navigator(), use_provided());
    let live = use_state(Vec::<(String, String)>::new);
    let demo = use_state(|| None::<Target>);
    let recents = use_state(storage::recent_targets);
    let (found_live, found_demo) = (live.setter(), demo.setter());
    use_effect_with((), move |()| {
        wasm_bindgen_futures::spawn_local(async move {
            // Without Web Locks nothing can be found, so nothing is offered.
            found_live.set(transom_browser::live_sessions().await.unwrap_or_default());
        });
        wasm_bindgen_futures::spawn_local(async move {
            found_demo.set(demo_server().await);
        });
    });
    let shown_here = |id: &str| {
        provided.as_ref().is_some_and(|provided| {
            let id = ConnectionId(AttrValue::from(id.to_owned()));
            provided.workspace.connection(&id).is_some()
        })
    };
    let resume = |(id, title): &(String, String)| {
        let (navigator, route) = (navigator.clone(), Route::Session { id: id.clone() });
        let onclick = Callback::from(move |_: MouseEvent| {
            if let Some(navigator) = &navigator {
                navigator.push(&route);
            }
        });
        let name = words::RESUME_IT.with(&[("address", title)]);
        let card = offer(
            Glyph::Play,
            name,
            title,
            words::STILL_RUNNING.say(),
            onclick,
        );
        // Several sessions may lead to one address.
        html! { <key={id.clone()}>{ card }</> }
    };
    let to = |target: &Target| {
        let target = target.clone();
        connect.reform(move |_: MouseEvent| Wish {
            target: target.clone(),
            pinned: None,
        })
    };
    let parked: Vec<Html> = live
        .iter()
        .filter(|(id, _)| !shown_here(id))
        .map(resume)
        .collect();
    html! {
        <div class="offers">
            { section(words::RESUME.say(), parked) }
            if let Some(target) = &*demo {
                { section(words::TRY_IT.say(), vec![offer(Glyph::Terminal,
                    words::TRY_DEMO.with(&[("address", &target.to_string())]),
                    &target.to_string(), words::DEMO_PASSWORD.say(), to(target))]) }
            }
            { section(words::RECENT.say(), recents.iter().map(|target| {
                let address = target.to_string();
                let name = words::CONNECT_TO.with(&[("address", &address)]);
                offer(Glyph::Clock, name, &address, "", to(target))
            }).collect()) }
        </div>
    }
}

fn section(title: &'static str, cards: Vec<Html>) -> Html {
    if cards.is_empty() {
        return Html::default();
    }
    html! {
        <section class="offer" aria-label={title}>
            <h2>{ title }</h2>
            <ul>{ for cards }</ul>
        </section>
    }
}

fn offer(
    glyph: Glyph,
    name: String,
    address: &str,
    hint: &'static str,
    onclick: Callback<MouseEvent>,
) -> Html {
    html! {
        <li key={name.clone()}>
            <button type="button" class="card-button" aria-label={name} {onclick}>
                <Icon {glyph} size="20" />
                <span class="card-words">
                    <span class="card-title">{ address.to_owned() }</span>
                    if !hint.is_empty() { <span class="hint">{ hint }</span> }
                </span>
            </button>
        </li>
    }
}

/// Asks whether a demo server runs. Most relays have none.
async fn demo_server() -> Option<Target> {
    let response = JsFuture::from(web_sys::window()?.fetch_with_str(DEMO)).await;
    let response: Response = response.ok()?.dyn_into().ok()?;
    if !response.ok() {
        return None;
    }
    let text = JsFuture::from(response.text().ok()?).await.ok()?;
    let demo: Demo = serde_json::from_str(&text.as_string()?).ok()?;
    demo.address.parse().ok()
}
