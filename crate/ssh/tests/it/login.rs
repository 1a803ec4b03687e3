//! Every way to log in, against OpenSSH.

use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use russh::keys::signature::Signer as _;
use transom_keys::{PrivateKey, SignatureAlgorithm};
use transom_ssh::{
    ConnectError, Connection, Deadlines, KeySigner, Login, Method, Options, Outcome, PromptRequest,
    Prompter, Stage,
};
use transom_testkit::{Double, Library, PASSWORD, PythonServer, Script, Sshd, SshdOptions, USER};

use crate::support::{World, connect, run};

fn logged_in(outcome: Outcome) -> Result<Connection> {
    match outcome {
        Outcome::LoggedIn(connection) => Ok(connection),
        denied @ Outcome::Denied { .. } => bail!("{denied:?}"),
    }
}

fn denied(outcome: Outcome) -> Result<Login> {
    match outcome {
        Outcome::Denied { login, .. } => Ok(login),
        Outcome::LoggedIn(_) => bail!("logged in"),
    }
}

/// Answers from a list, and keeps what was asked.
#[derive(Default)]
struct Answers {
    given: Vec<&'static str>,
    asked: Vec<PromptRequest>,
}

impl Prompter for Answers {
    async fn answer(&mut self, request: PromptRequest) -> Option<Vec<String>> {
        let count = request.prompts.len();
        self.asked.push(request);
        if self.given.len() < count {
            return None;
        }
        Some(self.given.drain(..count).map(str::to_owned).collect())
    }
}

#[tokio::test]
async fn none_tells_what_the_server_takes() -> Result<()> {
    let sshd = Sshd::start(&SshdOptions::default()).await?;
    let login = connect(sshd.port(), Options::default()).await?;
    let Outcome::Denied { remaining, .. } = login.none(USER).await? else {
        bail!("logged in without a credential");
    };
    assert!(remaining.contains(Method::Password));
    assert!(remaining.contains(Method::PublicKey));
    assert!(!remaining.contains(Method::KeyboardInteractive));
    Ok(())
}

#[tokio::test]
async fn a_wrong_password_can_be_corrected_on_the_same_connection() -> Result<()> {
    let sshd = Sshd::start(&SshdOptions::default()).await?;
    let mut login = connect(sshd.port(), Options::default()).await?;
    for wrong in ["", "nonsense", "öffne dich"] {
        login = denied(login.password(USER, wrong).await?)?;
    }
    let connection = logged_in(login.password(USER, PASSWORD).await?)?;
    assert_eq!(run(&connection, "id -un").await?, format!("{USER}\n"));
    Ok(())
}

#[tokio::test]
async fn pam_asks_for_the_password_by_keyboard_interactive() -> Result<()> {
    let sshd = Sshd::start(&SshdOptions {
        prompts: true,
        config: vec!["PasswordAuthentication no".to_owned()],
        ..SshdOptions::default()
    })
    .await?;
    let login = connect(sshd.port(), Options::default()).await?;
    let mut wrong = Answers {
        given: vec!["nonsense"],
        ..Answers::default()
    };
    let login = denied(login.keyboard_interactive(USER, &mut wrong).await?)?;
    let mut right = Answers {
        given: vec![PASSWORD],
        ..Answers::default()
    };
    logged_in(login.keyboard_interactive(USER, &mut right).await?)?;
    let prompt = right.asked.first().context("nothing was asked")?;
    assert_eq!(
        prompt.prompts.first().map(|prompt| prompt.echo),
        Some(false)
    );
    Ok(())
}

#[tokio::test]
async fn prompts_come_in_any_number_of_rounds_and_are_safe_to_show() -> Result<()> {
    let round = |prompts: &[(&str, bool)]| {
        prompts
            .iter()
            .map(|(text, echo)| ((*text).to_owned(), *echo))
            .collect()
    };
    let double = Double::start(Script {
        rounds: vec![
            round(&[("Code:\u{1b}[2J ", true), ("Pass\u{202e}word: ", false)]),
            round(&[]),
            round(&[("Again: ", false)]),
        ],
        ..Script::default()
    })
    .await?;
    let login = connect(double.port(), Options::default()).await?;
    let mut answers = Answers {
        given: vec!["246810", "geheim", "ja"],
        ..Answers::default()
    };
    logged_in(login.keyboard_interactive(USER, &mut answers).await?)?;
    let told = double.answers();
    assert_eq!(told, [vec!["246810", "geheim"], vec![], vec!["ja"]]);
    let shown: Vec<_> = answers
        .asked
        .iter()
        .flat_map(|request| &request.prompts)
        .map(|prompt| (prompt.text.as_str(), prompt.echo))
        .collect();
    assert_eq!(
        shown,
        [
            ("Code:␛[2J ", true),
            ("Pass<U+202E>word: ", false),
            ("Again: ", false)
        ]
    );
    Ok(())
}

