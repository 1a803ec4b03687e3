//! The bar of keys on a touch screen.

catalogue! { "key_bar":
    BAR = "Extra keys";
    ESCAPE = "Esc";
    TAB = "Tab";
    CTRL = "Ctrl";
    ALT = "Alt";
    LOCKED = "{key}, locked";
    LEFT = "Left";
    DOWN = "Down";
    UP = "Up";
    RIGHT = "Right";
    HOME = "Start of line";
    END = "End of line";
    PAGE_UP = "Page up";
    PAGE_DOWN = "Page down";
    PASTE = "Paste";
    COPY = "Copy";
    SLASH = "Slash";
    HYPHEN = "Hyphen";
    PIPE = "Pipe";
    TILDE = "Tilde";
    COLON = "Colon";
    STAR = "Star";
    DOLLAR = "Dollar";
    AMPERSAND = "Ampersand";
}
