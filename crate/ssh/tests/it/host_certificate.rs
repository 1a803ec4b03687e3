//! Host certificates, made by ssh-keygen and shown by Debian's OpenSSH server.

use std::path::Path;

use anyhow::Result;
use tempfile::TempDir;
use transom_keys::{CertificateFault, KnownHosts, PublicKey};
use transom_ssh::{ConnectError, Options};
use transom_testkit::{KeyFile, Sshd, SshdOptions, make_key, ssh_keygen};

use crate::judge::{Judge, Judgement};
use crate::support::connect_trusting;

/// An authority, a host's key, and the certificate that one made for the other.
pub(crate) struct Certified {
    pub(crate) folder: TempDir,
    pub(crate) authority: KeyFile,
    pub(crate) host: KeyFile,
}

impl Certified {
    /// - `arguments`: what `ssh-keygen -s` gets beside the files, such as `-h -n web-1`.
    pub(crate) fn new(kind: &[&str], arguments: &[&str]) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let authority = make_key(folder.path(), "authority", kind, "")?;
        let host = make_key(folder.path(), "host", kind, "")?;
        let (signer, public) = (text(&authority.path), text(&host.path) + ".pub");
        let mut all = vec!["-q", "-s", &signer, "-I", "the host"];
        all.extend(arguments);
        all.push(&public);
        ssh_keygen(&all)?;
        Ok(Self {
            folder,
            authority,
            host,
        })
    }

    /// The line that trusts the authority for `names`.
    pub(crate) fn authority_line(&self, names: &str) -> Result<String> {
        Ok(format!(
            "@cert-authority {names} {}",
            self.authority.public()?
        ))
    }

    pub(crate) fn host_key(&self) -> Result<PublicKey> {
        Ok(PublicKey::from_openssh(&self.host.public()?)?)
    }

    pub(crate) fn certificate(&self) -> Result<String> {
        Ok(std::fs::read_to_string(
            self.folder.path().join("host-cert.pub"),
        )?)
    }

    /// A server that shows the certificate.
    pub(crate) async fn serve(&self) -> Result<Sshd> {
        let host = text(&self.host.path);
        let config = vec![
            format!("HostKey {host}"),
            format!("HostCertificate {host}-cert.pub"),
        ];
        let options = SshdOptions {
            config,
            ..SshdOptions::default()
        };
        Sshd::start(&options).await
    }
}

fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

/// Every kind of key that a host may have, and every one that an authority may have.
const KINDS: [&[&str]; 5] = [
    &["-t", "ed25519"],
    &["-t", "ecdsa"],
    &["-t", "ecdsa", "-b", "384"],
    &["-t", "ecdsa", "-b", "521"],
    &["-t", "rsa", "-b", "3072"],
];

#[tokio::test]
async fn a_certificate_of_a_trusted_authority_is_accepted_without_a_question() -> Result<()> {
    for kind in KINDS {
        let certified = Certified::new(kind, &["-h", "-n", "other,127.0.0.?"])?;
        let sshd = certified.serve().await?;
        let judge = Judge::new(&certified.authority_line("127.*")?, sshd.port());
        let login = connect_trusting(sshd.port(), judge.options(), judge.clone()).await?;
        assert_eq!(judge.judged(), [Judgement::Certified], "{kind:?}");
        let shown = &login.negotiated().host_key;
        assert_eq!(*shown, certified.host_key()?, "{kind:?}");
    }
    Ok(())
}

#[tokio::test]
async fn a_certificate_that_names_nobody_is_for_every_host_as_with_openssh() -> Result<()> {
    let certified = Certified::new(KINDS[0], &["-h"])?;
    let sshd = certified.serve().await?;
    let judge = Judge::new(&certified.authority_line("*")?, sshd.port());
    connect_trusting(sshd.port(), judge.options(), judge.clone()).await?;
    assert_eq!(judge.judged(), [Judgement::Certified]);
    Ok(())
}

