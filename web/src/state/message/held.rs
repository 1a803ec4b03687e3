//! A session whose link is broken, and which the relay holds.

catalogue! { "held":
    LOST = "Connection lost — holding your session";
    AGAIN = "Reconnecting…";
    ATTEMPT = "Reconnecting, attempt {n}…";
    KEPT = "Your screen and shell are kept.";
    RETRY_NOW = "Retry now";
    GIVE_UP = "Give up";
    MOMENT = "Kept for a moment more";
    SECONDS = "Kept for {n} s more";
    MINUTES = "Kept for {time} min more";
    TYPE = "What you type now is sent when the link is back.";
    WAITING = one "1 character waits and is sent when the link is back.",
        other "{n} characters wait and are sent in order when the link is back.";
}
