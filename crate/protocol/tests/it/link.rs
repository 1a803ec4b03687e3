//! Links that connect.

use transom_protocol::{ConnectLink, ParseTargetError, pinned_key};

#[test]
fn a_fingerprint_keeps_its_plus_signs() {
    assert_eq!(
        pinned_key("?x=1&hk=SHA256:ab+c/d").as_deref(),
        Some("SHA256:ab+c/d")
    );
    assert_eq!(
        pinned_key("?hk=SHA256%3Aab%2Bc%2Fd").as_deref(),
        Some("SHA256:ab+c/d")
    );
    assert_eq!(pinned_key("?hk="), None);
    assert_eq!(pinned_key(""), None);
}

#[test]
fn a_link_names_a_target_and_a_key() {
    let link: ConnectLink = "ops@web-1:2222?hk=SHA256:abc".parse().unwrap();
    assert_eq!(link.target.to_string(), "ops@web-1:2222");
    assert_eq!(link.pinned.as_deref(), Some("SHA256:abc"));
    let bare: ConnectLink = "web-1".parse().unwrap();
    assert_eq!((bare.target.port, bare.pinned), (22, None));
}

#[test]
fn what_the_router_would_read_otherwise_is_left_to_it() {
    let escaped = "ops%40web-1".parse::<ConnectLink>();
    assert_eq!(escaped, Err(ParseTargetError::Host));
    assert_eq!("".parse::<ConnectLink>(), Err(ParseTargetError::NoHost));
}
