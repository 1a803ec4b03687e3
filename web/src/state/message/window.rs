//! Tabs in windows of their own.

catalogue! { "window":
    OUT = "Move tab to a new window";
    BACK = "Move back to main window";
    BLOCKED = "The browser did not open a window, probably because it blocks pop-ups. Allow them for this page, then try again.";
    ALONE = "This browser cannot share a session between windows.";
    NOT_YET = "A shell of this tab is not there yet. Try again once it is.";
    MAIN_GONE = "The window that this tab came from is closed. The tab stays here.";
    COMING = "The tab is on its way";
    COMING_HELP = "If it does not come, the window that it comes from was closed or loaded anew; the tab is still there.";
    GO_HOME = "Go to Home";
}
