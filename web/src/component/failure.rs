//! One way to show every failure: what happened, why, what to do.

use transom_protocol::Failure;
use yew::{
    AttrValue, Callback, Html, MouseEvent, Properties, classes, component, html, use_node_ref,
};
use yew_router::hooks::use_navigator;

use crate::component::copy_button::CopyButton;
use crate::component::icon::{Glyph, Icon};
use crate::hook::use_first_focus;
use crate::route::Route;
use crate::state::connection::Connection;
use crate::state::failure_text::{self, Remedy};
use crate::state::message::button;

/// A failure of a connection.
#[derive(PartialEq, Properties)]
pub(crate) struct FailurePanelProps {
    pub(crate) failure: Failure,
    pub(crate) connection: Connection,
    /// The person wants to connect again.
    pub(crate) on_retry: Callback<()>,
    /// The person lets the host agree on weak algorithms; `None` where it may already.
    pub(crate) on_legacy: Option<Callback<()>>,
}

/// Shows a failure with its remedies.
#[component]
pub(crate) fn FailurePanel(props: &FailurePanelProps) -> Html {
    let FailurePanelProps {
        failure,
        connection,
        on_retry,
        on_legacy,
    } = props;
    let navigator = use_navigator();
    let node = use_node_ref();
    use_first_focus(&node);
    let text = failure_text::of(failure, connection);
    let address = connection.target.as_ref().map(ToString::to_string);
    let apply = |remedy: Remedy| {
        let (on_retry, on_legacy) = (on_retry.clone(), on_legacy.clone());
        let navigator = navigator.clone();
        let address = address.clone().unwrap_or_default();
        Callback::from(move |_: MouseEvent| match (remedy, &navigator) {
            (Remedy::Retry, _) => on_retry.emit(()),
            (Remedy::EditAddress, Some(navigator)) => {
                navigator.push_with_state(&Route::Home, address.clone());
            }
            (Remedy::ChangeRelay, Some(navigator)) => navigator.push(&Route::Settings),
            (Remedy::Legacy, _) => {
                if let Some(on_legacy) = &on_legacy {
                    on_legacy.emit(());
                }
            }
            (Remedy::EditAddress | Remedy::ChangeRelay, None) => {}
        })
    };
    let remedies = text.remedies.iter().copied();
    let remedies = remedies.filter(|it| *it != Remedy::Legacy || on_legacy.is_some());
    let mut first = true;
    let button = |remedy: Remedy| {
        let class = core::mem::take(&mut first).then_some("primary");
        html! {
            <button type="button" key={remedy.label(false)} class={classes!(class)}
                onclick={apply(remedy)}>
                { remedy.label(connection.was_open) }
            </button>
        }
    };
    html! {
        <section ref={node} class="failure" role="alert" data-code={code_name(failure)}>
            <h2><Icon glyph={Glyph::Warning} size="20" />{ text.headline }</h2>
            <p>{ text.body }</p>
            if let Some(hop) = failure_text::hop(failure, connection) {
                <p>{ hop }</p>
            }
            if !failure.detail.is_empty() {
                <pre class="detail">{ failure.detail.clone() }</pre>
            }
            <div class="actions">
                { for remedies.map(button) }
                <CopyButton name={button::COPY_DETAILS.say()}
                    text={failure_text::details(failure, connection)} />
            </div>
        </section>
    }
}

/// The code as it stands in the details and the manual.
fn code_name(failure: &Failure) -> Option<AttrValue> {
    let value = serde_json::to_value(failure.code).ok()?;
    value.as_str().map(|name| AttrValue::from(name.to_owned()))
}
