//! The way between the pages.

catalogue! { "rail":
    PAGES = "Pages";
    HOME = "Home";
    SESSIONS = "Sessions";
    HOSTS = "Hosts";
    KEYS = "Keys";
    KNOWN_HOSTS = "Known hosts";
    RECORDINGS = "Recordings";
    SETTINGS = "Settings";
    MORE = "More";
}
