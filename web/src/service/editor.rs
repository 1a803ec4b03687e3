//! The editor of texts, CodeMirror. JavaScript holds it, fetched when a person edits the first time.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::{Object, Reflect};
use transom_browser::JsFailure;
use wasm_bindgen::prelude::{Closure, wasm_bindgen};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::spawn_local;
use web_sys::Element;
use yew::Callback;

use crate::state::message::Message;
use crate::state::message::{button, editor as words};

#[wasm_bindgen(module = "/lazy.js")]
extern "C" {
    /// The module of `web/editor.js`.
    #[wasm_bindgen(catch)]
    async fn editor() -> Result<JsValue, JsValue>;
}

#[wasm_bindgen]
extern "C" {
    /// The module.
    type Module;

    #[wasm_bindgen(method)]
    fn open(
        this: &Module,
        parent: &Element,
        name: &str,
        text: &str,
        words: &Object,
        on: &Object,
        kept: Option<&str>,
    ) -> JsEditor;

    #[wasm_bindgen(method)]
    fn compare(
        this: &Module,
        parent: &Element,
        name: &str,
        theirs: &str,
        mine: &str,
        words: &Object,
    ) -> JsEditor;

    /// What shows a text.
    #[derive(Clone)]
    type JsEditor;

    #[wasm_bindgen(method)]
    fn take(this: &JsEditor) -> String;

    #[wasm_bindgen(method)]
    fn saved(this: &JsEditor);

    #[wasm_bindgen(method)]
    fn replace(this: &JsEditor, text: &str);

    #[wasm_bindgen(method)]
    fn focus(this: &JsEditor);

    #[wasm_bindgen(method)]
    fn close(this: &JsEditor);
}

/// What an editor tells.
#[derive(Clone, PartialEq)]
pub(crate) struct Told {
    /// Whether the text differs from what was saved.
    pub(crate) changed: Callback<bool>,
    /// Esc was pressed in the text.
    pub(crate) leave: Callback<()>,
    /// The editor cannot be fetched.
    pub(crate) failed: Callback<()>,
}

type Listeners = (Closure<dyn Fn(bool)>, Closure<dyn Fn()>);

/// What shows a text, with what it calls.
type Shown = (JsEditor, Option<Listeners>);

/// A place for an editor; nothing happens while there is none in it. Cloning it names the same one.
#[derive(Clone, Default)]
pub(crate) struct Editor(Rc<RefCell<Option<Shown>>>);

impl PartialEq for Editor {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Editor {
    /// The whole text, which is what is saved if [`Self::saved`] follows.
    pub(crate) fn take(&self) -> Option<String> {
        Some(self.js()?.take())
    }

    /// What was taken last is on the server now.
    pub(crate) fn saved(&self) {
        if let Some(editor) = self.js() {
            editor.saved();
        }
    }

    /// Shows what is on the server instead; the person may take that back.
    pub(crate) fn replace(&self, text: &str) {
        if let Some(editor) = self.js() {
            editor.replace(text);
        }
    }

    /// Gives it the keyboard.
    pub(crate) fn focus(&self) {
        if let Some(editor) = self.js() {
            editor.focus();
        }
    }

    fn js(&self) -> Option<JsEditor> {
        // Not held on to: the editor calls back.
        Some(self.0.borrow().as_ref()?.0.clone())
    }

    /// Opens a text in an element, until the result is dropped.
    ///
    /// - `kept`: stands in its place from the start, and is not saved.
    pub(crate) fn open(
        &self,
        parent: Element,
        name: String,
        (text, kept, hint): (Rc<str>, Option<Rc<str>>, String),
        told: Told,
    ) -> Opened {
        self.fill(told.failed.clone(), move |module| {
            let changed = told.changed;
            let changed = Closure::<dyn Fn(bool)>::new(move |differs| changed.emit(differs));
            let leave = told.leave;
            let leave = Closure::<dyn Fn()>::new(move || leave.emit(()));
            let on = object(&[("changed", changed.as_ref()), ("leave", leave.as_ref())]);
            let label = button::TEXT.say();
            let said = spoken(&[("label", label), ("hint", &hint)]);
            let editor = module.open(&parent, &name, &text, &said, &on, kept.as_deref());
            (editor, Some((changed, leave)))
        })
    }

    /// Shows two texts beside each other in an element, until the result is dropped.
    pub(crate) fn compare(parent: Element, name: String, theirs: String, mine: String) -> Opened {
        Self::default().fill(Callback::noop(), move |module| {
            let sides = [("theirs", words::THEIRS.say()), ("mine", words::MINE.say())];
            let shown = module.compare(&parent, &name, &theirs, &mine, &spoken(&sides));
            (shown, None)
        })
    }

    fn fill(&self, failed: Callback<()>, make: impl FnOnce(&Module) -> Shown + 'static) -> Opened {
        let wanted = Rc::new(Cell::new(true));
        let (place, still) = (self.clone(), Rc::clone(&wanted));
        spawn_local(async move {
            match editor().await.map_err(JsFailure::from) {
                Ok(module) if still.get() => {
                    place.0.replace(Some(make(&module.unchecked_into())));
                }
                Ok(_) => {}
                Err(_) => failed.emit(()),
            }
        });
        Opened {
            editor: self.clone(),
            wanted,
        }
    }
}

/// Closes an editor when it is dropped, also one that is still being fetched.
pub(crate) struct Opened {
    editor: Editor,
    wanted: Rc<Cell<bool>>,
}

impl Drop for Opened {
    fn drop(&mut self) {
        self.wanted.set(false);
        let made = self.editor.0.take();
        if let Some((editor, _listeners)) = made {
            editor.close();
        }
    }
}

/// What CodeMirror calls its words, and ours for them.
const PHRASES: &[(&str, Message)] = &[
    ("Find", words::FIND),
    ("Replace", words::REPLACEMENT),
    ("next", words::NEXT),
    ("previous", words::PREVIOUS),
    ("all", words::ALL_FOUND),
    ("match case", words::MATCH_CASE),
    ("regexp", words::PATTERN),
    ("by word", words::WHOLE_WORDS),
    ("replace", words::REPLACE_ONE),
    ("replace all", words::REPLACE_ALL),
    ("close", words::CLOSE_FIND),
    ("Go to line", words::GO_TO_LINE),
    ("go", words::GO),
    ("$ unchanged lines", words::UNCHANGED),
];

fn spoken(parts: &[(&str, &str)]) -> Object {
    let phrases = Object::new();
    for (name, message) in PHRASES {
        set(&phrases, name, &message.say().into());
    }
    let all = Object::new();
    set(&all, "phrases", &phrases);
    for (name, text) in parts {
        set(&all, name, &(*text).into());
    }
    all
}

fn object(fields: &[(&str, &JsValue)]) -> Object {
    let all = Object::new();
    for (name, value) in fields {
        set(&all, name, value);
    }
    all
}

fn set(object: &Object, name: &str, value: &JsValue) {
    // A fresh object takes any property.
    let _ = Reflect::set(object, &name.into(), value);
}