#[tokio::test]
async fn prompts_that_are_not_answered_end_the_log_in() -> Result<()> {
    let double = Double::start(Script {
        rounds: vec![vec![("Code: ".to_owned(), true)]],
        ..Script::default()
    })
    .await?;
    let login = connect(double.port(), Options::default()).await?;
    let nobody = &mut Answers::default();
    let outcome = login.keyboard_interactive(USER, nobody).await;
    assert_eq!(outcome.unwrap_err(), ConnectError::UserCancelled);
    assert_eq!(double.answers(), Vec::<Vec<String>>::new());
    Ok(())
}

#[tokio::test]
async fn endless_rounds_without_a_prompt_are_not_answered_for_ever() -> Result<()> {
    let double = Double::start(Script {
        rounds: vec![Vec::new(); 1000],
        ..Script::default()
    })
    .await?;
    let login = connect(double.port(), Options::default()).await?;
    let nobody = &mut Answers::default();
    let outcome = login.keyboard_interactive(USER, nobody).await;
    assert!(
        matches!(outcome, Err(ConnectError::PeerMisbehaved { .. })),
        "{outcome:?}"
    );
    Ok(())
}

#[tokio::test]
async fn every_kind_of_key_logs_in() -> Result<()> {
    let sshd = Sshd::start(&SshdOptions::default()).await?;
    let kinds: [(&str, &[&str], &str); 6] = [
        ("ed25519", &["-t", "ed25519"], ""),
        ("locked", &["-t", "ed25519", "-a", "4"], "sesam"),
        ("p256", &["-t", "ecdsa", "-b", "256"], ""),
        ("p384", &["-t", "ecdsa", "-b", "384"], ""),
        ("p521", &["-t", "ecdsa", "-b", "521"], ""),
        ("rsa", &["-t", "rsa", "-b", "2048"], ""),
    ];
    for (name, arguments, passphrase) in kinds {
        let file = sshd.authorize(name, arguments, passphrase)?;
        let key = PrivateKey::parse(&file.private()?, Some(passphrase))?;
        let login = connect(sshd.port(), Options::default()).await?;
        let outcome = login.public_key(USER, &key).await?;
        logged_in(outcome).with_context(|| name)?;
    }
    Ok(())
}

#[tokio::test]
async fn rsa_signs_with_sha_512() -> Result<()> {
    let sshd = Sshd::start(&SshdOptions {
        config: vec!["PubkeyAcceptedAlgorithms rsa-sha2-512".to_owned()],
        ..SshdOptions::default()
    })
    .await?;
    let file = sshd.authorize("rsa", &["-t", "rsa", "-b", "2048"], "")?;
    let key = PrivateKey::parse(&file.private()?, None)?;
    let login = connect(sshd.port(), Options::default()).await?;
    logged_in(login.public_key(USER, &key).await?)?;
    Ok(())
}

#[tokio::test]
async fn a_key_that_the_server_does_not_know_is_denied_without_a_signature() -> Result<()> {
    let world = World::start(&[]).await?;
    let folder = world.sshd.folder();
    let stranger = transom_testkit::make_key(folder, "stranger", &["-t", "ed25519"], "")?;
    let stranger = PrivateKey::parse(&stranger.private()?, None)?;
    let login = connect(world.sshd.port(), Options::default()).await?;
    let login = denied(login.public_key(USER, &stranger).await?)?;
    logged_in(login.public_key(USER, &world.key).await?)?;
    Ok(())
}

#[tokio::test]
async fn two_credentials_may_be_needed() -> Result<()> {
    let world = World::start(&["AuthenticationMethods publickey,password"]).await?;
    let login = connect(world.sshd.port(), Options::default()).await?;
    let outcome = login.public_key(USER, &world.key).await?;
    let Outcome::Denied {
        login,
        remaining,
        partial_success: true,
    } = outcome
    else {
        bail!("{outcome:?}");
    };
    assert!(remaining.contains(Method::Password));
    logged_in(login.password(USER, PASSWORD).await?)?;
    Ok(())
}

