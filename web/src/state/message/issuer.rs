//! Certificates of keys from the relay's issuer.

catalogue! { "issuer":
    GET = "Get certificate";
    REFRESH = "Refresh certificate";
    ASKING = "Asking the issuer…";
    FETCHED = "Fetched from the issuer of this relay, {moment}. It is fetched anew, before a log-in or on this page, in the last fifth of its time.";
    ENDED = "The certificate has ended, and is no longer offered. A new one is fetched before the next log-in.";
    FAILED = "No certificate came, {moment}. {why}";
    RELAY = "The relay did not answer. Perhaps you are offline, or have to sign in again: reload the page, then try again.";
    NOT_OFFERED = "This relay no longer has an issuer. Ask its operator, or attach a certificate from elsewhere.";
    BUSY = "The relay is asking for many certificates at the moment. Try again in a minute.";
    UNREACHABLE = "The relay does not reach the issuer: it may be down, or nobody vouches for its TLS certificate. Try again later, or tell the operator of the relay.";
    SLOW = "The issuer did not answer in time. Try again later, or tell the operator of the relay.";
    BROKEN = "The issuer's answer was none, or longer than any certificate. Tell the operator of the relay.";
    REFUSED = "The issuer gives you none (status {status}). Ask the operator of the relay why.";
    REFUSED_WORDS = "The issuer gives you none (status {status}). It says: {words}";
    NOT_A_CERTIFICATE = "The issuer sent something that is no certificate, which was thrown away. Tell the operator of the relay.";
    FOR_HOSTS = "The issuer sent a certificate for hosts, which was thrown away. Tell the operator of the relay.";
    FORGED = "The issuer sent a certificate whose signature is wrong, which was thrown away. Try again, and tell the operator of the relay.";
    OTHER_KEY = "The issuer sent a certificate of another key, which was thrown away. Tell the operator of the relay.";
    ENDED_ALREADY = "The issuer sent a certificate that has ended already. Check the clock of this machine; if it is right, tell the operator of the relay.";
}
