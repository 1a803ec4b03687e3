//! A line of authorized_keys with options.

catalogue! { "key_line":
    OPEN = "Line with options";
    TITLE = "Line of authorized_keys for {name}";
    WHAT = "What you fill in is all that the line allows. Put it into ~/.ssh/authorized_keys on the server.";
    FROM = "Only from these addresses or names";
    COMMAND = "Only this command, whatever is asked for";
    UNTIL = "No longer from this day on";
    RESTRICTED = "A terminal only: no forwarding of ports, agents or displays";
    LINE = "Line";
    COPY = "Copy line";
    BAD_FROM = "Addresses and names are written with commas and without blanks or quotes: 10.0.0.0/8,*.example.org";
    BAD_COMMAND = "A command that ends with a backslash cannot be written there. Put it into a script, and name that.";
    BAD_UNTIL = "That is no day.";
}
