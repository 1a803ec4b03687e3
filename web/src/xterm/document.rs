//! A document for xterm.js that needs no inline style.
//!
//! xterm.js writes its colours into `<style>` elements and `style` attributes, and the page's
//! security policy (`style-src 'self'`) refuses both. So it gets a stand-in for the document,
//! where the text of a `<style>` goes to a constructed stylesheet; and `setAttribute` of spans
//! sets a `style` through the element's style object, which the policy allows.

use core::cell::RefCell;
use std::rc::Rc;

use js_sys::{Array, Function, Object, Proxy, Reflect};
use transom_browser::JsFailure;
use wasm_bindgen::prelude::{Closure, wasm_bindgen};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{CssStyleSheet, Document, Element, HtmlElement};

#[wasm_bindgen]
extern "C" {
    /// A document with adopted stylesheets.
    #[wasm_bindgen(extends = Document, extends = Object)]
    #[derive(Clone)]
    type StyledDocument;

    #[wasm_bindgen(method, getter, js_name = adoptedStyleSheets)]
    fn adopted_style_sheets(this: &StyledDocument) -> Array;

    #[wasm_bindgen(method, setter, js_name = adoptedStyleSheets)]
    fn set_adopted_style_sheets(this: &StyledDocument, sheets: &Array);

    /// A property descriptor with a setter.
    #[wasm_bindgen(extends = Object)]
    type Descriptor;

    #[wasm_bindgen(method, setter)]
    fn set_set(this: &Descriptor, setter: &Function);

    /// The traps of a `Proxy`.
    #[wasm_bindgen(extends = Object)]
    type Traps;

    #[wasm_bindgen(method, setter, js_name = get)]
    fn set_get(this: &Traps, trap: &Function);

    #[wasm_bindgen(method, setter, js_name = apply)]
    fn set_apply(this: &Traps, trap: &Function);
}

/// The stylesheets of one terminal. Dropping them takes them off the page.
pub(crate) struct Stylesheets {
    shared: Rc<Shared>,
    stand_in: JsValue,
    create: Function,
    _get: PropertyTrap,
    _create: Closure<dyn Fn(String) -> JsValue>,
}

/// Reads a property of a stand-in.
type PropertyTrap = Closure<dyn Fn(JsValue, JsValue) -> JsValue>;

/// A stylesheet and the setter that fills it.
struct Sheet {
    sheet: CssStyleSheet,
    _fill: Closure<dyn Fn(String)>,
}

struct Shared {
    document: StyledDocument,
    sheets: RefCell<Vec<Sheet>>,
}

impl Stylesheets {
    /// Makes the stand-in.
    ///
    /// # Errors
    ///
    /// [`JsFailure`] where there is no document.
    pub(crate) fn new() -> Result<Self, JsFailure> {
        let document = real_document()?;
        let shared = Rc::new(Shared {
            document,
            sheets: RefCell::default(),
        });
        let creating = Rc::clone(&shared);
        let create_closure = Closure::<dyn Fn(String) -> JsValue>::new(move |name: String| {
            creating.create(&name).unwrap_or(JsValue::NULL)
        });
        let create: Function = create_closure.as_ref().unchecked_ref::<Function>().clone();
        let get = property_getter(&shared, &create);
        let traps: Traps = Object::new().unchecked_into();
        traps.set_get(get.as_ref().unchecked_ref());
        let stand_in = Proxy::new(&shared.document, &traps).into();
        Ok(Self {
            shared,
            stand_in,
            create,
            _get: get,
            _create: create_closure,
        })
    }

    /// The stand-in for the document.
    pub(crate) fn document(&self) -> &JsValue {
        &self.stand_in
    }

    /// Stands in on the document itself until the result is dropped: xterm.js 6.0 takes the
    /// real one for its scroll bar, whatever it is told.
    pub(crate) fn everywhere(&self) -> impl Drop + use<> {
        let document = self.shared.document.clone();
        // A document takes any property.
        let _ = Reflect::set(&document, &"createElement".into(), &self.create);
        Everywhere(document)
    }
}

impl Drop for Stylesheets {
    fn drop(&mut self) {
        let ours = self.shared.sheets.take();
        let others = self
            .shared
            .document
            .adopted_style_sheets()
            .iter()
            .filter(|sheet| !ours.iter().any(|own| JsValue::from(&own.sheet) == *sheet))
            .collect::<Array>();
        self.shared.document.set_adopted_style_sheets(&others);
    }
}

