//! What buttons and fields of several screens say.

catalogue! { "button":
    BACK = "Back";
    CANCEL = "Cancel";
    CLOSE = "Close";
    COPY_DETAILS = "Copy details";
    DELETE = "Delete";
    DOWNLOAD = "Download";
    EDIT = "Edit";
    KEEP = "Keep";
    NOT_NOW = "Not now";
    PASSPHRASE = "Passphrase";
    RECONNECT = "Reconnect";
    RENAME = "Rename";
    SAVE = "Save";
    SEARCH = "Search";
    TEXT = "Text";
    TRY_AGAIN = "Try again";
    UNLOCK_VAULT = "Unlock vault";
    FILE_OF = "{name}: file";
}
