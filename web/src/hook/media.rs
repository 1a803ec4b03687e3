//! What the operating system says about colours and motion.

use web_sys::EventTarget;
use yew::{Callback, hook, use_effect_with, use_state_eq};

use crate::hook::listener::Listener;
use crate::service::place;
use crate::state::settings::ThemeChoice;
use crate::xterm::Palette;

const DARK: &str = "(prefers-color-scheme: dark)";

/// Whether a media query matches, also when that changes.
#[hook]
fn use_media(query: &'static str) -> bool {
    let matches = use_state_eq(|| place::matches_media(query));
    let setter = matches.setter();
    use_effect_with((), move |()| {
        let list = web_sys::window().and_then(|window| window.match_media(query).ok().flatten());
        let listener = list.map(|list| {
            let target: &EventTarget = list.as_ref();
            let on_change = Callback::from(move |_| setter.set(place::matches_media(query)));
            Listener::new(target, "change", on_change)
        });
        move || drop(listener)
    });
    *matches
}

/// What a person needs of every page, in this order: colours of their own, and stillness.
#[hook]
pub(crate) fn use_needs() -> (bool, bool) {
    (
        use_media(place::FORCED_COLOURS),
        use_media(place::STILLNESS),
    )
}

/// The terminal's colours: as chosen, else as the operating system says, also when it changes. Where
/// that forces its colours upon every page, they decide, as they do around the terminal.
#[hook]
pub(crate) fn use_palette(theme: ThemeChoice) -> Palette {
    let (dark, forced) = (use_media(DARK), use_media(place::FORCED_COLOURS));
    match theme {
        _ if forced && dark => Palette::Dark,
        _ if forced => Palette::Paper,
        ThemeChoice::Dark => Palette::Dark,
        ThemeChoice::System if dark => Palette::Dark,
        ThemeChoice::Light | ThemeChoice::System => Palette::Paper,
    }
}
