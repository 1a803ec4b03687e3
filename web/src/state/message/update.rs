//! A new version of the page.

catalogue! { "update":
    NAME = "Update";
    READY = "A new version is ready.";
    SHELLS = "Reloading takes a moment; running shells go on.";
    RELOAD = "Reload";
    LATER = "Later";
}
