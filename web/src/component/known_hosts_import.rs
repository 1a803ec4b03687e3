//! Taking in known hosts: from a file, or pasted.

use std::cell::RefCell;
use std::rc::Rc;

use transom_protocol::KnownHostsImport;
use web_sys::{HtmlTextAreaElement, InputEvent};
use yew::{
    Callback, Html, MouseEvent, Properties, TargetCast, component, html, use_mut_ref, use_state,
};

use crate::component::text_file::TextFile;
use crate::service::known_hosts::Import;
use crate::state::message::known_hosts;
use crate::state::words;

/// Who wants to know.
#[derive(PartialEq, Properties)]
pub(crate) struct KnownHostsImporterProps {
    /// Something was kept.
    pub(crate) on_kept: Callback<()>,
    /// What else is done with such lines; it stands among the buttons.
    pub(crate) children: Html,
}

/// A field for lines, a file picker, and what came of them.
#[component]
pub(crate) fn KnownHostsImporter(props: &KnownHostsImporterProps) -> Html {
    let typed = use_state(String::new);
    let said = use_state(|| None::<String>);
    let running: Rc<RefCell<Option<Import>>> = use_mut_ref(|| None);
    let begin = {
        let (said, typed, on_kept) = (said.setter(), typed.setter(), props.on_kept.clone());
        let running = Rc::clone(&running);
        Callback::from(move |text: Option<String>| {
            let Some(text) = text else {
                said.set(Some(words::known_hosts_unreadable().to_owned()));
                return;
            };
            let (told, emptied, on_kept) = (said.clone(), typed.clone(), on_kept.clone());
            let ended = Rc::clone(&running);
            let on_outcome = Callback::from(move |outcome: Option<KnownHostsImport>| {
                if let Some(KnownHostsImport::Kept { unread, .. }) = &outcome {
                    if unread.is_empty() {
                        emptied.set(String::new());
                    }
                    on_kept.emit(());
                }
                told.set(Some(words::known_hosts_imported(outcome.as_ref())));
                // The worker's own message is being heard; it ends behind that.
                let ended = Rc::clone(&ended);
                wasm_bindgen_futures::spawn_local(async move {
                    ended.replace(None);
                });
            });
            let import = Import::start(text, on_outcome);
            if import.is_none() {
                said.set(Some(words::known_hosts_imported(None)));
            }
            running.replace(import);
        })
    };
    let oninput = {
        let setter = typed.setter();
        Callback::from(move |event: InputEvent| {
            let field: HtmlTextAreaElement = event.target_unchecked_into();
            setter.set(field.value());
        })
    };
    let add = {
        let text = (*typed).clone();
        begin.reform(move |_: MouseEvent| Some(text.clone()))
    };
    let on_text = begin.reform(|(_, text): (String, Option<String>)| text);
    html! {
        <section class="known-hosts-import" aria-label={known_hosts::ADD.say()}>
            <label class="field">
                <span>{ known_hosts::LINES.say() }</span>
                <textarea rows="3" spellcheck="false" placeholder={known_hosts::LINES_EXAMPLE.say()}
                    value={(*typed).clone()} {oninput} />
            </label>
            <div class="actions">
                <button type="button" disabled={typed.trim().is_empty()} onclick={add}>
                    { known_hosts::ADD_LINES.say() }
                </button>
                <TextFile name={known_hosts::IMPORT.say()} accept="" {on_text} />
                { props.children.clone() }
            </div>
            <p class="hint" role="status">{ said.as_deref().unwrap_or_default().to_owned() }</p>
        </section>
    }
}
