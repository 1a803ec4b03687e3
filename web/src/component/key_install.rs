//! Putting the public half of a key on a host that is connected.

use transom_protocol::KeyInstall;
use yew::{Callback, Html, MouseEvent, Properties, component, html, use_state};

use crate::component::dialog::Dialog;
use crate::hook::use_provided;
use crate::state::connection::ConnectionId;
use crate::state::message::{button, keys as words};
use crate::state::words::install_words;

/// Which key.
#[derive(PartialEq, Properties)]
pub(crate) struct KeyInstallerProps {
    pub(crate) fingerprint: String,
    pub(crate) name: String,
    pub(crate) on_close: Callback<()>,
    /// The key was used.
    pub(crate) on_used: Callback<()>,
}

/// Asks for the host, and tells how it goes.
#[component]
pub(crate) fn KeyInstaller(props: &KeyInstallerProps) -> Html {
    let provided = use_provided();
    let going = use_state(|| None::<(String, Option<KeyInstall>)>);
    let Some(provided) = provided else {
        return Html::default();
    };
    let begin = |id: ConnectionId, host: String| {
        let (setter, sessions) = (going.setter(), provided.sessions.clone());
        let (fingerprint, used) = (props.fingerprint.clone(), props.on_used.clone());
        Callback::from(move |_: MouseEvent| {
            setter.set(Some((host.clone(), None)));
            let (setter, host, used) = (setter.clone(), host.clone(), used.clone());
            let on_state = Callback::from(move |state: KeyInstall| {
                if matches!(state, KeyInstall::Proven { .. }) {
                    used.emit(());
                }
                setter.set(Some((host.clone(), Some(state))));
            });
            sessions.install_key(&id, fingerprint.clone(), on_state);
        })
    };
    let open = provided.workspace.connections().iter();
    let hosts: Html = open
        .filter(|connection| connection.session.is_some())
        .filter_map(|connection| {
            let user = connection.session.as_ref()?.user.clone();
            let target = connection.target.clone()?;
            let host = format!("{user}@{}", target.known_hosts_name());
            let onclick = begin(connection.id.clone(), host.clone());
            let key = connection.id.0.to_string();
            Some(html! { <li {key}><button type="button" {onclick}>{ host }</button></li> })
        })
        .collect();
    let close = props.on_close.reform(|_: MouseEvent| ());
    let any = hosts != Html::default();
    let body = match &*going {
        Some((host, state)) => html! {
            <p role={if matches!(state, Some(KeyInstall::Failed { .. })) { "alert" } else { "status" }}>
                { install_words(host, state.as_ref()) }
            </p>
        },
        None if any => html! {
            <>
                <p>{ words::INSTALL_WHAT.say() }</p>
                <ul class="key-hosts">{ hosts }</ul>
            </>
        },
        None => html! {
            <p>{ words::INSTALL_NONE.say() }</p>
        },
    };
    html! {
        <Dialog title={words::INSTALL_IT.with(&[("name", &props.name)])} on_cancel={props.on_close.clone()}>
            { body }
            <menu><button type="button" onclick={close}>{ button::CLOSE.say() }</button></menu>
        </Dialog>
    }
}
