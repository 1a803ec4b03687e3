//! Texts that another connection to the same server could not save.

use yew::{hook, use_effect_with};

use super::desk::Desk;
use super::sheet::Sheet;

/// Opens one, once the person looks here.
#[hook]
pub(super) fn use_stranded(desk: &Desk, ready: bool) {
    let (files, sheet) = (desk.files.clone(), desk.sheet.clone());
    use_effect_with((desk.server.clone(), ready), move |(server, ready)| {
        let server = server.as_ref().filter(|_| *ready);
        if let Some(kept) = server.and_then(|server| files.take_stranded(&server.address)) {
            let (path, kept) = (kept.path.clone(), Some(kept));
            sheet.set(Some(Sheet::Edit { path, kept }));
        }
    });
}
