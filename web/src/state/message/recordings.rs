//! Recordings: while they run, the list, the player.

catalogue! { "recordings":
    PAGE = "Recordings · Transom";
    TITLE = "Recordings";
    LEAD = "Sessions that you recorded, kept in this browser only. What you type is left out, unless Settings say otherwise.";
    UNREADABLE = "That recording cannot be read: this browser keeps no data for this page (a private window?), or it was cleared.";
    EMPTY = "Nothing is recorded unless you ask. In a session, open {commands} and choose “Record or stop recording”.";
    SESSION = "session";
    PLAY_IT = "Play {title}";
    DOWNLOAD_IT = "Download {title}";
    DOWNLOAD_TEXT_OF = "Download text of {title}";
    DELETE_IT = "Delete {title}";
    NOT_FOUND = "Not found";
    LINES = one "1 line",
        other "{n} lines";
    RECORDING = "Recording";
    ALL_RECORDINGS = "All recordings";
    SEARCH_OUTPUT = "Search in the output";
    CLEARED = "This recording cannot be read. It may have been cleared with other data of this page.";
    FOUND = "Found lines";
    MARKERS = "Markers";
    MARKER = "Marker";
    CLOSE_NOTICE = "Close notice";
    STOP = "Stop recording";
    KEPT = "Recording kept in this browser";
    SHOW = "Show recordings";
    STOPPED = "Recording stopped. {reason}";
    FULL = "The browser's storage is full, or it keeps none for this page.";
    NO_DATA = "This browser keeps no data for this page (a private window?).";
    TOO_LONG = "A recording holds 256 MiB. What was recorded so far is kept.";
}
