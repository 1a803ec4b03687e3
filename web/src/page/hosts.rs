//! The saved hosts on a page of their own.

use yew::{Html, component, html};

use crate::component::hosts::SavedHosts;
use crate::hook::use_title;

/// Lists the saved hosts.
#[component]
pub(crate) fn HostsPage() -> Html {
    use_title("Hosts · Transom".to_owned());
    html! {
        <main class="page">
            <header>
                <h1>{ "Hosts" }</h1>
                <p class="lead">{ "Kept in this browser only, without any password." }</p>
            </header>
            <SavedHosts />
        </main>
    }
}
