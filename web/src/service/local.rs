//! Local files: those that a person chooses or drops, and where downloads go. JavaScript does
//! it, fetched when it is first needed.

use std::cell::RefCell;
use std::rc::Rc;

use transom_protocol::{DOWNLOADS_FOLDER, TransferId};
use wasm_bindgen::prelude::{Closure, wasm_bindgen};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{DataTransfer, File, FileList};

#[wasm_bindgen(module = "/lazy.js")]
extern "C" {
    /// The module of `web/local.js`.
    #[wasm_bindgen(catch)]
    async fn local() -> Result<JsValue, JsValue>;
}

#[wasm_bindgen]
extern "C" {
    /// The module, as soon as it is there.
    #[derive(Clone)]
    type Module;

    #[wasm_bindgen(method)]
    fn save(this: &Module, folder: &str, id: &str, name: &str);

    #[wasm_bindgen(method)]
    fn dropped(this: &Module, data: &DataTransfer, each: &JsValue);

    #[wasm_bindgen(method)]
    fn chosen(this: &Module, files: &FileList, each: &JsValue);
}

/// The module. It is fetched ahead: what is dropped must be read at once.
#[derive(Clone, Default)]
pub(crate) struct Local(Rc<RefCell<Option<Module>>>);

impl PartialEq for Local {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Local {
    /// Fetches it.
    pub(crate) fn fetch() -> Self {
        let this = Self::default();
        let slot = this.clone();
        wasm_bindgen_futures::spawn_local(async move {
            if let Ok(module) = local().await {
                slot.0.replace(Some(module.unchecked_into()));
            }
        });
        this
    }

    /// Calls `each` with every file that was dropped, folders walked through, and its path below
    /// the place where it was dropped.
    pub(crate) fn dropped(&self, data: &DataTransfer, each: impl FnMut(String, File) + 'static) {
        self.with(|module| module.dropped(data, &callback(each)));
    }

    /// The same with what was chosen.
    pub(crate) fn chosen(&self, files: &FileList, each: impl FnMut(String, File) + 'static) {
        self.with(|module| module.chosen(files, &callback(each)));
    }

    fn with(&self, work: impl FnOnce(&Module)) {
        let module = self.0.borrow().clone();
        if let Some(module) = module {
            work(&module);
        }
    }
}

/// Hands a finished download from the browser's private storage to the person.
pub(crate) fn save(id: &TransferId, name: &str) {
    let (id, name) = (id.0.clone(), name.to_owned());
    wasm_bindgen_futures::spawn_local(async move {
        if let Ok(module) = local().await {
            let module: Module = module.unchecked_into();
            module.save(DOWNLOADS_FOLDER, &id, &name);
        }
    });
}

/// Makes a function for JavaScript, which the browser frees when nothing calls it any more.
fn callback(each: impl FnMut(String, File) + 'static) -> JsValue {
    Closure::<dyn FnMut(String, File)>::new(each).into_js_value()
}