#[tokio::test]
async fn a_server_without_a_certificate_shows_its_key_where_an_authority_is_known() -> Result<()> {
    let certified = Certified::new(KINDS[0], &["-h"])?;
    let sshd = Sshd::start(&SshdOptions::default()).await?;
    let judge = Judge::new(&certified.authority_line("*")?, sshd.port());
    let outcome = connect_trusting(sshd.port(), judge.options(), judge.clone()).await;
    assert!(matches!(
        outcome,
        Err(ConnectError::UserRefusedHostKey { .. })
    ));
    assert_eq!(judge.judged(), [Judgement::Unknown]);
    Ok(())
}

#[tokio::test]
async fn the_key_in_a_certificate_of_a_stranger_is_judged_as_a_plain_one() -> Result<()> {
    let certified = Certified::new(KINDS[0], &["-h", "-n", "127.0.0.1"])?;
    let other = Certified::new(KINDS[0], &["-h"])?;
    let sshd = certified.serve().await?;
    let authority = other.authority_line("*")?;
    let judge = Judge::new(&authority, sshd.port());
    let unknown = connect_trusting(sshd.port(), judge.options(), judge.clone()).await;
    assert!(unknown.is_err());
    assert_eq!(judge.judged(), [Judgement::Unknown]);
    let public = certified.host.public()?;
    let lines = format!("{authority}[127.0.0.1]:{} {public}", sshd.port());
    let judge = Judge::new(&lines, sshd.port());
    connect_trusting(sshd.port(), judge.options(), judge.clone()).await?;
    assert_eq!(judge.judged(), [Judgement::Known]);
    Ok(())
}

#[tokio::test]
async fn no_certificate_is_asked_for_where_no_authority_is_known() -> Result<()> {
    let certified = Certified::new(KINDS[0], &["-h", "-n", "elsewhere"])?;
    let sshd = certified.serve().await?;
    let line = format!("[127.0.0.1]:{} {}", sshd.port(), certified.host.public()?);
    let judge = Judge::new(&line, sshd.port());
    assert!(!judge.options().host_certificates);
    connect_trusting(sshd.port(), judge.options(), judge.clone()).await?;
    assert_eq!(judge.judged(), [Judgement::Known]);
    Ok(())
}

#[tokio::test]
async fn who_does_not_judge_certificates_refuses_them() -> Result<()> {
    use crate::support::Always;
    let certified = Certified::new(KINDS[0], &["-h"])?;
    let sshd = certified.serve().await?;
    let options = Options {
        host_certificates: true,
        ..Options::default()
    };
    let accepting = Always::accept_any_host_key_for_test();
    let outcome = connect_trusting(sshd.port(), options, accepting).await;
    assert!(matches!(
        outcome,
        Err(ConnectError::UserRefusedHostKey { .. })
    ));
    Ok(())
}

#[test]
fn a_fault_is_told_in_words_that_go_on_from_its_certificate() {
    let certified = Certified::new(KINDS[0], &["-h", "-n", "a,b,c,d", "-V", "-2w:-1w"]).unwrap();
    let line = certified.certificate().unwrap();
    let certificate = transom_keys::HostCertificate::from_openssh(&line).unwrap();
    let known = KnownHosts::parse(&certified.authority_line("*").unwrap());
    let said = |now_s| match known.check_certificate("web-1", 22, &certificate, now_s) {
        transom_keys::CertificateStatus::Refused(fault) => fault,
        other => panic!("{other:?}"),
    };
    assert!(said(u64::MAX).to_string().starts_with("expired on 2"));
    assert!(said(0).to_string().starts_with("is not valid before 2"));
    let CertificateFault::NotYetValid { from_s } = said(0) else {
        panic!("{:?}", said(0));
    };
    assert_eq!(said(from_s).to_string(), "is for a, b, c and others");
}
