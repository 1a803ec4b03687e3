//! Certificates of hosts, rules for unknown hosts, keys that change in order, and weak algorithms.

use anyhow::Result;
use serde_json::{Value, json};
use tempfile::TempDir;
use thirtyfour::By;
use transom_testkit::{make_key, ssh_keygen};
use transom_tests::server::PASSWORD;
use transom_tests::{
    Browser, Need, PATIENCE, Role, ServerOptions, World, WorldOptions, scenario, until,
};

const ED25519: &[&str] = &["-t", "ed25519"];

/// A server with a certificate, and the line that trusts who made it.
struct Certified {
    _folder: TempDir,
    config: Vec<String>,
    line: String,
}

/// - `arguments`: what `ssh-keygen -s` gets beside the files, such as `-n web-1`.
fn certified(arguments: &[&str]) -> Result<Certified> {
    let folder = tempfile::tempdir()?;
    let authority = make_key(folder.path(), "authority", ED25519, "")?;
    let host = make_key(folder.path(), "host", ED25519, "")?;
    let (signer, key) = (authority.path.display(), host.path.display());
    let (signer, public) = (signer.to_string(), format!("{key}.pub"));
    let mut all = vec!["-q", "-s", &signer, "-I", "the host", "-h"];
    all.extend(arguments);
    all.push(&public);
    ssh_keygen(&all)?;
    Ok(Certified {
        config: vec![
            format!("HostKey {key}"),
            format!("HostCertificate {key}-cert.pub"),
        ],
        line: format!("@cert-authority 127.0.0.* {}", authority.public()?),
        _folder: folder,
    })
}

fn with_config(config: Vec<String>) -> WorldOptions {
    WorldOptions {
        server: Some(ServerOptions {
            config,
            ..ServerOptions::default()
        }),
        ..WorldOptions::default()
    }
}

/// Adds lines on the known-hosts screen.
async fn add(world: &World, lines: &str) -> Result<()> {
    let browser = world.browser();
    browser.press_role(Role::Rail, "Known hosts").await?;
    browser.fill("Lines of a known_hosts file", lines).await?;
    browser.press("Add lines").await?;
    browser.says("Lines added:", PATIENCE).await
}

async fn kept(browser: &Browser, member: &str) -> Result<Value> {
    let read = "return JSON.parse(localStorage.getItem('transom.settings'))[arguments[0]]";
    browser.script(read, vec![member.into()]).await
}

#[tokio::test]
async fn a_certified_host_needs_no_question() -> Result<()> {
    let certified = certified(&["-n", "127.0.0.1"])?;
    let options = with_config(certified.config.clone());
    scenario(Need::Share, options, async |world| {
        world.home_with(json!({ "host_keys": "ca-only" })).await?;
        add(world, &certified.line).await?;
        world.home().await?;
        world.dial(&world.server()?.address()).await?;
        world.answer("Password", PASSWORD).await?;
        world.ready().await?;
        world.browser().press("End-to-end").await?;
        let words = "certified by the authority SHA256:";
        world.browser().says(words, PATIENCE).await
    })
    .await
}

#[tokio::test]
async fn a_certificate_for_another_host_is_a_full_stop() -> Result<()> {
    let certified = certified(&["-n", "web-1"])?;
    let options = with_config(certified.config.clone());
    scenario(Need::Share, options, async |world| {
        world.home().await?;
        add(world, &certified.line).await?;
        world.home().await?;
        world.dial(&world.server()?.address()).await?;
        world.fails("does not hold", "Retry").await?;
        let words = "Its certificate is for web-1.";
        world.browser().says(words, PATIENCE).await?;
        assert_eq!(
            world.server()?.credentials(),
            0,
            "{}",
            world.server()?.log()
        );
        Ok(())
    })
    .await
}

