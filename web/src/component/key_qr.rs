//! The public half of a key as a picture, for a machine that has a camera and no clipboard in common.

use yew::{Callback, Html, MouseEvent, Properties, component, html, use_memo};

use crate::component::dialog::Dialog;
use crate::state::message::{button, keys as words};
use crate::state::qr;

/// Which key.
#[derive(PartialEq, Properties)]
pub(crate) struct KeyQrProps {
    pub(crate) name: String,
    /// Its public half, as `authorized_keys` has it.
    pub(crate) line: String,
    pub(crate) on_close: Callback<()>,
}

/// Shows the code. It is dark on white in every theme, as readers want it.
#[component]
pub(crate) fn KeyQr(props: &KeyQrProps) -> Html {
    let code = use_memo(props.line.clone(), |line| qr::code(line));
    let close = props.on_close.reform(|_: MouseEvent| ());
    html! {
        <Dialog title={words::QR_OF.with(&[("name", &props.name)])} on_cancel={props.on_close.clone()}>
            if let Some(code) = &*code {
                <svg class="qr" role="img" viewBox={format!("0 0 {0} {0}", code.size)}
                    aria-label={words::QR_PICTURE.with(&[("name", &props.name)])}>
                    <path d={code.path.clone()} />
                </svg>
                <p class="hint">{ words::QR_WHAT.say() }</p>
            } else {
                <p>{ words::QR_LONG.say() }</p>
            }
            <menu>
                <button type="button" autofocus=true onclick={close}>{ button::CLOSE.say() }</button>
            </menu>
        </Dialog>
    }
}
