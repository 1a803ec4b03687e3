//! The Files screen: a folder of the server, what can be done with it, and transfers.

mod bring;
mod carry;
mod choices;
mod conflict;
mod desk;
mod drag;
mod editor;
mod facts;
mod listing;
mod name_field;
mod path_bar;
mod permissions;
mod row;
mod screen;
mod sheet;
mod stranded;
mod terminal_at;
mod terminal_drop;
mod toolbar;
mod transfers;
mod view;

use yew::{
    Callback, Html, MouseEvent, Properties, component, hook, html, use_effect_with,
    use_force_update,
};

use crate::component::icon::{Glyph, Icon};
use crate::hook::use_provided;
use crate::service::files::Files;
use crate::service::pane;
use crate::state::connection::{Connection, ConnectionId};
use crate::state::message::files as words;
use screen::Screen;
use terminal_drop::TerminalDrop;

/// Draws the component again whenever the files of a connection changed.
#[hook]
pub(super) fn use_files(files: Option<&Files>) {
    let update = use_force_update();
    use_effect_with(files.cloned(), move |files| {
        let watch = files
            .as_ref()
            .map(|files| files.watch(Callback::from(move |()| update.force_update())));
        move || drop(watch)
    });
}

/// Shows or hides the files of the session in front.
#[component]
pub(crate) fn FilesButton() -> Html {
    let provided = use_provided();
    let front = provided
        .as_ref()
        .and_then(|provided| provided.workspace.front());
    let files = front.filter(|front| front.is_usable()).and_then(|front| {
        let provided = provided.as_ref()?;
        provided.sessions.files(&front.id)
    });
    use_files(files.as_ref());
    let open = files.as_ref().is_some_and(Files::is_open);
    let disabled = files.is_none();
    let onclick = Callback::from(move |_: MouseEvent| {
        if let Some(files) = &files {
            files.set_open(!open);
            if open {
                pane::focus_front();
            }
        }
    });
    html! {
        <button type="button" class="files-button" aria-pressed={open.to_string()}
            title={words::OF_THIS_SERVER.say()} {disabled} {onclick}>
            <Icon glyph={Glyph::Folder} />
            <span>{ words::FILES.say() }</span>
        </button>
    }
}

/// Which session is in front.
#[derive(PartialEq, Properties)]
pub(crate) struct FilesHostProps {
    /// `None` where no session is in sight.
    pub(crate) front: Option<Connection>,
}

/// Keeps a screen for each connection whose files were opened, and shows that of the one in
/// front.
#[component]
pub(crate) fn FilesHost(props: &FilesHostProps) -> Html {
    let provided = use_provided();
    let screens = provided.iter().flat_map(|provided| {
        let connections = provided.workspace.connections().iter();
        connections.map(|connection| {
            let front = props.front.as_ref().is_some_and(|front| front.id == connection.id);
            html! { <FilesSlot key={connection.id.0.to_string()} id={connection.id.clone()} {front} /> }
        })
    });
    html! { <div class="files-host">
        <div>{ for screens }</div>
        <TerminalDrop />
    </div> }
}

#[derive(PartialEq, Properties)]
struct FilesSlotProps {
    id: ConnectionId,
    front: bool,
}

/// The screen of one connection, drawn from when it is opened first.
#[component]
fn FilesSlot(props: &FilesSlotProps) -> Html {
    let provided = use_provided();
    let files = provided.and_then(|provided| provided.sessions.files(&props.id));
    use_files(files.as_ref());
    let was_open = yew::use_mut_ref(|| false);
    let Some(files) = files else {
        return Html::default();
    };
    let open = files.is_open();
    if open {
        *was_open.borrow_mut() = true;
    }
    if !*was_open.borrow() {
        return Html::default();
    }
    html! { <Screen {files} front={open && props.front} /> }
}
