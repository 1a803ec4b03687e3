//! How a connection is, in the line under everything and on the way to a shell. In English the
//! line begins with one of four words: Connecting, Connected, Reconnecting, Disconnected.

catalogue! { "status":
    GONE = "Disconnected: this session is gone";
    FOREIGN = "Disconnected: reload the page";
    ATTACHING = "Connecting to the running session…";
    HOLDING = "Reconnecting to {host}: holding your session…";
    RELAY = "Connecting: reaching the relay…";
    RELAY_AGAIN = "Reconnecting: reaching the relay…";
    SERVER = "Connecting to {host}…";
    SERVER_AGAIN = "Reconnecting to {host}…";
    KEYS = "Connecting to {host}: exchanging keys…";
    KEYS_AGAIN = "Reconnecting to {host}: exchanging keys…";
    HOST_KEY = "Connecting to {host}: checking its key…";
    HOST_KEY_AGAIN = "Reconnecting to {host}: checking its key…";
    LOG_IN = "Connecting to {host}: logging in…";
    LOG_IN_AGAIN = "Reconnecting to {host}: logging in…";
    OPEN = "Connected to {host}";
    CLOSED = "Disconnected from {host}";
    PROGRESS = "Progress";
    STEP_RELAY = "Relay";
    STEP_SERVER = "Server";
    STEP_KEYS = "Keys";
    STEP_HOST_KEY = "Host key";
    STEP_LOG_IN = "Log-in";
    DONE = "done";
    CURRENT = "now";
    AHEAD = "to do";
    FAILED = "failed";
    KNOWN = "✓ known";
    ONCE = "once";
    ROUND_TRIP = "Round trip to the server";
    SHELL_ENDED = "shell ended";
    SHELL_STATUS = "shell ended with status {status}";
    SHELL_SIGNAL = "shell ended by signal {signal}";
    SHELL_CLOSED = "connection closed";
    RELAY_IDLE = "The relay will end this session soon because nothing moves.";
    RELAY_EXPIRY = "The relay will end this session soon: its time is over.";
    RELAY_GOING = "The relay is about to stop. Save your work; then reconnect.";
}
