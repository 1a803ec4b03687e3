//! How the page and its terminals look.

use std::rc::Rc;

use js_sys::Reflect;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::HtmlSelectElement;
use yew::{
    Callback, Html, Properties, TargetCast, component, hook, html, use_effect_with, use_state,
    use_state_eq,
};

use crate::component::field::Field;
use crate::component::text_file::TextFile;
use crate::hook::SettingsHandle;
use crate::page::settings::row::{Row, act, number, one_of, value};
use crate::state::message::{setting_words as find, settings as words};
use crate::state::scheme::{self, Scheme};
use crate::state::settings::{FONT_SIZE_PX, SettingsAction, ThemeChoice};

#[wasm_bindgen(module = "/lazy.js")]
extern "C" {
    /// The module of the well-known schemes.
    #[wasm_bindgen(catch)]
    async fn schemes() -> Result<JsValue, JsValue>;
}

/// Well-known schemes; none until they are fetched.
pub(super) type Schemes = Rc<Vec<Scheme>>;

/// Fetches the well-known schemes. Where they cannot be fetched, the page's own are left.
#[hook]
pub(super) fn use_known_schemes() -> Schemes {
    let known = use_state_eq(Schemes::default);
    let setter = known.setter();
    use_effect_with((), move |()| {
        wasm_bindgen_futures::spawn_local(async move {
            let Ok(module) = schemes().await else { return };
            let list = Reflect::get(&module, &"list".into()).ok();
            if let Some(json) = list.and_then(|list| list.as_string()) {
                setter.set(Rc::new(scheme::known(&json)));
            }
        });
    });
    (*known).clone()
}

/// The settings.
pub(super) fn rows(settings: &SettingsHandle, known: &Schemes) -> Vec<Row> {
    let font = act(settings, |event| {
        Some(SettingsAction::FontNamed(value(&event)))
    });
    let sized = act(settings, |event| {
        Some(SettingsAction::FontSized(value(&event).parse().ok()?))
    });
    vec![
        Row {
            name: words::THEME.say(),
            words: find::THEME,
            control: theme(settings),
        },
        Row {
            name: words::COLOURS_DARK.say(),
            words: find::COLOURS,
            control: html! {
                <SchemePicker settings={settings.clone()} known={Rc::clone(known)} />
            },
        },
        Row {
            name: words::FONT.say(),
            words: find::FONT,
            control: html! {
                <label class="field narrow">
                    <span>{ words::FONT.say() }</span>
                    <Field placeholder="JetBrains Mono" value={settings.font.clone()}
                        onchange={font} />
                    <span class="hint">{ words::FONT_HINT.say() }</span>
                </label>
            },
        },
        Row {
            name: words::FONT_SIZE.say(),
            words: find::FONT_SIZE,
            control: number(
                words::FONT_SIZE.say(),
                words::FONT_SIZE_HINT.say(),
                settings.font_size,
                FONT_SIZE_PX,
                sized,
            ),
        },
        Row {
            name: words::CONTRAST.say(),
            words: find::CONTRAST,
            control: one_of(
                settings,
                words::CONTRAST.say(),
                settings.contrast,
                SettingsAction::ContrastChosen,
            ),
        },
    ]
}

fn theme(settings: &SettingsHandle) -> Html {
    let choices = ThemeChoice::ALL.into_iter().map(|theme| {
        let onchange = act(settings, move |_| Some(SettingsAction::ThemeChosen(theme)));
        html! {
            <label key={theme.attribute()} class="choice">
                <input type="radio" name="theme" checked={settings.theme == theme} {onchange} />
                { theme.label() }
            </label>
        }
    });
    html! { <fieldset><legend>{ words::THEME.say() }</legend>{ for choices }</fieldset> }
}

#[derive(PartialEq, Properties)]
struct SchemePickerProps {
    settings: SettingsHandle,
    known: Schemes,
}

/// Two choices among the page's own scheme, the well-known ones and the imported ones.
#[component]
fn SchemePicker(props: &SchemePickerProps) -> Html {
    let said = use_state(String::new);
    let settings = &props.settings;
    let on_text = {
        let (said, dispatcher) = (said.setter(), settings.dispatcher());
        Callback::from(move |(file, text): (String, Option<String>)| {
            let schemes = text.map(|text| scheme::read(&file, &text));
            let schemes = schemes.unwrap_or_default();
            let names: Vec<&str> = schemes.iter().map(|scheme| scheme.name.as_str()).collect();
            if names.is_empty() {
                said.set(words::NO_COLOURS.with(&[("file", &file)]));
            } else {
                said.set(words::IMPORTED.with(&[("names", &names.join(", "))]));
                dispatcher.dispatch(SettingsAction::SchemesImported(schemes));
            }
        })
    };
    html! {
        <div class="schemes">
            { select(settings, &props.known, true) }
            { select(settings, &props.known, false) }
            <div class="actions">
                <TextFile name={words::IMPORT_COLOURS.say()} accept=".itermcolors,.json,.xml" {on_text} />
                <span class="said" role="status">{ (*said).clone() }</span>
            </div>
        </div>
    }
}

fn select(settings: &SettingsHandle, known: &Schemes, dark: bool) -> Html {
    let mut list: Vec<Scheme> = settings.schemes.clone();
    for scheme in known.iter().chain(settings.scheme(dark)) {
        if list.iter().all(|other| other.name != scheme.name) {
            list.push(scheme.clone());
        }
    }
    let now = settings.scheme(dark).map(|scheme| scheme.name.clone());
    let (name, own) = if dark {
        (words::COLOURS_DARK, "Instrument Dark")
    } else {
        (words::COLOURS_LIGHT, "Instrument Paper")
    };
    let offered = list.clone();
    let onchange = act(settings, move |event| {
        let select: HtmlSelectElement = event.target_unchecked_into();
        let place = usize::try_from(select.selected_index()).ok()?;
        let scheme = place.checked_sub(1).and_then(|place| offered.get(place));
        let scheme = scheme.cloned().map(Box::new);
        Some(SettingsAction::SchemeChosen { dark, scheme })
    });
    html! {
        <label class="field narrow">
            <span>{ name.say() }</span>
            <select {onchange}>
                <option key="" selected={now.is_none()}>{ own }</option>
                { for list.iter().map(|scheme| html! {
                    <option key={scheme.name.clone()}
                        selected={now.as_ref() == Some(&scheme.name)}>
                        { scheme.name.clone() }
                    </option>
                }) }
            </select>
        </label>
    }
}
