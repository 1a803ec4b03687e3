//! What the operating system says about colours.

use web_sys::EventTarget;
use yew::{Callback, hook, use_effect_with, use_state_eq};

use crate::hook::listener::Listener;
use crate::service::place;
use crate::state::settings::ThemeChoice;
use crate::xterm::Palette;

const DARK: &str = "(prefers-color-scheme: dark)";

/// The terminal's colours: as chosen, else as the operating system says, also when it changes.
#[hook]
pub(crate) fn use_palette(theme: ThemeChoice) -> Palette {
    let dark = use_state_eq(|| place::matches_media(DARK));
    let setter = dark.setter();
    use_effect_with((), move |()| {
        let query = web_sys::window().and_then(|window| window.match_media(DARK).ok().flatten());
        let listener = query.map(|query| {
            let target: &EventTarget = query.as_ref();
            let on_change = Callback::from(move |_| setter.set(place::matches_media(DARK)));
            Listener::new(target, "change", on_change)
        });
        move || drop(listener)
    });
    match theme {
        ThemeChoice::Dark => Palette::Dark,
        ThemeChoice::System if *dark => Palette::Dark,
        ThemeChoice::Light | ThemeChoice::System => Palette::Paper,
    }
}
