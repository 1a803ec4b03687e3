//! Attacks on trust: each is refused, and no byte of a credential reaches the server.

use anyhow::{Context as _, Result, bail};
use transom_keys::{CertificateFault, KnownHosts};
use transom_ssh::{CloseCause, ConnectError, Connection, Exec, Login, Options, Outcome};
use transom_testkit::{
    Imposter, KeyFile, Library, PythonServer, Sshd, SshdOptions, USER, make_key, ssh_keygen,
};

use crate::host_certificate::Certified;
use crate::judge::{Judge, Judgement};
use crate::support::{connect, connect_trusting};

const ED25519: &[&str] = &["-t", "ed25519"];

/// Connects by what `lines` say, is refused, and finds that the server was told nothing.
async fn refused(sshd: &Sshd, lines: &str) -> Result<Judgement> {
    let judge = Judge::new(lines, sshd.port());
    let outcome = connect_trusting(sshd.port(), judge.options(), judge.clone()).await;
    assert!(
        matches!(outcome, Err(ConnectError::UserRefusedHostKey { .. })),
        "{outcome:?}"
    );
    sshd.logged("closed by").await?;
    for method in ["none", "password", "publickey", "keyboard-interactive"] {
        assert_eq!(sshd.attempts(method), 0, "{method}");
    }
    judge.judged().pop().context("nobody was asked")
}

fn line(port: u16, public: &str) -> String {
    format!("[127.0.0.1]:{port} {public}\n")
}

/// Shows a certificate of an authority that is trusted.
async fn certificate_is_refused(arguments: &[&str]) -> Result<CertificateFault> {
    let certified = Certified::new(ED25519, arguments)?;
    let sshd = certified.serve().await?;
    match refused(&sshd, &certified.authority_line("*")?).await? {
        Judgement::Faulty(fault) => Ok(fault),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_changed_key_is_refused() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let other = make_key(folder.path(), "other", ED25519, "")?;
    let sshd = Sshd::start(&SshdOptions::default()).await?;
    let lines = line(sshd.port(), &other.public()?);
    assert_eq!(refused(&sshd, &lines).await?, Judgement::Changed);
    Ok(())
}

#[tokio::test]
async fn a_changed_key_behind_a_hashed_line_is_refused() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let other = make_key(folder.path(), "other", ED25519, "")?;
    let sshd = Sshd::start(&SshdOptions::default()).await?;
    let mut known = KnownHosts::parse(&line(sshd.port(), &other.public()?));
    known.hash_names(|| [7; 20]);
    assert!(known.to_text().starts_with("|1|"));
    assert_eq!(refused(&sshd, &known.to_text()).await?, Judgement::Changed);
    Ok(())
}

#[tokio::test]
async fn a_key_of_another_type_is_no_way_around_the_known_one() -> Result<()> {
    let options = SshdOptions {
        config: vec!["HostKeyAlgorithms ecdsa-sha2-nistp256".to_owned()],
        ..SshdOptions::default()
    };
    let sshd = Sshd::start(&options).await?;
    let known = sshd.host_key("ed25519").public()?;
    let judged = refused(&sshd, &line(sshd.port(), &known)).await?;
    assert_eq!(judged, Judgement::Changed);
    Ok(())
}

#[tokio::test]
async fn a_revoked_key_is_refused_also_where_another_line_trusts_it() -> Result<()> {
    let sshd = Sshd::start(&SshdOptions::default()).await?;
    let public = sshd.host_key("ed25519").public()?;
    let lines = line(sshd.port(), &public) + "@revoked * " + &public;
    assert_eq!(refused(&sshd, &lines).await?, Judgement::Revoked);
    Ok(())
}

#[tokio::test]
async fn a_certificate_of_a_revoked_authority_is_refused() -> Result<()> {
    let certified = Certified::new(ED25519, &["-h", "-n", "127.0.0.1"])?;
    let sshd = certified.serve().await?;
    let lines = format!(
        "{}@revoked * {}{}",
        certified.authority_line("*")?,
        certified.authority.public()?,
        line(sshd.port(), &certified.host.public()?)
    );
    assert_eq!(refused(&sshd, &lines).await?, Judgement::Revoked);
    Ok(())
}

#[tokio::test]
async fn a_revoked_key_in_a_good_certificate_is_refused() -> Result<()> {
    let certified = Certified::new(ED25519, &["-h", "-n", "127.0.0.1"])?;
    let sshd = certified.serve().await?;
    let revoked = format!("@revoked 127.0.0.1 {}", certified.host.public()?);
    let lines = certified.authority_line("*")? + &revoked;
    assert_eq!(refused(&sshd, &lines).await?, Judgement::Revoked);
    Ok(())
}

