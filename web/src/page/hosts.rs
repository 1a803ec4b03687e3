//! The saved hosts on a page of their own.

use yew::{Html, component, html};

use crate::component::hosts::SavedHosts;
use crate::hook::use_title;
use crate::state::message::hosts as words;

/// Lists the saved hosts.
#[component]
pub(crate) fn HostsPage() -> Html {
    use_title(words::PAGE.say().to_owned());
    html! {
        <main class="page">
            <header>
                <h1>{ words::TITLE.say() }</h1>
                <p class="lead">{ words::LEAD.say() }</p>
            </header>
            <SavedHosts />
        </main>
    }
}
