//! When the page keeps its files, and when it looks for a new version of itself.

use gloo_timers::callback::{Interval, Timeout};
use yew::{Callback, UseStateHandle, hook, use_effect_with, use_state_eq};

use crate::service::offline;

/// Time after the first shell, in milliseconds: the start is over, and nobody waits.
const AFTER_SHELL_MS: u32 = 3_000;

/// Time without a shell, in milliseconds, after which nobody is about to connect.
const WITHOUT_SHELL_MS: u32 = 15_000;

/// How often a page that stays open looks for a new version: an hour, in milliseconds.
const LOOK_MS: u32 = 60 * 60 * 1000;

/// Whether a new version waits. Files are kept once the first shell runs, or nobody wants one: a
/// start must never wait for that.
///
/// - `steady`: no way to the relay is cut now; the files would not come either.
#[hook]
pub(crate) fn use_update(has_shell: bool, steady: bool) -> UseStateHandle<bool> {
    let (ready, begun) = (use_state_eq(|| false), use_state_eq(|| false));
    let (setter, begin) = (ready.setter(), begun.setter());
    let wait = if has_shell {
        AFTER_SHELL_MS
    } else {
        WITHOUT_SHELL_MS
    };
    use_effect_with((wait, *begun, steady), move |(wait, begun, steady)| {
        let timer = (!begun && *steady).then(|| {
            Timeout::new(*wait, move || {
                begin.set(true);
                offline::keep(Callback::from(move |()| setter.set(true)));
            })
        });
        move || drop(timer)
    });
    use_effect_with((), |()| {
        let looking = Interval::new(LOOK_MS, offline::look);
        move || drop(looking)
    });
    ready
}
