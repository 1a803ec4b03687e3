//! Instrument Dark and Instrument Paper, and other schemes.

use wasm_bindgen::JsCast;

use crate::state::scheme::Scheme;
use crate::xterm::Palette;
use crate::xterm::js::Colours;

/// Colours in the order of the terminal: black, red, green, yellow, blue, magenta, cyan, white,
/// then the bright ones.
struct Instrument {
    background: &'static str,
    foreground: &'static str,
    cursor: &'static str,
    selection: &'static str,
    slider: [&'static str; 3],
    ansi: [&'static str; 16],
}

const DARK: Instrument = Instrument {
    background: "#0E1116",
    foreground: "#E6EAF0",
    cursor: "#2EC4B6",
    selection: "#2B4A57",
    slider: ["#66737F66", "#66737F99", "#66737FCC"],
    ansi: [
        "#1C232C", "#F06A6A", "#58C27D", "#E0A93B", "#5BA4F0", "#C58AF0", "#2EC4B6", "#C7D0DB",
        "#66737F", "#FF8F8F", "#7FDBA0", "#F2C667", "#86BEFF", "#DBAEFF", "#6FE0D5", "#FFFFFF",
    ],
};

const PAPER: Instrument = Instrument {
    background: "#FBFBFA",
    foreground: "#1A1F26",
    cursor: "#0A736B",
    selection: "#BFE0DC",
    slider: ["#858C8266", "#858C8299", "#858C82CC"],
    ansi: [
        "#1A1F26", "#B3261E", "#1F7A45", "#8A5A00", "#1D5FA8", "#7A3DA8", "#0A736B", "#D9DCD6",
        "#5B6672", "#C9372C", "#2A8A52", "#9C6A0A", "#2B70BD", "#8C4DBA", "#17827A", "#FFFFFF",
    ],
};

fn instrument(palette: Palette) -> &'static Instrument {
    match palette {
        Palette::Dark => &DARK,
        Palette::Paper => &PAPER,
    }
}

/// What the letters stand on.
pub(crate) fn ground(palette: Palette) -> &'static str {
    instrument(palette).background
}

/// The colours as xterm.js takes them.
pub(crate) fn theme(palette: Palette) -> Colours {
    let instrument = instrument(palette);
    let colours: Colours = xterm_js_rs::Theme::new().unchecked_into();
    colours.set_background(instrument.background);
    colours.set_foreground(instrument.foreground);
    colours.set_cursor(instrument.cursor);
    colours.set_cursor_accent(instrument.background);
    colours.set_selection_background(instrument.selection);
    let [slider, slider_hover, slider_active] = instrument.slider;
    colours.set_scrollbar(slider);
    colours.set_scrollbar_hover(slider_hover);
    colours.set_scrollbar_active(slider_active);
    set_ansi(&colours, &instrument.ansi);
    colours
}

/// Another scheme's colours; the scrollbar's are those of the page's own.
pub(crate) fn of_scheme(scheme: &Scheme) -> Colours {
    let colours = theme(palette_of(scheme));
    colours.set_background(&scheme.background);
    colours.set_foreground(&scheme.foreground);
    colours.set_cursor(&scheme.cursor);
    colours.set_cursor_accent(&scheme.background);
    colours.set_selection_background(&scheme.selection);
    set_ansi(&colours, &scheme.ansi.each_ref().map(String::as_str));
    colours
}

/// Which of the two the scheme is like.
pub(crate) fn palette_of(scheme: &Scheme) -> Palette {
    if scheme.is_dark() {
        Palette::Dark
    } else {
        Palette::Paper
    }
}

fn set_ansi(colours: &Colours, ansi: &[&str; 16]) {
    let [
        black,
        red,
        green,
        yellow,
        blue,
        magenta,
        cyan,
        white,
        bright @ ..,
    ] = ansi;
    colours.set_black(black);
    colours.set_red(red);
    colours.set_green(green);
    colours.set_yellow(yellow);
    colours.set_blue(blue);
    colours.set_magenta(magenta);
    colours.set_cyan(cyan);
    colours.set_white(white);
    let [black, red, green, yellow, blue, magenta, cyan, white] = bright;
    colours.set_bright_black(black);
    colours.set_bright_red(red);
    colours.set_bright_green(green);
    colours.set_bright_yellow(yellow);
    colours.set_bright_blue(blue);
    colours.set_bright_magenta(magenta);
    colours.set_bright_cyan(cyan);
    colours.set_bright_white(white);
}
