//! A button that copies.

use yew::{AttrValue, Callback, Html, MouseEvent, Properties, component, html, use_state};

use crate::component::icon::{Glyph, Icon};
use crate::service::clipboard;
use crate::state::message::terminal as words;

/// What is copied, under which name.
#[derive(PartialEq, Properties)]
pub(crate) struct CopyButtonProps {
    /// The button's name.
    pub(crate) name: AttrValue,
    pub(crate) text: AttrValue,
}

/// Copies a text, and says whether that worked.
#[component]
pub(crate) fn CopyButton(props: &CopyButtonProps) -> Html {
    let done = use_state(|| None::<bool>);
    let onclick = {
        let (text, setter) = (props.text.clone(), done.setter());
        Callback::from(move |_: MouseEvent| {
            let setter = setter.clone();
            clipboard::copy(
                &text,
                Callback::from(move |copied| setter.set(Some(copied))),
            );
        })
    };
    let (glyph, said) = match *done {
        None => (Glyph::Copy, ""),
        Some(true) => (Glyph::Check, words::COPIED.say()),
        Some(false) => (Glyph::Warning, words::COPY_BLOCKED.say()),
    };
    html! {
        <span class="copy">
            <button type="button" class="quiet" {onclick}>
                <Icon {glyph} />
                { props.name.clone() }
            </button>
            <span class="said" role="status">{ said }</span>
        </span>
    }
}
