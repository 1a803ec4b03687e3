//! What a person does with saved hosts, as a callback.

use transom_protocol::SavedHost;
use yew::{Callback, hook};

use crate::hook::{HostsHandle, use_provided};
use crate::service::{hosts, place};
use crate::state::hosts::HostsAction;

/// One thing to do to the saved hosts.
#[derive(Clone, Debug)]
pub(crate) enum HostDeed {
    /// Read what is stored, also by other pages.
    Read,
    Save(SavedHost),
    /// All of these, each in place of the one with its id.
    Import(Vec<SavedHost>),
    /// It is connected to now.
    Used(SavedHost),
    /// The one with this id.
    Remove(String),
}

/// Changes the stored hosts, and shows the change. Where the browser keeps no data for this
/// page, they last as long as the page.
#[hook]
pub(crate) fn use_host_deeds() -> Callback<HostDeed> {
    let hosts = use_provided().map(|provided| provided.hosts);
    Callback::from(move |deed: HostDeed| {
        if let Some(hosts) = &hosts {
            act(hosts, deed);
        }
    })
}

/// Reads what is stored.
pub(crate) fn read(handle: &HostsHandle) {
    let dispatch = handle.dispatcher();
    wasm_bindgen_futures::spawn_local(async move {
        if let Ok(list) = hosts::all().await {
            dispatch.dispatch(HostsAction::Read(list));
        }
    });
}

fn act(handle: &HostsHandle, deed: HostDeed) {
    let saved = match deed {
        HostDeed::Read => return read(handle),
        HostDeed::Remove(id) => {
            handle.dispatch(HostsAction::Removed(id.clone()));
            wasm_bindgen_futures::spawn_local(async move {
                // What could not be removed is listed again by the next page.
                let _ = hosts::remove(&id).await;
            });
            return;
        }
        HostDeed::Save(host) => vec![host],
        HostDeed::Import(hosts) => hosts,
        HostDeed::Used(host) => vec![SavedHost {
            last_ms: Some(place::now_ms()),
            ..host
        }],
    };
    handle.dispatch(HostsAction::Saved(saved.clone()));
    let dispatch = handle.dispatcher();
    wasm_bindgen_futures::spawn_local(async move {
        // A list that was read meanwhile does not have them.
        if hosts::put(&saved).await.is_ok()
            && let Ok(list) = hosts::all().await
        {
            dispatch.dispatch(HostsAction::Read(list));
        }
    });
}
