//! A terminal that begins in a folder.

use transom_protocol::{RemotePath, ShellId};
use yew::{Callback, hook, use_effect_with, use_state};

use crate::hook::use_provided;
use crate::state::connection::ConnectionId;
use crate::state::file_view::quoted;
use crate::state::workspace::Action;

/// Opens a terminal in a folder.
#[hook]
pub(super) fn use_terminal_at(id: &ConnectionId) -> Callback<RemotePath> {
    let provided = use_provided();
    let wish = use_state(|| None::<(RemotePath, Vec<ShellId>)>);
    let shells: Vec<ShellId> = (provided.iter())
        .flat_map(|provided| provided.workspace.tabs().of(id))
        .filter_map(|tab| tab.shell)
        .collect();
    let (typing, asked, connection) = (provided.clone(), wish.clone(), id.clone());
    use_effect_with(shells.clone(), move |shells| {
        let Some((path, known)) = &*asked else { return };
        let new = shells.iter().find(|shell| !known.contains(shell));
        if let (Some(shell), Some(provided)) = (new, &typing) {
            // The blank keeps it out of the history of most shells.
            let line = [b" cd -- ".as_slice(), &quoted(path), b"\r"].concat();
            provided.sessions.type_bytes(&connection, *shell, &line);
            asked.set(None);
        }
    });
    let id = id.clone();
    Callback::from(move |path: RemotePath| {
        if let Some(provided) = &provided {
            wish.set(Some((path, shells.clone())));
            provided.workspace.dispatch(Action::TabAdded(id.clone()));
            if let Some(files) = provided.sessions.files(&id) {
                files.set_open(false);
            }
        }
    })
}
