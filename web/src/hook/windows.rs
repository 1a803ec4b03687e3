//! Keeps the windows of a person in step.

use yew::{hook, use_effect_with};
use yew_router::prelude::{use_navigator, use_route};

use crate::hook::Provided;
use crate::route::Route;

/// Tells other windows what this one shows, and leaves an address whose session went to another one.
#[hook]
pub(crate) fn use_windows(provided: &Provided) {
    let (route, navigator) = (use_route::<Route>(), use_navigator());
    let windows = provided.windows.clone();
    use_effect_with(
        (provided.workspace.clone(), route),
        move |(workspace, route)| {
            let next = windows.follow(workspace, route.as_ref());
            if let Some((next, navigator)) = next.zip(navigator) {
                navigator.replace(&next);
            }
        },
    );
}
