//! The frame around every page: what is provided, the rail, and the sessions, which stay alive
//! while another page is in front.

use transom_protocol::{Target, pinned_key};
use wasm_bindgen::JsCast;
use web_sys::{Event, KeyboardEvent};
use yew::{
    Callback, ContextProvider, Html, Properties, UseStateHandle, component, html, use_callback,
    use_effect_with, use_memo, use_reducer, use_reducer_eq, use_state,
};
use yew_router::prelude::{HashRouter, use_location, use_navigator, use_route};

use crate::component::palette::Palette;
use crate::component::rail::Rail;
use crate::component::update::Update;
use crate::component::vault::VaultDialog;
use crate::hook::listener::use_window_event;
use crate::hook::safe::use_safe;
use crate::hook::session::{Wish, start};
use crate::hook::update::use_update;
use crate::hook::visible::use_visible_height;
use crate::hook::wake::use_wake;
use crate::hook::windows::use_windows;
use crate::hook::{Provided, hosts};
use crate::page::home::Home;
use crate::page::hosts::HostsPage;
use crate::page::keys::Keys;
use crate::page::known_hosts::KnownHosts;
use crate::page::recordings::RecordingsPage;
use crate::page::session::SessionPage;
use crate::page::settings::SettingsPage;
use crate::page::window::WindowPage;
use crate::route::Route;
use crate::service::sessions::Sessions;
use crate::service::windows::{self, Windows};
use crate::service::{keyboard, pane, place, storage, words};
use crate::state::connection::{Connection, ConnectionId};
use crate::state::hosts::Hosts;
use crate::state::key_press::Chord;
use crate::state::memory::Memory;
use crate::state::workspace::{Action, Workspace};
use crate::xterm::{SpanStyles, press};

/// The application.
#[component]
pub(crate) fn App() -> Html {
    let settings = use_reducer(storage::settings);
    let workspace = use_reducer_eq(windows::workspace);
    let saved_hosts = use_reducer_eq(Hosts::default);
    let first = saved_hosts.clone();
    use_effect_with((), move |()| hosts::read(&first));
    let dispatch = workspace.dispatcher();
    let sessions = use_memo((), |()| Sessions::new(dispatch.clone()));
    let (dispatch, joined) = (workspace.dispatcher(), Sessions::clone(&sessions));
    let windows = use_memo((), |()| Windows::start(dispatch, joined));
    use_effect_with((*settings).clone(), |settings| {
        storage::keep_settings(settings);
        keyboard::follow(&settings.keys);
        if let Some(root) = place::root() {
            // A document's root takes any attribute.
            let _ = root.set_attribute("data-theme", settings.theme.attribute());
        }
        if words::differs(settings.language) {
            // The new page reads the settings again; running shells go on in their workers.
            place::reload();
        }
    });
    // For as long as the page; without it only colours of the simple renderer are missing.
    let _span_styles = use_memo((), |()| SpanStyles::install().ok());
    let leaving = Sessions::clone(&sessions);
    let on_leave = use_memo((), move |()| {
        Callback::from(move |_: Event| {
            pane::keep_screens();
            leaving.leave_all();
        })
    });
    use_window_event("pagehide", (*on_leave).clone());
    use_wake(&sessions);
    use_visible_height();
    let safe = use_safe(settings.vault_idle_seconds);
    let provided = Provided {
        workspace,
        settings,
        hosts: saved_hosts,
        sessions: Sessions::clone(&sessions),
        windows: Windows::clone(&windows),
        safe,
        palette: use_palette(),
    };
    html! {
        <ContextProvider<Provided> context={provided.clone()}>
            <HashRouter>
                <Frame {provided} />
            </HashRouter>
        </ContextProvider<Provided>>
    }
}

#[derive(PartialEq, Properties)]
struct FrameProps {
    provided: Provided,
}

