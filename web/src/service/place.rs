//! Where this page is: its address and platform.

use transom_protocol::RelaySpec;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlElement, HtmlInputElement};

use crate::state::key_map::{Browser, Surroundings};
use crate::state::number;
use crate::state::settings::Settings;

/// The relay to use.
pub(crate) fn relay(settings: &Settings) -> RelaySpec {
    let location = web_sys::window().map(|window| window.location());
    let part = |read: fn(&web_sys::Location) -> Result<String, wasm_bindgen::JsValue>| {
        location
            .as_ref()
            .and_then(|location| read(location).ok())
            .unwrap_or_default()
    };
    settings.relay(
        &part(web_sys::Location::protocol),
        &part(web_sys::Location::host),
    )
}

/// Whether the keyboard has a ⌘ key.
pub(crate) fn is_apple() -> bool {
    web_sys::window()
        .and_then(|window| window.navigator().platform().ok())
        .is_some_and(|platform| platform.starts_with("Mac") || platform.starts_with("iP"))
}

/// What matters about this place for keys.
pub(crate) fn surroundings() -> Surroundings {
    let agent = web_sys::window().and_then(|window| window.navigator().user_agent().ok());
    Surroundings {
        browser: Browser::of(&agent.unwrap_or_default()),
        apple: is_apple(),
        app_window: matches_media("(display-mode: standalone)"),
    }
}

/// Whether an event belongs to a field for text, an editor or a dialog, which has keys and a clipboard of
/// its own. Terminals are none of these.
pub(crate) fn is_for_text(event: &Event) -> bool {
    const OTHERS: &str =
        ":is(input, textarea, select, [contenteditable=true], dialog):not(.xterm *)";
    let element = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok());
    element.is_some_and(|element| matches!(element.closest(OTHERS), Ok(Some(_))))
}

/// Nothing should move by itself.
pub(crate) const STILLNESS: &str = "(prefers-reduced-motion: reduce)";

/// A page has the colours of the operating system.
pub(crate) const FORCED_COLOURS: &str = "(forced-colors: active)";

/// Whether a media query matches now.
pub(crate) fn matches_media(query: &str) -> bool {
    web_sys::window()
        .and_then(|window| window.match_media(query).ok().flatten())
        .is_some_and(|list| list.matches())
}

/// Whether nothing should move by itself.
pub(crate) fn prefers_stillness() -> bool {
    matches_media(STILLNESS)
}

/// Whether the operating system forces its colours upon every page.
pub(crate) fn forces_colours() -> bool {
    matches_media(FORCED_COLOURS)
}

/// The document's root element.
pub(crate) fn root() -> Option<Element> {
    web_sys::window()?.document()?.document_element()
}

/// Whether a place, in CSS pixels, is inside of the window.
pub(crate) fn is_in_window(x: i32, y: i32) -> bool {
    let width = web_sys::window().and_then(|window| window.inner_width().ok()?.as_f64());
    let within =
        |at: i32, size: Option<f64>| at >= 0 && size.is_none_or(|size| f64::from(at) < size);
    within(x, width) && within(y, inner_height())
}

/// Height of the page's part of the window, in CSS pixels, whatever stands before it.
pub(crate) fn inner_height() -> Option<f64> {
    web_sys::window()?.inner_height().ok()?.as_f64()
}

/// Loads the page anew.
pub(crate) fn reload() {
    if let Some(window) = web_sys::window() {
        // A page may always load itself.
        let _ = window.location().reload();
    }
}

/// Names the page in the browser's own tab.
pub(crate) fn set_title(title: &str) {
    if let Some(document) = web_sys::window().and_then(|window| window.document()) {
        document.set_title(title);
    }
}

/// Opens a window of its own of this size, at an address of this page; `None` where the browser does not.
pub(crate) fn open_window(address: &str) -> Option<web_sys::Window> {
    let window = web_sys::window()?;
    let (width, height) = (window.inner_width().ok()?, window.inner_height().ok()?);
    let size = format!(
        "popup,width={},height={}",
        width.as_f64()?,
        height.as_f64()?
    );
    let opened = window.open_with_url_and_target_and_features(address, "_blank", &size);
    opened.ok().flatten()
}

/// Closes this window, which a page has opened.
pub(crate) fn close_window() {
    if let Some(window) = web_sys::window() {
        // One that a person opened stays.
        let _ = window.close();
    }
}

/// The window that this one came out of, while it is there.
pub(crate) fn opener() -> Option<web_sys::Window> {
    let opener = web_sys::window()?.opener().ok()?;
    // It is of another realm, where no class is ours.
    let opener = opener
        .is_object()
        .then(|| opener.unchecked_into::<web_sys::Window>())?;
    (opener.closed() == Ok(false)).then_some(opener)
}

/// The id in the address of a window that came out of another one and has no tab yet.
pub(crate) fn new_window() -> Option<String> {
    let hash = web_sys::window()?.location().hash().ok()?;
    let id = hash.strip_prefix("#/window/")?.to_owned();
    opener().map(|_| id)
}

/// The time of day as this person writes it.
pub(crate) fn time_of_day() -> String {
    let now = js_sys::Date::new_0();
    format!(
        "{:02}:{:02}:{:02}",
        now.get_hours(),
        now.get_minutes(),
        now.get_seconds()
    )
}

