//! What `ssh-audit` says of our offer.

use anyhow::Result;
use transom_ssh::{Options, handshake};
use transom_testkit::{Audit, ClientAudit};

use crate::support::{Always, clock};

const KINDS: [&str; 4] = ["kex", "key", "enc", "mac"];

async fn audit(options: Options) -> Result<Audit> {
    let auditor = ClientAudit::start().await?;
    let stream = auditor.connect().await?;
    let trust = Always::accept_any_host_key_for_test();
    // It hangs up once it has the offer.
    let ended = handshake(stream, options, trust, clock()).await;
    assert!(ended.is_err());
    auditor.verdict().await
}

#[tokio::test]
async fn an_auditor_finds_no_failure_in_what_we_offer() -> Result<()> {
    let audit = audit(Options::default()).await?;
    assert_eq!(
        audit.offered("kex").first(),
        Some(&"mlkem768x25519-sha256"),
        "{audit:?}"
    );
    for kind in KINDS {
        let mut failed = audit.failed(kind);
        // Servers have such keys, and a key that is not offered is a server that cannot be reached.
        failed.retain(|name| kind != "key" || !name.starts_with("ecdsa-sha2-nistp"));
        assert!(failed.is_empty(), "{kind}: {failed:?}");
        assert!(!audit.offered(kind).is_empty(), "{kind}");
    }
    assert_eq!(audit.vulnerabilities(), 0, "{audit:?}");
    Ok(())
}

#[tokio::test]
async fn an_auditor_condemns_what_we_offer_to_old_servers() -> Result<()> {
    let options = Options {
        legacy: true,
        ..Options::default()
    };
    let audit = audit(options).await?;
    for (kind, weak) in [
        ("kex", "diffie-hellman-group1-sha1"),
        ("key", "ssh-rsa"),
        ("mac", "hmac-sha1"),
    ] {
        assert!(audit.failed(kind).contains(&weak), "{kind}: {audit:?}");
    }
    // The best still comes first.
    assert_eq!(audit.offered("kex").first(), Some(&"mlkem768x25519-sha256"));
    Ok(())
}
