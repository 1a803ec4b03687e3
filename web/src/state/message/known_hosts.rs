//! Known hosts: the page, and lines that are taken in.

catalogue! { "known_hosts":
    PAGE = "Known hosts · Transom";
    UNREADABLE_STORE = "This browser keeps no data for this page (a private window?), so each host key is asked for again.";
    EMPTY = "Hosts you trust appear here.";
    TITLE = "Known hosts";
    LEAD = "Servers whose keys you trusted in this browser. When one shows another key, Transom stops.";
    IMPORT_EXPORT = "Import and export";
    EXPORT = "Export known_hosts";
    NO_MATCH = "No host matches.";
    HOST = "Host";
    KEY = "Key";
    FIRST_SEEN = "First seen";
    LAST_SEEN = "Last seen";
    ACTIONS = "Actions";
    HIDDEN = "hidden name";
    REMOVE_IT = "Remove {name} {kind}";
    REMOVE = "Remove";
    NEVER = "never";
    REVOKED = "revoked";
    AUTHORITY = "authority";
    ADD = "Add known hosts";
    LINES = "Lines of a known_hosts file";
    LINES_EXAMPLE = "host ssh-ed25519 AAAA…";
    ADD_LINES = "Add lines";
    IMPORT = "Import known_hosts";
    TOO_LARGE = "That file is larger than 4 MB, or is no text. Nothing was changed.";
    NO_LINE = "No line names a host and its key.";
    ADDED = "Lines added: {added}.";
    ADDED_ALREADY = "Lines added: {added}. There already: {already}.";
    LEFT_OUT = "{words} Not understood and left out: line {numbers}.";
    LEFT_OUT_MORE = "{words} Not understood and left out: line {numbers} and more.";
    TOO_MANY = "Those are more than 20,000 lines together, which each log-in would have to read. Nothing was changed.";
    NOT_KEPT = "This browser keeps no data for this page (a private window?), so nothing was changed. It said: {detail}";
    WORKER_STOPPED = "The lines could not be read: Transom's worker stopped. Reload the page and try again.";
}
