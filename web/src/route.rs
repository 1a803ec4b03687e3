//! Addresses inside the page, after the `#`.

use yew_router::Routable;

/// The pages.
#[derive(Clone, Debug, PartialEq, Eq, Routable)]
pub(crate) enum Route {
    #[at("/")]
    Home,
    /// A link that connects without typing.
    #[at("/connect/:address")]
    Connect {
        /// What the address bar takes.
        address: String,
    },
    #[at("/session/:id")]
    Session {
        /// The connection's id.
        id: String,
    },
    /// A window that came out of another one, before its tab is there.
    #[at("/window/:id")]
    Window {
        /// The window's id.
        id: String,
    },
    #[at("/hosts")]
    Hosts,
    #[at("/keys")]
    Keys,
    #[at("/known-hosts")]
    KnownHosts,
    #[at("/recordings")]
    Recordings,
    #[at("/settings")]
    Settings,
    #[not_found]
    #[at("/not-found")]
    NotFound,
}