struct Everywhere(StyledDocument);

impl Drop for Everywhere {
    fn drop(&mut self) {
        // The method of the prototype appears again.
        let _ = Reflect::delete_property(&self.0, &"createElement".into());
    }
}

impl Shared {
    fn create(&self, name: &str) -> Result<JsValue, JsValue> {
        match name {
            "style" => self.create_style(),
            _ => self.native_create(name).map(Into::into),
        }
    }

    /// Creates an element with the prototype's method, which is never shadowed.
    fn native_create(&self, name: &str) -> Result<Element, JsValue> {
        self.document.create_element_ns(Some(HTML), name)
    }

    /// An element that shows nothing and passes its text to a stylesheet.
    fn create_style(&self) -> Result<JsValue, JsValue> {
        let sheet = CssStyleSheet::new()?;
        let adopted = self.document.adopted_style_sheets();
        adopted.push(&sheet);
        self.document.set_adopted_style_sheets(&adopted);
        let element = self.native_create("template")?;
        let filled = sheet.clone();
        let fill = Closure::<dyn Fn(String)>::new(move |text: String| {
            // A rule that this browser does not know is left out by itself.
            let _ = filled.replace_sync(&text);
        });
        let descriptor: Descriptor = Object::new().unchecked_into();
        descriptor.set_set(fill.as_ref().unchecked_ref());
        Object::<JsValue>::define_property(
            element.unchecked_ref(),
            &"textContent".into(),
            descriptor.unchecked_ref(),
        );
        self.sheets.borrow_mut().push(Sheet { sheet, _fill: fill });
        Ok(element.into())
    }
}

/// Elements that `createElement` would make.
const HTML: &str = "http://www.w3.org/1999/xhtml";

/// Lets spans take a `style` attribute under the page's security policy, until it is dropped.
///
/// It is for the whole page: the renderer of xterm.js that draws with elements makes its spans
/// with the real document and by cloning.
pub(crate) struct SpanStyles {
    prototype: Object,
    _trap: Closure<dyn Fn(Function, Element, Array)>,
}

impl SpanStyles {
    /// Begins.
    ///
    /// # Errors
    ///
    /// [`JsFailure`] where there is no document.
    pub(crate) fn install() -> Result<Self, JsFailure> {
        let span: JsValue = real_document()?
            .create_element_ns(Some(HTML), "span")?
            .into();
        let native: Function = Reflect::get(&span, &"setAttribute".into())?.unchecked_into();
        let trap = Closure::<dyn Fn(Function, Element, Array)>::new(set_attribute);
        let traps: Traps = Object::new().unchecked_into();
        traps.set_apply(trap.as_ref().unchecked_ref());
        let prototype = Object::get_prototype_of(&span);
        Reflect::set(
            &prototype,
            &"setAttribute".into(),
            &Proxy::new(&native, &traps).into(),
        )?;
        Ok(Self {
            prototype,
            _trap: trap,
        })
    }
}

impl Drop for SpanStyles {
    fn drop(&mut self) {
        // The method of `Element` appears again.
        let _ = Reflect::delete_property(&self.prototype, &"setAttribute".into());
    }
}

fn real_document() -> Result<StyledDocument, JsFailure> {
    let document = web_sys::window().and_then(|window| window.document());
    document
        .map(JsCast::unchecked_into)
        .ok_or_else(|| JsFailure::from(JsValue::from_str("no document")))
}

/// Sets an attribute; `style` goes through the style object.
#[expect(
    clippy::needless_pass_by_value,
    reason = "JavaScript hands over its own references"
)]
fn set_attribute(native: Function, element: Element, arguments: Array) {
    if arguments.get(0) == "style" {
        let text = arguments.get(1).as_string().unwrap_or_default();
        let element: &HtmlElement = element.unchecked_ref();
        element.style().set_css_text(&text);
    } else {
        // It throws only for names that no attribute can have.
        let _ = native.apply(&element, &arguments);
    }
}

/// Reads a property of the document; methods stay bound to it.
fn property_getter(shared: &Rc<Shared>, create: &Function) -> PropertyTrap {
    let (document, create) = (shared.document.clone(), create.clone());
    Closure::new(move |_: JsValue, name: JsValue| {
        if name == "createElement" {
            return create.clone().into();
        }
        let value = Reflect::get(&document, &name).unwrap_or(JsValue::UNDEFINED);
        match value.dyn_ref::<Function>() {
            Some(method) => method.bind0(&document).into(),
            None => value,
        }
    })
}