/// The wall clock, in milliseconds since 1970.
pub(crate) fn now_ms() -> f64 {
    js_sys::Date::now()
}

/// A date as the language of the page writes it. `millis`: since 1970.
pub(crate) fn date(millis: f64) -> String {
    let date = js_sys::Date::new(&wasm_bindgen::JsValue::from_f64(millis));
    let (year, month, day) = (date.get_full_year(), date.get_month() + 1, date.get_date());
    number::date(year, month, day)
}

/// Date and minute as the language of the page writes them. `millis`: since 1970.
pub(crate) fn moment(millis: f64) -> String {
    let time = js_sys::Date::new(&wasm_bindgen::JsValue::from_f64(millis));
    let (hours, minutes) = (time.get_hours(), time.get_minutes());
    format!("{} {hours:02}:{minutes:02}", date(millis))
}

/// A time as an input of type `datetime-local` has it. `seconds`: since 1970.
pub(crate) fn local_time(seconds: u32) -> String {
    let millis = f64::from(seconds) * 1000.0;
    let time = js_sys::Date::new(&wasm_bindgen::JsValue::from_f64(millis));
    let (year, month, day) = (time.get_full_year(), time.get_month() + 1, time.get_date());
    let (hours, minutes, seconds) = (time.get_hours(), time.get_minutes(), time.get_seconds());
    format!("{year:04}-{month:02}-{day:02}T{hours:02}:{minutes:02}:{seconds:02}")
}

/// The same in seconds since 1970; `None` for what is no time from 1970 to 2106.
pub(crate) fn seconds_of(local_time: &str) -> Option<u32> {
    let millis = js_sys::Date::parse(local_time);
    let time = core::time::Duration::try_from_secs_f64(millis / 1000.0).ok()?;
    u32::try_from(time.as_secs()).ok()
}

/// Loads the page again, at Home.
pub(crate) fn reload_at_home() {
    if let Some(window) = web_sys::window() {
        let location = window.location();
        // Neither fails for a page that is shown.
        let _ = location.set_hash("#/");
        let _ = location.reload();
    }
}

/// Height of a row in a list of files, in CSS pixels; `files.css` says the same.
pub(crate) fn file_row_px() -> usize {
    if matches_media("(pointer: coarse)") {
        44
    } else {
        32
    }
}

/// Whether no control has the keyboard, as after the one that had it has gone.
pub(crate) fn nothing_has_focus() -> bool {
    let document = web_sys::window().and_then(|window| window.document());
    document.is_some_and(|document| match document.active_element() {
        Some(element) => element.tag_name() == "BODY",
        None => true,
    })
}

/// Whether the control that has the keyboard is inside of an element.
pub(crate) fn has_focus_within(element: &Element) -> bool {
    let document = web_sys::window().and_then(|window| window.document());
    let focused = document.and_then(|document| document.active_element());
    focused.is_some_and(|focused| element.contains(Some(&focused)))
}

/// Gives the keyboard to the address bar of Home, and selects what it says. `false` where it is not on the page.
pub(crate) fn focus_address() -> bool {
    let field = focus_on("#address").and_then(|field| field.dyn_into::<HtmlInputElement>().ok());
    if let Some(field) = &field {
        field.select();
    }
    field.is_some()
}

/// Gives the keyboard to the transfers, where they are in sight.
pub(crate) fn focus_transfers() {
    focus_on(".files:not(.away) > .transfers button");
}

/// Gives the keyboard to the first element that a selector finds, and returns it.
fn focus_on(selector: &str) -> Option<HtmlElement> {
    let document = web_sys::window()?.document()?;
    let element = document.query_selector(selector).ok()??;
    let element = element.dyn_into::<HtmlElement>().ok()?;
    // An element on the page can take the focus.
    let _ = element.focus();
    Some(element)
}

/// Moves the focus to another part of the page, around the end. A part is an element with
/// `data-region` or a page other than the sessions, or the first control inside it.
///
/// - `forward`: to the next one, else to the one before.
pub(crate) fn focus_region(forward: bool) {
    let Some(document) = web_sys::window().and_then(|window| window.document()) else {
        return;
    };
    let Ok(regions) = document.query_selector_all("[data-region]:not([inert]), main.page") else {
        return;
    };
    let seen: Vec<HtmlElement> = (0..regions.length())
        .filter_map(|place| regions.get(place))
        .filter_map(|region| region.dyn_into::<HtmlElement>().ok())
        .filter(|region| region.offset_width() > 0)
        .collect();
    let focused = document.active_element();
    let here = seen
        .iter()
        .position(|region| region.contains(focused.as_ref().map(AsRef::as_ref)));
    let next = match here {
        Some(here) if forward => seen.get(here + 1).or(seen.first()),
        Some(here) => here
            .checked_sub(1)
            .map_or(seen.last(), |next| seen.get(next)),
        None => seen.first(),
    };
    if let Some(region) = next {
        let inner = region
            .query_selector("textarea.xterm-helper-textarea, a[href], button, input")
            .ok()
            .flatten()
            .and_then(|inner| inner.dyn_into::<HtmlElement>().ok());
        // An element on the page can take the focus.
        let _ = inner.as_ref().unwrap_or(region).focus();
    }
}