#[tokio::test]
async fn a_certificate_for_another_host_is_refused() -> Result<()> {
    let fault = certificate_is_refused(&["-h", "-n", "web-1,127.0.0.10"]).await?;
    let names = vec!["web-1".to_owned(), "127.0.0.10".to_owned()];
    assert_eq!(fault, CertificateFault::OtherHost { names });
    Ok(())
}

#[tokio::test]
async fn an_expired_certificate_is_refused() -> Result<()> {
    let fault = certificate_is_refused(&["-h", "-n", "127.0.0.1", "-V", "-2d:-1d"]).await?;
    assert!(
        matches!(fault, CertificateFault::Expired { .. }),
        "{fault:?}"
    );
    Ok(())
}

#[tokio::test]
async fn a_certificate_that_is_not_yet_valid_is_refused() -> Result<()> {
    let fault = certificate_is_refused(&["-h", "-n", "127.0.0.1", "-V", "+1d:+2d"]).await?;
    assert!(
        matches!(fault, CertificateFault::NotYetValid { .. }),
        "{fault:?}"
    );
    Ok(())
}

#[tokio::test]
async fn a_certificate_for_a_person_is_refused() -> Result<()> {
    let fault = certificate_is_refused(&["-n", "127.0.0.1"]).await?;
    assert_eq!(fault, CertificateFault::NotForHosts);
    Ok(())
}

#[tokio::test]
async fn a_certificate_with_a_condition_is_refused() -> Result<()> {
    let option = ["-h", "-n", "127.0.0.1", "-O", "critical:weather=fine"];
    let fault = certificate_is_refused(&option).await?;
    let name = "weather".to_owned();
    assert_eq!(fault, CertificateFault::CriticalOption { name });
    Ok(())
}

#[tokio::test]
async fn a_certificate_signed_with_sha_1_is_refused() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let rsa = make_key(folder.path(), "rsa", &["-t", "rsa", "-b", "2048"], "")?;
    let certified = Certified::new(ED25519, &["-h"])?;
    let public = certified.host.path.to_string_lossy().into_owned() + ".pub";
    let signer = rsa.path.to_string_lossy().into_owned();
    ssh_keygen(&[
        "-q", "-s", &signer, "-t", "ssh-rsa", "-I", "i", "-h", &public,
    ])?;
    // OpenSSH's server shows no such certificate.
    let blob = blob_of(&certified.certificate()?)?;
    let imposter = Imposter::start(CERTIFICATE, blob, &certified.host).await?;
    let lines = format!("@cert-authority * {}", rsa.public()?);
    let (outcome, judge) = meet(&imposter, &lines).await?;
    assert!(matches!(
        outcome,
        Err(ConnectError::UserRefusedHostKey { .. })
    ));
    let fault = CertificateFault::Signature;
    assert_eq!(judge.judged(), [Judgement::Faulty(fault)]);
    Ok(())
}

const CERTIFICATE: &str = "ssh-ed25519-cert-v01@openssh.com";

/// Connects to an imposter, who must not be told anything.
async fn meet(imposter: &Imposter, lines: &str) -> Result<(Result<Login, ConnectError>, Judge)> {
    let judge = Judge::new(lines, imposter.port());
    let outcome = connect_trusting(imposter.port(), judge.options(), judge.clone()).await;
    assert!(outcome.is_err(), "{outcome:?}");
    assert_eq!(imposter.credential_bytes().await?, 0);
    Ok((outcome, judge))
}

/// The bytes behind the base64 of a public key or a certificate.
fn blob_of(line: &str) -> Result<Vec<u8>> {
    let folder = tempfile::tempdir()?;
    let base64 = line.split(' ').nth(1).context("no base64")?;
    let path = folder.path().join("base64");
    std::fs::write(&path, base64)?;
    let output = std::process::Command::new("base64")
        .arg("-d")
        .arg(path)
        .output()?;
    Ok(output.stdout)
}

#[tokio::test]
async fn a_certificate_with_one_wrong_bit_is_refused() -> Result<()> {
    let certified = Certified::new(ED25519, &["-h", "-n", "127.0.0.1"])?;
    let mut blob = blob_of(&certified.certificate()?)?;
    let last = blob.last_mut().context("an empty certificate")?;
    *last ^= 1;
    let imposter = Imposter::start(CERTIFICATE, blob, &certified.host).await?;
    let (outcome, judge) = meet(&imposter, &certified.authority_line("*")?).await?;
    assert!(outcome.is_err());
    let fault = CertificateFault::Signature;
    assert_eq!(judge.judged(), [Judgement::Faulty(fault)]);
    Ok(())
}

