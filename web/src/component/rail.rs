//! The way between the pages.

use yew::{
    AttrValue, Callback, Html, MouseEvent, Properties, classes, component, html, use_effect_with,
    use_state_eq,
};
use yew_router::Routable;

use crate::component::icon::{Glyph, Icon};
use crate::hook::use_provided;
use crate::route::Route;
use crate::state::message::{Message, rail as words};

/// What the rail needs to know.
#[derive(PartialEq, Properties)]
pub(crate) struct RailProps {
    /// The page in front.
    pub(crate) route: Route,
}

/// Links to the pages; the open sessions too, while there are any. On a narrow screen it is a bar
/// of four, and the last one shows the rest.
#[component]
pub(crate) fn Rail(props: &RailProps) -> Html {
    let provided = use_provided();
    let more = use_state_eq(|| false);
    let route = &props.route;
    let setter = more.setter();
    use_effect_with(route.clone(), move |_| setter.set(false));
    let session = provided.as_ref().and_then(|provided| {
        let front = provided.workspace.front()?;
        Some(Route::Session {
            id: front.id.0.to_string(),
        })
    });
    let home = matches!(route, Route::Home | Route::Connect { .. } | Route::NotFound);
    let in_session = matches!(route, Route::Session { .. });
    // Three of them and the button: with a session, Hosts moves to the rest.
    let has_session = session.is_some();
    let to = |to: Route, name: Message, glyph: Glyph, rest: bool| {
        let here = *route == to;
        entry(&to, name, glyph, here, rest)
    };
    let is_rest = match route {
        Route::Hosts => has_session,
        Route::KnownHosts | Route::Recordings | Route::Settings => true,
        _ => false,
    };
    let toggle = {
        let (setter, open) = (more.setter(), *more);
        Callback::from(move |_: MouseEvent| setter.set(!open))
    };
    html! {
        <nav class={classes!("rail", more.then_some("open"))} aria-label={words::PAGES.say()}
            data-region="">
            <ul>
                { entry(&Route::Home, words::HOME, Glyph::Home, home, false) }
                if let Some(session) = session {
                    { entry(&session, words::SESSIONS, Glyph::Terminal, in_session, false) }
                }
                { to(Route::Hosts, words::HOSTS, Glyph::Hosts, has_session) }
                { to(Route::Keys, words::KEYS, Glyph::Key, false) }
                { to(Route::KnownHosts, words::KNOWN_HOSTS, Glyph::Shield, true) }
                { to(Route::Recordings, words::RECORDINGS, Glyph::Record, true) }
                { to(Route::Settings, words::SETTINGS, Glyph::Gear, true) }
                <li class={classes!("rail-entry", "rail-more", is_rest.then_some("here"))}>
                    <button type="button" class="rail-link" aria-expanded={more.to_string()}
                        onclick={toggle}>
                        <Icon glyph={Glyph::More} size="20" />
                        <span class="rail-name">{ words::MORE.say() }</span>
                    </button>
                </li>
            </ul>
        </nav>
    }
}

/// - `rest`: on a narrow screen it is shown on demand.
fn entry(to: &Route, name: Message, glyph: Glyph, here: bool, rest: bool) -> Html {
    let current: Option<AttrValue> = here.then_some(AttrValue::Static("page"));
    html! {
        <li key={name.name}
            class={classes!("rail-entry", here.then_some("here"), rest.then_some("rail-rest"))}>
            // `Link` of yew_router takes no `aria-current`; an address after the `#` needs no more than this.
            <a class="rail-link" href={format!("#{}", to.to_path())} aria-current={current}>
                <Icon {glyph} size="20" />
                <span class="rail-name">{ name.say() }</span>
            </a>
        </li>
    }
}
