//! What can be done with a key or by the palette.

catalogue! { "action":
    PALETTE = "Commands";
    NEW_TAB = "New tab";
    CLOSE_TAB = "Close tab";
    NEXT_TAB = "Next tab";
    PREVIOUS_TAB = "Previous tab";
    FIND = "Find in the output";
    SNIPPETS = "Snippets";
    BROADCAST = "Broadcast input to several terminals";
    QUICK_SELECT = "Quick select: copy what is on the screen";
    PREVIOUS_COMMAND = "Previous command";
    NEXT_COMMAND = "Next command";
    COPY_OUTPUT = "Copy the output of the last command";
    TELL_WHEN_DONE = "Tell me when the command is done";
    MARK_COMMANDS = "Mark commands in this shell (bash, zsh, fish)";
    UNMARK_COMMANDS = "No longer mark commands in this shell";
    RECORD = "Record or stop recording";
    MARK = "Put a marker into the recording";
    COPY = "Copy the selection";
    LARGER = "Larger text";
    SMALLER = "Smaller text";
    USUAL_SIZE = "Usual size of text";
    SPLIT_RIGHT = "Split right";
    SPLIT_DOWN = "Split down";
    ZOOM_PANE = "Zoom the pane, or show all";
    PANE_LEFT = "Go to the pane on the left";
    PANE_RIGHT = "Go to the pane on the right";
    PANE_UP = "Go to the pane above";
    PANE_DOWN = "Go to the pane below";
    MOVE_PANE_LEFT = "Move the pane to the left";
    MOVE_PANE_RIGHT = "Move the pane to the right";
    MOVE_PANE_UP = "Move the pane up";
    MOVE_PANE_DOWN = "Move the pane down";
    OWN_TAB = "Move the pane into a tab of its own";
    DUPLICATE_TAB = "Duplicate tab";
    RENAME_TAB = "Rename tab";
    MOVE_TAB_LEFT = "Move tab to the left";
    MOVE_TAB_RIGHT = "Move tab to the right";
    JOIN_TAB = "Move the pane into the tab on the left";
    SEND_CTRL_W = "Send Ctrl+W";
    SEND_CTRL_T = "Send Ctrl+T";
    SEND_CTRL_N = "Send Ctrl+N";
    SEND_F11 = "Send F11";
    FULL_SCREEN = "Full screen, with all keys for the terminal";
}
