//! A dialog that must be answered before anything else on the page.

use web_sys::{Event, HtmlDialogElement};
use yew::{
    AttrValue, Callback, Children, Classes, Html, Properties, classes, component, html,
    use_effect_with, use_node_ref,
};

/// What a dialog is made of.
#[derive(PartialEq, Properties)]
pub(crate) struct DialogProps {
    /// Its name.
    pub(crate) title: AttrValue,
    #[prop_or_default]
    pub(crate) class: Classes,
    /// Esc was pressed.
    pub(crate) on_cancel: Callback<()>,
    pub(crate) children: Children,
}

/// Shows its children in front of the page. The element with `autofocus` gets the focus.
#[component]
pub(crate) fn Dialog(props: &DialogProps) -> Html {
    let node = use_node_ref();
    let shown = node.clone();
    use_effect_with((), move |()| {
        let dialog = shown.cast::<HtmlDialogElement>();
        if let Some(dialog) = &dialog {
            // It fails only for a dialog that is open already.
            let _ = dialog.show_modal();
        }
        // Closing gives the focus back to where it was.
        move || {
            if let Some(dialog) = dialog {
                dialog.close();
            }
        }
    });
    let oncancel = props
        .on_cancel
        .reform(|event: Event| event.prevent_default());
    html! {
        <dialog ref={node} class={classes!("dialog", props.class.clone())}
            aria-label={props.title.clone()} {oncancel}>
            <h2>{ props.title.clone() }</h2>
            { props.children.clone() }
        </dialog>
    }
}
