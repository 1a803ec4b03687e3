//! A window that waits for the tab it is for.

use yew::{Html, component, html};
use yew_router::prelude::Link;

use crate::route::Route;
use crate::state::message::window as text;

/// Says that the tab comes.
#[component]
pub(crate) fn WindowPage() -> Html {
    html! {
        <main class="page">
            <h1>{ text::COMING.say() }</h1>
            <p role="status">{ text::COMING_HELP.say() }</p>
            <Link<Route> to={Route::Home}>{ text::GO_HOME.say() }</Link<Route>>
        </main>
    }
}
