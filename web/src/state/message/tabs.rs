//! The tab strip, and the bars of panes.

catalogue! { "tabs":
    SESSIONS = "Sessions";
    NEW = "New tab";
    NEW_HINT = "New tab on the same connection";
    SPLIT_RIGHT = "Split right";
    SPLIT_DOWN = "Split down";
    COMMANDS = "Commands";
    SWITCH = "Panes";
    SWITCH_AT = "Panes, {n} of {total}";
    PANES = one "{n} pane",
        other "{n} panes";
    RECORDING = "recording";
    BELL = "bell";
    CLOSE_IT = "Close {host}";
    NAME = "Name of the tab";
    PROGRESS = "Progress";
    CONNECTING = "connecting";
    RUNNING = "running";
    ENDED = "ended";
    FAILED = "failed";
    SHOW_ALL = "Show all panes";
    ZOOM = "Zoom pane";
    CLOSE_PANE = "Close pane";
    RESIZE = "Resize panes";
}
