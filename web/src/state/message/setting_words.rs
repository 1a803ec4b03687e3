//! Words by which a person may look for a setting, beside its name and that of its section.

catalogue! { "setting_words":
    JSON = "Advanced JSON text file export import reset default";
    THEME = "Theme system light dark";
    COLOURS = "Terminal colours scheme theme dark light import iterm windows terminal";
    FONT = "Font family";
    FONT_SIZE = "Font size terminal pixels";
    CONTRAST = "Contrast readable accessibility";
    UNKNOWN_HOSTS = "Host keys unknown hosts trust strict ask certificate authority known_hosts";
    LEGACY = "Legacy weak old algorithms hosts SHA-1 CBC";
    KEYS = "Reset all keys keyboard shortcuts";
    LEAVE = "Leave terminal F6 escape trap";
    LANGUAGE = "Language Sprache English Deutsch German";
    RELAY = "Relay address url websocket";
    PROTOCOL = "Protocol plain websockify";
    USAGE = "Storage usage size space bytes used";
    BACKUP = "Back up backup restore export import keys hosts file";
    FORGET = "Forget this browser wipe delete remove everything reset privacy";
    SCROLLBACK = "Scrollback lines history";
    CURSOR = "Cursor shape block bar underline";
    BLINK = "Blinking cursor blink";
    SCREEN_READER = "Screen reader mode accessibility";
    RECORD_INPUT = "Recording recordings input typed passwords privacy";
    COPY_ON_SELECT = "Copy on select selection";
    CLIPBOARD = "Clipboard programs hosts OSC 52 ask consent";
    RIGHT = "Right click button paste copy menu";
    MIDDLE = "Middle click button paste";
    VAULT = "Vault lock idle minutes passwords privacy";
}
