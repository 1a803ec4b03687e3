//! Why this session can be trusted, one click away.

use transom_protocol::SessionSummary;
use wasm_bindgen::JsCast;
use web_sys::{FocusEvent, HtmlElement, KeyboardEvent, Node};
use yew::{
    Callback, Html, MouseEvent, Properties, component, html, use_effect_with, use_node_ref,
    use_state,
};

use crate::component::icon::{Glyph, Icon};
use crate::state::connection::Connection;
use crate::state::message::terminal as words;

/// Whose session.
#[derive(PartialEq, Properties)]
pub(crate) struct TrustStripProps {
    pub(crate) connection: Connection,
}

/// A button that shows who sees what.
#[component]
pub(crate) fn TrustStrip(props: &TrustStripProps) -> Html {
    let open = use_state(|| false);
    let (popover, button) = (use_node_ref(), use_node_ref());
    let focused = popover.clone();
    use_effect_with(*open, move |open| {
        if let (true, Some(popover)) = (*open, focused.cast::<HtmlElement>()) {
            // An element on the page can take the focus.
            let _ = popover.focus();
        }
    });
    let toggle = {
        let (now, setter) = (*open, open.setter());
        Callback::from(move |_: MouseEvent| setter.set(!now))
    };
    let onkeydown = {
        let (setter, button, now) = (open.setter(), button.clone(), *open);
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Escape" && now {
                setter.set(false);
                if let Some(button) = button.cast::<HtmlElement>() {
                    // An element on the page can take the focus.
                    let _ = button.focus();
                }
            }
        })
    };
    let onfocusout = {
        let setter = open.setter();
        Callback::from(move |event: FocusEvent| {
            let here = event
                .current_target()
                .and_then(|it| it.dyn_into::<Node>().ok());
            let next = event
                .related_target()
                .and_then(|it| it.dyn_into::<Node>().ok());
            if let (Some(here), Some(next)) = (here, next)
                && !here.contains(Some(&next))
            {
                setter.set(false);
            }
        })
    };
    html! {
        <div class="trust" {onkeydown} {onfocusout}>
            <button ref={button} type="button" class="trust-button" aria-expanded={open.to_string()}
                onclick={toggle}>
                <Icon glyph={Glyph::Lock} />{ words::END_TO_END.say() }
            </button>
            if props.connection.session.as_ref().is_some_and(|session| session.agent) {
                <span class="agent-sign" title={words::AGENT_HINT.say()}>
                    { words::AGENT_FORWARDED.say() }
                </span>
            }
            if *open {
                <section ref={popover} class="popover" tabindex="-1"
                    aria-label={words::WHO_SEES.say()}>
                    { facts(&props.connection) }
                </section>
            }
        </div>
    }
}

fn facts(connection: &Connection) -> Html {
    let hops = connection.target.iter().flat_map(|target| &target.jump);
    let hops: Vec<&str> = hops.map(|hop| hop.host.as_str()).collect();
    // The relay connects to the first of them.
    let place = connection
        .target
        .as_ref()
        .map(|target| target.jump.first().unwrap_or(target))
        .map_or_else(String::new, |first| {
            format!("{}:{}", first.host, first.port)
        });
    html! {
        <>
            <p class="path">
                <span>{ words::BROWSER.say() }</span><span aria-hidden="true">{ " ⇄ " }</span>
                <span class="relay">{ words::RELAY.say() }</span><span aria-hidden="true">{ " ⇄ " }</span>
                { for hops.iter().map(|hop| html! {
                    <><span>{ (*hop).to_owned() }</span>
                        <span aria-hidden="true">{ " ⇄ " }</span></>
                }) }
                <span>{ connection.host().to_owned() }</span>
            </p>
            <p><strong>{ words::RELAY_SEES.say() }</strong>{ " " }
                { words::SEES.with(&[("place", &place)]) }</p>
            <p><strong>{ words::CANNOT_SEE.say() }</strong>{ " " }
                { words::SEES_NOT.say() }</p>
            if let Some(session) = &connection.session {
                <dl>
                    <dt>{ words::HOST_KEY.say() }</dt>
                    <dd>{ session.host_key.kind.clone() }{ ", " }
                        { trusted(session) }{ " " }
                        <code class="fingerprint">{ session.host_key.fingerprint.clone() }</code></dd>
                    <dt>{ words::KEX.say() }</dt><dd>{ session.kex.clone() }</dd>
                    <dt>{ words::CIPHER.say() }</dt>
                    <dd>
                        if session.mac.is_empty() {
                            { session.cipher.clone() }
                        } else {
                            { words::CIPHER_WITH.with(&[("cipher", &session.cipher), ("mac", &session.mac)]) }
                        }
                        if session.legacy { { words::WEAK.say() } }</dd>
                    <dt>{ words::LOGGED_IN.say() }</dt>
                    <dd>{ words::BY.with(&[("user", &session.user), ("method", &session.method)]) }</dd>
                    if session.agent {
                        <dt>{ words::AGENT.say() }</dt><dd>{ words::AGENT_WHAT.say() }</dd>
                    }
                    <dt>{ words::SERVER.say() }</dt><dd>{ session.server.clone() }</dd>
                    <dt>{ "Transom" }</dt><dd>{ env!("CARGO_PKG_VERSION") }</dd>
                </dl>
            }
        </>
    }
}

/// Why the host key was accepted.
fn trusted(session: &SessionSummary) -> String {
    match &session.host_key_authority {
        Some(authority) => words::CERTIFIED.with(&[("authority", authority)]),
        None if session.host_key_known => words::TRUSTED.say().to_owned(),
        None => words::TRUSTED_ONCE.say().to_owned(),
    }
}
