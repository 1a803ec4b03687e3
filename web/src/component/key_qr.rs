//! The public half of a key as a picture, for a machine that has a camera and no clipboard in common.

use yew::{Callback, Html, MouseEvent, Properties, component, html, use_memo};

use crate::component::dialog::Dialog;
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
        <Dialog title={format!("QR code of {}", props.name)} on_cancel={props.on_close.clone()}>
            if let Some(code) = &*code {
                <svg class="qr" role="img" viewBox={format!("0 0 {0} {0}", code.size)}
                    aria-label={format!("QR code of the public key {}", props.name)}>
                    <path d={code.path.clone()} />
                </svg>
                <p class="hint">{ "It holds the public key, which anybody may see." }</p>
            } else {
                <p>{ "The public key is too long for a QR code. Copy it instead." }</p>
            }
            <menu>
                <button type="button" autofocus=true onclick={close}>{ "Close" }</button>
            </menu>
        </Dialog>
    }
}
