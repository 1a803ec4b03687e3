//! The tab strip, and the bars of panes.

catalogue! { "tabs":
    SESSIONS = "Sessions";
    NEW = "New tab";
    NEW_HINT = "New tab on the same connection (Alt+Shift+T)";
    SPLIT_RIGHT = "Split right";
    SPLIT_RIGHT_HINT = "Split right (Alt+Shift+=)";
    SPLIT_DOWN = "Split down";
    SPLIT_DOWN_HINT = "Split down (Alt+Shift+-)";
    COMMANDS = "Commands";
    COMMANDS_HINT = "Commands (F1)";
    NEXT_PANE = "Next pane";
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
    ZOOM_KEY = "{name} (Ctrl+Alt+Enter)";
    CLOSE_PANE = "Close pane";
    CLOSE_PANE_HINT = "Close pane (Alt+Shift+W)";
    RESIZE = "Resize panes";
}