/// Shows somebody's key or certificate without having the key.
async fn stolen(algorithm: &str, line: &str, lines: &str, thief: &KeyFile) -> Result<()> {
    let imposter = Imposter::start(algorithm, blob_of(line)?, thief).await?;
    let (outcome, judge) = meet(&imposter, lines).await?;
    assert!(
        matches!(outcome, Err(ConnectError::PeerMisbehaved { .. })),
        "{outcome:?}"
    );
    assert_eq!(judge.judged(), [], "nothing to judge: nothing was proved");
    Ok(())
}

#[tokio::test]
async fn a_known_key_that_does_not_sign_the_exchange_is_refused() -> Result<()> {
    let certified = Certified::new(ED25519, &["-h", "-n", "127.0.0.1"])?;
    let public = certified.host.public()?;
    let lines = format!("* {public}");
    stolen("ssh-ed25519", &public, &lines, &certified.authority).await
}

#[tokio::test]
async fn a_good_certificate_whose_key_does_not_sign_the_exchange_is_refused() -> Result<()> {
    let certified = Certified::new(ED25519, &["-h", "-n", "127.0.0.1"])?;
    let lines = certified.authority_line("*")?;
    let line = certified.certificate()?;
    stolen(CERTIFICATE, &line, &lines, &certified.authority).await
}

#[tokio::test]
async fn a_malformed_key_is_refused_wherever_it_is_cut() -> Result<()> {
    let certified = Certified::new(ED25519, &["-h", "-n", "127.0.0.1"])?;
    let key = blob_of(&certified.host.public()?)?;
    let certificate = blob_of(&certified.certificate()?)?;
    let lines = format!(
        "{}* {}",
        certified.authority_line("*")?,
        certified.host.public()?
    );
    for (algorithm, blob) in [("ssh-ed25519", key), (CERTIFICATE, certificate)] {
        for length in (0..blob.len()).step_by(11) {
            let cut = blob.get(..length).unwrap_or_default().to_vec();
            let imposter = Imposter::start(algorithm, cut, &certified.host).await?;
            let (outcome, judge) = meet(&imposter, &lines).await?;
            assert!(
                matches!(outcome, Err(ConnectError::PeerMisbehaved { .. })),
                "{algorithm} {length}: {outcome:?}"
            );
            assert_eq!(judge.judged(), [], "{algorithm} {length}");
        }
    }
    Ok(())
}

/// Logs in and starts a program, upon which the server exchanges keys anew.
async fn exchange_anew(library: Library) -> Result<(PythonServer, Connection, Exec)> {
    let folder = tempfile::tempdir()?;
    let server = PythonServer::start(library, folder.path()).await?;
    let login = connect(server.port(), Options::default()).await?;
    let Outcome::LoggedIn(connection) = login.password(USER, "any").await? else {
        bail!("not logged in");
    };
    let exec = connection.exec(b"hold", &[]).await?;
    Ok((server, connection, exec))
}

#[tokio::test]
async fn a_key_that_is_swapped_when_keys_are_exchanged_anew_cuts_the_connection() -> Result<()> {
    let (_server, connection, mut exec) = exchange_anew(Library::ParamikoSwap).await?;
    // Nothing is heard that came under the new keys.
    let said = exec.stdout.next().await;
    assert!(!matches!(said, Ok(Some(_))), "{said:?}");
    let cause = connection.closed().await;
    let CloseCause::PeerMisbehaved { what } = &cause else {
        panic!("{cause:?}");
    };
    assert!(what.contains("another host key"), "{what}");
    Ok(())
}

#[tokio::test]
async fn the_same_key_when_keys_are_exchanged_anew_is_no_matter() -> Result<()> {
    let (_server, _connection, mut exec) = exchange_anew(Library::ParamikoRekey).await?;
    let said = exec.stdout.next().await?;
    assert_eq!(said.as_deref(), Some(&b"exchanged\n"[..]));
    Ok(())
}

#[tokio::test]
async fn a_certificate_in_place_of_a_plain_key_is_refused() -> Result<()> {
    let certified = Certified::new(ED25519, &["-h", "-n", "127.0.0.1"])?;
    let blob = blob_of(&certified.certificate()?)?;
    let imposter = Imposter::start("ssh-ed25519", blob, &certified.host).await?;
    let lines = format!("* {}", certified.host.public()?);
    let (outcome, judge) = meet(&imposter, &lines).await?;
    assert!(outcome.is_err());
    assert!(
        !judge.judged().contains(&Judgement::Known),
        "{:?}",
        judge.judged()
    );
    Ok(())
}