#[tokio::test]
async fn an_unknown_host_is_dealt_with_as_the_settings_say() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        let address = world.server()?.address();
        for (rule, headline) in [
            ("strict", "is not a known host"),
            ("ca-only", "has no certificate"),
        ] {
            world.home_with(json!({ "host_keys": rule })).await?;
            world.dial(&address).await?;
            world.fails(headline, "Retry").await?;
        }
        assert_eq!(
            world.server()?.credentials(),
            0,
            "{}",
            world.server()?.log()
        );
        world
            .home_with(json!({ "host_keys": "accept-new" }))
            .await?;
        world.dial(&address).await?;
        world.answer("Password", PASSWORD).await?;
        world.ready().await?;
        world.browser().says("✓ known", PATIENCE).await
    })
    .await
}

#[tokio::test]
async fn the_rule_for_unknown_hosts_is_one_of_a_group() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        world.home().await?;
        let browser = world.browser();
        browser.press_role(Role::Rail, "Settings").await?;
        browser.fill("Search settings", "host keys strict").await?;
        let query = By::XPath("//label[contains(., 'Refuse unknown hosts')]/input[@type='radio']");
        until("the rule can be chosen", PATIENCE, async || {
            let Ok(choice) = browser.driver().find(query.clone()).await else {
                return Ok(false);
            };
            choice.click().await?;
            Ok(true)
        })
        .await?;
        until("the rule is kept", PATIENCE, async || {
            Ok(kept(browser, "host_keys").await? == "strict")
        })
        .await
    })
    .await
}

#[tokio::test]
async fn keys_that_a_known_server_proves_are_known_and_those_it_dropped_are_not() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        let folder = tempfile::tempdir()?;
        let gone = make_key(folder.path(), "gone", &["-t", "ecdsa", "-b", "384"], "")?;
        let host = format!("[127.0.0.1]:{}", world.server()?.port());
        let lines = format!(
            "{}\n{host} {}",
            world.server()?.known_hosts_line()?,
            gone.public()?
        );
        world.home().await?;
        add(world, &lines).await?;
        world
            .browser()
            .says("ecdsa-sha2-nistp384", PATIENCE)
            .await?;
        world.home().await?;
        world.dial(&world.server()?.address()).await?;
        world.answer("Password", PASSWORD).await?;
        world.ready().await?;
        let browser = world.browser();
        until("the list follows", PATIENCE, async || {
            browser.press_role(Role::Rail, "Home").await?;
            browser.press_role(Role::Rail, "Known hosts").await?;
            browser
                .see(Role::Button, &format!("Remove {host} ssh-ed25519"))
                .await?;
            let words = browser.words().await?;
            let new = ["ecdsa-sha2-nistp256", "ssh-rsa"];
            Ok(new.iter().all(|kind| words.contains(kind)) && !words.contains("nistp384"))
        })
        .await
    })
    .await
}

#[tokio::test]
async fn an_old_server_is_let_in_by_a_person_for_itself_only() -> Result<()> {
    let old = [
        "KexAlgorithms diffie-hellman-group14-sha1",
        "HostKeyAlgorithms ssh-rsa",
        "Ciphers aes128-cbc",
        "MACs hmac-sha1",
    ];
    let options = with_config(old.map(str::to_owned).to_vec());
    scenario(Need::Share, options, async |world| {
        world.home().await?;
        world.dial(&world.server()?.address()).await?;
        let choice = "Connect with legacy algorithms (this host only)";
        world.fails("is too old for safe defaults", choice).await?;
        world.browser().press(choice).await?;
        world.trust().await?;
        world.answer("Password", PASSWORD).await?;
        world.ready().await?;
        let host = format!("[127.0.0.1]:{}", world.server()?.port());
        assert_eq!(kept(world.browser(), "legacy_hosts").await?, json!([host]));
        world.browser().press("End-to-end").await?;
        let words = "weak algorithms are allowed for this host";
        world.browser().says(words, PATIENCE).await
    })
    .await
}
