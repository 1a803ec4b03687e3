//! Local files: those that a person chooses or drops, and where downloads go. JavaScript does
//! it, fetched when it is first needed.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Array, Promise, Uint8Array};
use transom_protocol::{DOWNLOADS_FOLDER, TransferId};
use wasm_bindgen::prelude::{Closure, wasm_bindgen};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{DataTransfer, Element, File, FileList, MessagePort};

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
    pub(super) type Module;

    #[wasm_bindgen(method)]
    fn save(this: &Module, folder: &str, id: &str, name: &str);

    #[wasm_bindgen(method)]
    fn stream(this: &Module) -> Option<MessagePort>;

    #[wasm_bindgen(method)]
    fn dropped(this: &Module, data: &DataTransfer, each: &JsValue);

    #[wasm_bindgen(method)]
    fn picture(this: &Module, image: &Element, bytes: &Uint8Array, kind: &str);

    #[wasm_bindgen(method)]
    fn pick(this: &Module) -> Promise;

    #[wasm_bindgen(method)]
    fn inside(this: &Module, folder: &JsValue, name: &str) -> Promise;

    #[wasm_bindgen(method)]
    fn collect(this: &Module, data: &DataTransfer) -> Promise;

    #[wasm_bindgen(method)]
    pub(super) fn remember(this: &Module, row: &JsValue, file: &File);

    #[wasm_bindgen(method)]
    pub(super) fn forget(this: &Module, id: &str);

    #[wasm_bindgen(method)]
    pub(super) fn recall(this: &Module, server: &str, connection: &str) -> Promise;

    #[wasm_bindgen(method)]
    pub(super) fn reopen(this: &Module, id: &str) -> Promise;

    #[wasm_bindgen(method)]
    fn choose(this: &Module, each: &JsValue);

    #[wasm_bindgen(method, js_name = chooseFolder)]
    fn choose_folder(this: &Module, each: &JsValue);

    #[wasm_bindgen(method)]
    fn chosen(this: &Module, files: &FileList, each: &JsValue);
}

/// The module, fetched if it was not yet.
pub(super) async fn module() -> Option<Module> {
    local().await.ok().map(JsCast::unchecked_into)
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

    /// The same, all at once: `on_all` gets it when every folder was walked through.
    pub(crate) fn collect(
        &self,
        data: &DataTransfer,
        on_all: impl FnOnce(Vec<(String, File)>) + 'static,
    ) {
        let Some(module) = self.0.borrow().clone() else {
            return;
        };
        let collecting = module.collect(data);
        wasm_bindgen_futures::spawn_local(async move {
            let Ok(all) = JsFuture::from(collecting).await else {
                return;
            };
            let pairs = Array::from(&all).into_iter().filter_map(|pair| {
                let pair: Array = pair.dyn_into().ok()?;
                Some((pair.get(0).as_string()?, pair.get(1).dyn_into().ok()?))
            });
            on_all(pairs.collect());
        });
    }

    /// The same with what was chosen.
    pub(crate) fn chosen(&self, files: &FileList, each: impl FnMut(String, File) + 'static) {
        self.with(|module| module.chosen(files, &callback(each)));
    }

    /// Lets the person choose files whose handles can be kept; must be called from a key or a click.
    pub(crate) fn choose(&self, each: impl FnMut(String, File) + 'static) {
        self.with(|module| module.choose(&callback(each)));
    }

    /// Lets the person choose a folder with all in it; must be called from a key or a click.
    pub(crate) fn choose_folder(&self, each: impl FnMut(String, File) + 'static) {
        self.with(|module| module.choose_folder(&callback(each)));
    }

    /// Lets the person pick a folder; must be called from a key or a click.
    pub(crate) fn pick(&self, on_picked: impl FnOnce(Picked) + 'static) {
        self.with(|module| {
            let (picking, module) = (module.pick(), module.clone());
            wasm_bindgen_futures::spawn_local(async move {
                // It fails where the person picks none.
                if let Ok(folder) = JsFuture::from(picking).await {
                    on_picked(Picked { module, folder });
                }
            });
        });
    }

    /// Shows bytes as an image.
    pub(crate) fn picture(&self, image: &Element, bytes: &Uint8Array, kind: &str) {
        self.with(|module| module.picture(image, bytes, kind));
    }

    fn with(&self, work: impl FnOnce(&Module)) {
        let module = self.0.borrow().clone();
        if let Some(module) = module {
            work(&module);
        }
    }
}

/// Whether this browser lets a person pick a folder to write into.
pub(crate) fn picks() -> bool {
    has("showDirectoryPicker")
}

/// Whether this browser gives handles of the files that a person chooses.
pub(crate) fn keeps_handles() -> bool {
    has("showOpenFilePicker")
}

/// Whether downloads go to the browser as streams: where no page may write to the disk. Elsewhere
/// a person can choose a folder, and what the browser's private storage holds can be continued.
fn streams() -> bool {
    !has("showSaveFilePicker")
}

fn has(name: &str) -> bool {
    let has = |window: web_sys::Window| js_sys::Reflect::has(&window, &name.into());
    web_sys::window().is_some_and(|window| has(window).unwrap_or(false))
}

/// A way to the browser's downloads, for one of them; `None` where they go through private storage.
pub(crate) async fn stream() -> Option<MessagePort> {
    if !streams() {
        return None;
    }
    module().await?.stream()
}

/// A folder that a person picked.
pub(crate) struct Picked {
    module: Module,
    folder: JsValue,
}

impl Picked {
    /// The folder's handle.
    pub(crate) fn folder(&self) -> JsValue {
        self.folder.clone()
    }

    /// Makes a file in it, under a name that is free.
    pub(crate) fn file(&self, name: &str, on_file: impl FnOnce(JsValue) + 'static) {
        let making = self.module.inside(&self.folder, name);
        wasm_bindgen_futures::spawn_local(async move {
            if let Ok(file) = JsFuture::from(making).await {
                on_file(file);
            }
        });
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
