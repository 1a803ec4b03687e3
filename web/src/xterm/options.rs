//! What a terminal is told of a person's settings.

use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use crate::service::place;
use crate::state::choice::Contrast;
use crate::state::settings::Settings;
use crate::xterm::document::Stylesheets;
use crate::xterm::js::Options;
use crate::xterm::{Palette, js, theme};

/// Width of the scrollbar on a touch screen, in CSS pixels; elsewhere it has 14.
const NARROW_BAR_PX: u32 = 6;

/// Those of a new terminal.
pub(super) fn first_options(
    settings: &Settings,
    palette: Palette,
    stylesheets: Option<&Stylesheets>,
) -> Options {
    let options: Options = xterm_js_rs::TerminalOptions::new().unchecked_into();
    options.set_allow_proposed_api(true);
    options.set_line_height_ratio(1.2);
    options.set_cursor_inactive_style("outline");
    options.set_mac_option_click_forces_selection(true);
    if place::matches_media("(pointer: coarse)") {
        // A finger scrolls the text itself; the bar only shows where one is.
        options.set_overview_ruler(&js::ruler(NARROW_BAR_PX));
    }
    if let Some(stylesheets) = stylesheets {
        options.set_document_override(stylesheets.document());
    }
    set_options(&options, settings, palette);
    options
}

/// Follows what a person has chosen.
pub(super) fn set_options(options: &Options, settings: &Settings, palette: Palette) {
    options.set_font_size(settings.font_size);
    options.set_scrollback(settings.scrollback);
    options.set_screen_reader_mode(settings.screen_reader);
    options.set_font_family(&font_family(&settings.font));
    let contrast = if place::forces_colours() {
        Contrast::High
    } else {
        settings.contrast
    };
    options.set_contrast_ratio(contrast.ratio());
    options.set_cursor_style_name(settings.cursor.style());
    options.set_cursor_blinks(settings.cursor_blink && !place::prefers_stillness());
    let scheme = settings.scheme(palette == Palette::Dark);
    let colours = scheme.map_or_else(|| theme::theme(palette), theme::of_scheme);
    options.set_theme(&colours);
}

/// Fonts in the order in which they are tried. `own` is checked: nothing in it ends a string.
fn font_family(own: &str) -> String {
    let own = if own.is_empty() {
        String::new()
    } else {
        format!("'{own}', ")
    };
    format!(
        "{own}'JetBrains Mono', ui-monospace, 'SF Mono', 'Cascadia Mono', Menlo, Consolas, \
         monospace"
    )
}

/// Gives the ground around the grid the colour of the terminal's own.
pub(super) fn paint_ground(host: &HtmlElement, settings: &Settings, palette: Palette) {
    let ground = settings.scheme(palette == Palette::Dark);
    let ground = ground.map(|scheme| scheme.background.as_str());
    // The page's own ground is like the terminal's, but where forced colours choose the latter.
    let own = place::forces_colours().then(|| theme::ground(palette));
    let ground = ground.or(own).unwrap_or_default();
    let region = host.parent_element();
    let region = region.and_then(|region| region.dyn_into::<HtmlElement>().ok());
    if let Some(region) = region {
        // A custom property takes any text; an empty one removes it.
        let _ = region.style().set_property("--ground", ground);
    }
}
