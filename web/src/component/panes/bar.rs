//! The bar above a terminal that shares its tab with others: what it is, and a grip to move it.

use yew::{Callback, Html, MouseEvent, Properties, component, html};

use crate::component::icon::{Glyph, Icon};
use crate::hook::drag::{Dragged, Grip, use_grip};
use crate::hook::session::{use_close_tab, use_focus};
use crate::hook::{use_keys, use_provided};
use crate::state::key_press::Chord;
use crate::state::layout::Step;
use crate::state::message::tabs as words;
use crate::state::tabs::{Arrangement, Tab, TabId};
use crate::state::workspace::Action;

/// Whose bar.
#[derive(PartialEq, Properties)]
pub(crate) struct PaneBarProps {
    pub(crate) tab: Tab,
    pub(crate) host: String,
    pub(crate) zoomed: bool,
    pub(crate) on_drag: Callback<(TabId, Dragged)>,
}

/// Names the terminal. It is dragged by it.
#[component]
pub(crate) fn PaneBar(props: &PaneBarProps) -> Html {
    let (close, focus, provided) = (use_close_tab(), use_focus(), use_provided());
    let keys = use_keys(provided.as_ref());
    let id = props.tab.id;
    let grip = use_grip(props.on_drag.reform(move |dragged| (id, dragged)), true);
    let Grip {
        on_down,
        on_move,
        on_up,
        on_cancel,
    } = grip;
    let zoom = Callback::from(move |event: MouseEvent| {
        event.stop_propagation();
        if let Some(provided) = &provided {
            let workspace = &provided.workspace;
            workspace.dispatch(Action::TabRaised(id));
            workspace.dispatch(Action::Arranged(Arrangement::Step(Step::Zoom)));
        }
    });
    let (zoom_name, zoom_glyph) = if props.zoomed {
        (words::SHOW_ALL.say(), Glyph::Shrink)
    } else {
        (words::ZOOM.say(), Glyph::Grow)
    };
    // The press takes the keyboard from nobody; the click gives it to this terminal.
    let onmousedown = Callback::from(|event: MouseEvent| event.prevent_default());
    let onclick = focus.reform(move |_: MouseEvent| id);
    html! {
        <div class="pane-bar" {onmousedown} {onclick} onpointerdown={on_down} onpointermove={on_move} onpointerup={on_up}
            onpointercancel={on_cancel}>
            <span class="pane-host">{ props.host.clone() }</span>
            if !props.tab.title.is_empty() {
                <bdi class="pane-title">{ props.tab.title.clone() }</bdi>
            }
            <button type="button" class="icon-button" data-still="" aria-label={zoom_name}
                title={keys.hint(zoom_name, Chord::Arrange(Step::Zoom))} onclick={zoom}>
                <Icon glyph={zoom_glyph} />
            </button>
            <button type="button" class="icon-button" data-still="" aria-label={words::CLOSE_PANE.say()}
                title={keys.hint(words::CLOSE_PANE.say(), Chord::CloseTab)}
                onclick={close.reform(move |event: MouseEvent| {
                    event.stop_propagation();
                    id
                })}>
                <Icon glyph={Glyph::Cross} />
            </button>
        </div>
    }
}
