//! The list of commands.

catalogue! { "palette":
    TITLE = "Commands";
    COMMAND = "Command";
    WHAT = "What do you want to do?";
    NONE = "Nothing has that name.";
    GO_HOME = "Go to Home";
    GO_HOSTS = "Go to Hosts";
    GO_KEYS = "Go to Keys";
    GO_KNOWN_HOSTS = "Go to Known hosts";
    GO_RECORDINGS = "Go to Recordings";
    GO_SETTINGS = "Go to Settings";
    REOPEN = "Reopen closed tab";
    GO_TAB = "Go to tab {tab}";
    CONNECT_TO = "Connect to {target}";
    LOCK_VAULT = "Lock the vault";
    THEME = "Theme: {theme}";
}
