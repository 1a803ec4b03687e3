//! Home: the address bar, and what was open before.

catalogue! { "home":
    LEAD = "A shell on your server, in this page.";
    ADDRESS = "Address";
    CONNECT = "Connect";
    HELP = "Type a host and press Enter. Nothing is installed, and the relay only sees encrypted bytes.";
    RESUME = "Resume";
    RESUME_IT = "Resume {address}";
    STILL_RUNNING = "still running in this browser";
    TRY_IT = "Try it";
    TRY_DEMO = "Try the demo server {address}";
    DEMO_PASSWORD = "its password is in the terminal that runs it";
    RECENT = "Recent";
    CONNECT_TO = "Connect to {address}";
    NO_HOST = "Type a host, for example ops@web-1 or ops@web-1:2222.";
    BAD_PORT = "After the colon goes a port: a number from 1 to 65535.";
    BAD_HOST = "A host name has letters, digits, dots and hyphens; an IPv6 address with a port goes in brackets, as in [::1]:22.";
    NO_USER = "There is nothing before the @. Type the user, or leave out the @.";
    BAD_JUMP = "After “via” go up to eight jump hosts with commas between them, as in ops@db-1 via ops@edge.";
    NO_ADDRESS = "This is no address. Type it as user@host or user@host:port.";
}
