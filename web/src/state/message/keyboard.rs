//! Settings › Keyboard.

catalogue! { "keyboard":
    CTRL = "Ctrl";
    SHIFT = "Shift";
    SPACE = "Space";
    DELETE = "Del";
    INSERT = "Ins";
    PAGE_UP = "Page ↑";
    PAGE_DOWN = "Page ↓";
    CHANGE = "Change";
    CHANGE_OF = "Change the keys of {action}";
    RESET = "Reset";
    RESET_OF = "Reset the keys of {action}";
    RESET_ALL = "Reset all keys";
    NO_KEYS = "no keys";
    PRESS = "Press the new keys, or Escape to leave it.";
    TAKE = "Use them here";
    CLASH = "{keys} already does: {action}.";
    PLAIN_CTRL = "Ctrl with a letter always goes to the shell. Hold Shift as well.";
    TYPES = "These keys go to the shell. Hold Ctrl and Shift, or Alt and Shift, or use a function key.";
    FIXED = "{keys} always does the same, so that nobody is caught in the terminal.";
    RESERVED = "This browser keeps {keys} for itself, and the page never hears of it.";
    HINT = "Shift+Esc leaves the terminal and F6 goes to the next part of the page, with Shift back, always. A plain Ctrl with a letter goes to the shell.";
}
