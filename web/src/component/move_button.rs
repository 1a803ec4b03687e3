//! The button that moves a tab to a window of its own, or back.

use yew::{Callback, Html, MouseEvent, component, html};

use crate::component::icon::{Glyph, Icon};
use crate::hook::{use_keys, use_provided};
use crate::service::pane;
use crate::state::key_press::Chord;
use crate::state::message::window as text;
use crate::state::windows::Moves;

/// A button of the tab strip.
#[component]
pub(crate) fn MoveButton() -> Html {
    let provided = use_provided();
    let keys = use_keys(provided.as_ref());
    let moves = provided.map(|provided| provided.workspace.windows().moves());
    let (glyph, name) = match moves {
        Some(Moves::Back) => (Glyph::WindowIn, text::BACK),
        _ => (Glyph::WindowOut, text::OUT),
    };
    let never = moves == Some(Moves::Never);
    let why = if never {
        text::ALONE.say().to_owned()
    } else {
        keys.hint(name.say(), Chord::MoveWindow)
    };
    let onclick = Callback::from(|_: MouseEvent| pane::press(Chord::MoveWindow));
    html! {
        <button type="button" class="icon-button split" aria-label={name.say()} title={why}
            disabled={never} {onclick}>
            <Icon {glyph} />
        </button>
    }
}
