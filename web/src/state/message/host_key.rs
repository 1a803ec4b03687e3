//! The dialogs about a server's host key.

catalogue! { "host_key":
    UNKNOWN = "Unknown host key";
    CHANGED = "Host key changed";
    NEVER_BEFORE = "You have not connected to {host} from this browser. Compare its key before you trust it; no password or key has been sent.";
    HOW = "How to compare";
    RUN = "On the server, or by its admin, run this and compare the SHA-256 line:";
    COPY_COMMAND = "Copy command";
    CANCEL = "Cancel";
    ONCE = "Just once";
    TRUST = "Trust and connect";
    TYPE = "Type";
    SINCE = "Since";
    RANDOMART = "Randomart";
    STOP = "Stop: {host} is not the machine you trusted.";
    WHY = "Its key is another one. Perhaps it was rebuilt, or its address belongs to another machine now; or someone stands between you and it. No password or key has been sent.";
    UNTIL_NOW = "Trusted until now";
    NOW = "Shown now";
    DISCONNECT = "Disconnect";
    REBUILT = "I rebuilt it…";
    TYPE_HOST = "Type {host} to trust the new key";
    REPLACE = "Replace the trusted key";
}