#[tokio::test]
async fn a_server_that_wants_another_password_ends_at_the_deadline() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let server = PythonServer::start(Library::AsyncsshExpired, folder.path()).await?;
    let mut options = Options::default();
    options.deadlines.authenticate = Duration::from_secs(1);
    let login = connect(server.port(), options).await?;
    let login = denied(login.none(USER).await?)?;
    let ended = login.password(USER, PASSWORD).await;
    let Err(ConnectError::PeerTimeout { stage }) = ended else {
        bail!("{ended:?}");
    };
    assert_eq!(stage, Stage::Authenticating);
    Ok(())
}

#[tokio::test]
async fn too_many_attempts_end_in_the_servers_words() -> Result<()> {
    let sshd = Sshd::start(&SshdOptions {
        config: vec!["MaxAuthTries 2".to_owned()],
        ..SshdOptions::default()
    })
    .await?;
    let mut login = connect(sshd.port(), Options::default()).await?;
    for _ in 0..10 {
        match login.password(USER, "nonsense").await {
            Ok(outcome) => login = denied(outcome)?,
            Err(ConnectError::PeerDisconnected { text, .. }) => {
                assert!(text.contains("Too many authentication failures"), "{text}");
                return Ok(());
            }
            Err(other) => bail!("{other:?}"),
        }
    }
    bail!("the server never had enough")
}

#[tokio::test]
async fn the_banner_is_kept_and_safe_to_show() -> Result<()> {
    let double = Double::start(Script {
        banner: Some("Welcome\r\n\u{1b}]0;owned\u{7}".to_owned() + &"Z".repeat(100_000)),
        ..Script::default()
    })
    .await?;
    let login = connect(double.port(), Options::default()).await?;
    let connection = logged_in(login.none(USER).await?)?;
    let banner = connection.banner();
    assert!(
        banner.starts_with("Welcome\n␛]0;owned␇Z"),
        "{}",
        &banner[..40]
    );
    assert!(banner.len() <= 64 * 1024, "{}", banner.len());
    Ok(())
}

/// The first of our key exchanges that a server of OpenSSH knows: the hybrid one came with 9.9.
fn first_exchange(server: &str) -> &'static str {
    let version = server.trim_start_matches("SSH-2.0-OpenSSH_");
    let mut numbers = version
        .split(['.', 'p', ' '])
        .map(|part| part.parse().unwrap_or(0));
    let version: (u32, u32) = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
    if version >= (9, 9) {
        "mlkem768x25519-sha256"
    } else {
        "curve25519-sha256"
    }
}

#[tokio::test]
async fn what_was_agreed_on_is_told() -> Result<()> {
    let world = World::start(&[]).await?;
    let connection = world.log_in().await?;
    let agreed = connection.negotiated();
    assert!(agreed.server.starts_with("SSH-2.0-OpenSSH_"), "{agreed:?}");
    assert_eq!(agreed.kex, first_exchange(&agreed.server));
    assert_eq!(agreed.cipher, "chacha20-poly1305@openssh.com");
    assert_eq!(agreed.mac, "");
    assert_eq!(agreed.host_key.kind(), "Ed25519");
    Ok(())
}

/// Signs after a while, as a person who looks for their security key does.
struct Slow(PrivateKey, Duration);

impl KeySigner for Slow {
    async fn sign(&mut self, _: SignatureAlgorithm, message: Vec<u8>) -> Option<Vec<u8>> {
        tokio::time::sleep(self.1).await;
        let signed = self.0.as_ssh_key().try_sign(&message).ok()?;
        Some(signed.as_bytes().to_vec())
    }
}

#[tokio::test]
async fn a_person_may_take_longer_to_sign_than_the_server_to_answer() -> Result<()> {
    let world = World::start(&[]).await?;
    let limit = Duration::from_secs(1);
    let options = Options {
        deadlines: Deadlines {
            authenticate: limit,
            ..Deadlines::default()
        },
        ..Options::default()
    };
    let login = connect(world.sshd.port(), options).await?;
    let mut signer = Slow(world.key.clone(), limit * 3);
    let public = world.key.public_key();
    logged_in(login.public_key_with(USER, &public, &mut signer).await?)?;
    Ok(())
}