/// The rail and the page beside it.
#[component]
fn Frame(props: &FrameProps) -> Html {
    use_routing(&props.provided);
    use_memory(&props.provided.workspace);
    use_windows(&props.provided);
    let workspace = &props.provided.workspace;
    let mut connections = workspace.connections().iter();
    let steady = !connections.any(Connection::is_held);
    let update = use_update(has_shell(workspace), steady);
    let route = use_route::<Route>().unwrap_or(Route::Home);
    let page = match &route {
        Route::Home | Route::NotFound => html! { <Home /> },
        // The session takes its place at once; only what is no address is to be looked at.
        Route::Connect { address } if address.parse::<Target>().is_ok() => Html::default(),
        Route::Connect { address } => html! { <Home address={address.clone()} /> },
        Route::Hosts => html! { <HostsPage /> },
        Route::Keys => html! { <Keys /> },
        Route::KnownHosts => html! { <KnownHosts /> },
        Route::Recordings => html! { <RecordingsPage /> },
        Route::Settings => html! { <SettingsPage /> },
        Route::Window { .. } => html! { <WindowPage /> },
        Route::Session { .. } => Html::default(),
    };
    let front = matches!(route, Route::Session { .. });
    let palette = props.provided.palette.setter();
    let on_close = Callback::from(move |()| palette.set(false));
    let later = update.setter();
    let on_later = Callback::from(move |()| later.set(false));
    html! {
        <div class="frame">
            <Rail route={route} />
            <SessionPage {front} />
            { page }
            if let Some(asking) = props.provided.safe.state.asking {
                <VaultDialog {asking} />
            }
            if *update {
                <Update {on_later} />
            }
            if *props.provided.palette {
                <Palette on_close={on_close} />
            }
        </div>
    }
}

/// Whether a shell runs somewhere.
fn has_shell(workspace: &Workspace) -> bool {
    let tabs = workspace.tabs().open();
    tabs.iter().any(|tab| tab.shell.is_some())
}

/// Whether the command palette is open. Its keys open it on every page; a terminal leaves them
/// to the page.
#[yew::hook]
fn use_palette() -> UseStateHandle<bool> {
    let open = use_state(|| false);
    let setter = open.setter();
    let on_key: Callback<Event> = use_callback((), move |event: Event, ()| {
        if let Ok(event) = event.dyn_into::<KeyboardEvent>()
            && keyboard::map().chord(&press(&event), false) == Some(Chord::Palette)
        {
            event.prevent_default();
            setter.set(true);
        }
    });
    use_window_event("keydown", on_key);
    open
}

/// Follows the address: it alone decides which connection is in front, so that the two can
/// never chase each other.
#[yew::hook]
fn use_routing(provided: &Provided) {
    let route = use_route::<Route>();
    let query = use_location().map(|location| location.query_str().to_owned());
    let navigator = use_navigator();
    let first = provided.clone();
    use_effect_with((), move |()| {
        if let Some(left) = storage::take_left() {
            let connections = left.memory.connections.clone();
            let action = Action::Restored(Box::new(left));
            first.workspace.dispatch(action);
            for old in connections {
                first.sessions.attach(&ConnectionId(old.id.into()));
            }
        }
    });
    let (going, replacing) = (provided.clone(), navigator.clone());
    use_effect_with((route.clone(), query), move |(route, query)| match route {
        Some(Route::Session { id }) => seek(&going, ConnectionId(id.clone().into()), true),
        Some(Route::Connect { address }) => {
            let pinned = query.as_deref().and_then(pinned_key);
            if let (Ok(target), Some(navigator)) = (address.parse(), replacing) {
                let id = start(&going, Wish { target, pinned });
                navigator.replace(&Route::Session {
                    id: id.0.to_string(),
                });
            }
        }
        _ => going.sessions.warm_up(),
    });
}

/// Shows a session: one of this page, or one that may live in its worker.
fn seek(provided: &Provided, id: ConnectionId, front: bool) {
    if provided.workspace.connection(&id).is_some() {
        if front {
            provided.workspace.dispatch(Action::ConnectionRaised(id));
        }
        return;
    }
    provided.workspace.dispatch(Action::Sought {
        id: id.clone(),
        target: None,
        front,
    });
    provided.sessions.attach(&id);
}

/// Remembers which sessions this tab shows, and where it was connected to.
#[yew::hook]
fn use_memory(workspace: &Workspace) {
    use_effect_with(Memory::of(workspace), storage::keep_memory);
    let open: Vec<_> = workspace
        .connections()
        .iter()
        .filter(|connection| connection.session.is_some())
        .filter_map(|connection| connection.target.clone())
        .collect();
    use_effect_with(open, |open| {
        for target in open {
            storage::keep_recent(target);
        }
    });
}
