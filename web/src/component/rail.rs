//! The way between the pages.

use yew::{AttrValue, Html, Properties, classes, component, html};
use yew_router::components::Link;

use crate::component::icon::{Glyph, Icon};
use crate::hook::use_provided;
use crate::route::Route;

/// What the rail needs to know.
#[derive(PartialEq, Properties)]
pub(crate) struct RailProps {
    /// The page in front.
    pub(crate) route: Route,
}

/// Links to the pages; the open sessions too, while there are any.
#[component]
pub(crate) fn Rail(props: &RailProps) -> Html {
    let provided = use_provided();
    let session = provided.as_ref().and_then(|provided| {
        let front = provided.workspace.front()?;
        Some(Route::Session {
            id: front.id.0.to_string(),
        })
    });
    let entry = |to: Route, name: &'static str, glyph: Glyph, here: bool| {
        let current: Option<AttrValue> = here.then_some(AttrValue::Static("page"));
        html! {
            <li class={classes!("rail-entry", here.then_some("here"))} aria-current={current}>
                <Link<Route> {to} classes="rail-link">
                    <Icon {glyph} size="20" />
                    <span class="rail-name">{ name }</span>
                </Link<Route>>
            </li>
        }
    };
    let route = &props.route;
    let home = matches!(route, Route::Home | Route::Connect { .. } | Route::NotFound);
    html! {
        <nav class="rail" aria-label="Pages" data-region="">
            <ul>
                { entry(Route::Home, "Home", Glyph::Home, home) }
                if let Some(to) = session {
                    { entry(to, "Sessions", Glyph::Terminal, matches!(route, Route::Session { .. })) }
                }
                { entry(Route::Hosts, "Hosts", Glyph::Hosts, *route == Route::Hosts) }
                { entry(Route::Keys, "Keys", Glyph::Key, *route == Route::Keys) }
                { entry(Route::KnownHosts, "Known hosts", Glyph::Shield, *route == Route::KnownHosts) }
                { entry(Route::Recordings, "Recordings", Glyph::Record, *route == Route::Recordings) }
                { entry(Route::Settings, "Settings", Glyph::Gear, *route == Route::Settings) }
            </ul>
        </nav>
    }
}
