//! Keys that the page makes: they log in, and nobody can read them.

use anyhow::{Context, Result, ensure};
use transom_tests::server::PASSWORD;
use transom_tests::{Need, PATIENCE, Role, ServerOptions, World, WorldOptions, scenario};

/// Asks WebCrypto to export every key in IndexedDB, in every format. Answers with what came of
/// each attempt.
const EXPORT: &str = r#"
return new Promise((done) => {
const request = indexedDB.open("transom");
request.onsuccess = () => {
  const all = request.result.transaction("keys").objectStore("keys").getAll();
  all.onsuccess = async () => {
    const outcomes = [];
    for (const record of all.result) {
      for (const format of ["pkcs8", "jwk", "raw"]) {
        try {
          await crypto.subtle.exportKey(format, record.private);
          outcomes.push("exported " + format);
        } catch (error) {
          outcomes.push(error.name);
        }
      }
      outcomes.push(String(record.private.extractable), JSON.stringify(record));
    }
    request.result.close();
    done(outcomes);
  };
};
});
"#;

fn keys_only() -> WorldOptions {
    WorldOptions::keys_only()
}

/// Makes a key on the Keys screen, and reads the public line that the page shows.
async fn generate(world: &World, kind: usize, name: &str) -> Result<String> {
    let browser = world.browser();
    browser.press_role(Role::Rail, "Keys").await?;
    let choose = "document.querySelector('.key-maker select').selectedIndex = arguments[0]";
    browser.see(Role::Textbox, "Name").await?;
    browser.script(choose, vec![kind.into()]).await?;
    browser.make_key(name).await
}

async fn a_key_logs_in(kind: usize, begins: &str) -> Result<()> {
    scenario(Need::Share, keys_only(), async |world| {
        world.home().await?;
        let line = generate(world, kind, "laptop").await?;
        ensure!(
            line.starts_with(begins) && line.ends_with(" laptop"),
            "{line}"
        );
        world.server()?.authorize(&line)?;
        let browser = world.browser();
        let outcomes = browser.script(EXPORT, Vec::new()).await?;
        let outcomes = outcomes.as_array().context("no list")?.clone();
        for outcome in outcomes.iter().take(3) {
            assert_eq!(outcome, "InvalidAccessError", "{outcomes:?}");
        }
        let extractable = outcomes.get(3).context("no key is stored")?;
        assert_eq!(extractable, "false");
        browser.press_role(Role::Rail, "Home").await?;
        world.dial(&world.server()?.address()).await?;
        world.trust().await?;
        // Nobody is asked for a credential.
        world.ready().await?;
        assert_eq!(world.server()?.attempts("password"), 0);
        world.run("id -un", "tara").await?;
        browser.press_role(Role::Rail, "Keys").await?;
        browser.says("last used", PATIENCE).await
    })
    .await
}

#[tokio::test]
async fn an_ed25519_key_made_in_the_page_logs_in_and_cannot_be_exported() -> Result<()> {
    a_key_logs_in(0, "ssh-ed25519 ").await
}

#[tokio::test]
async fn a_p256_key_made_in_the_page_logs_in_and_cannot_be_exported() -> Result<()> {
    a_key_logs_in(1, "ecdsa-sha2-nistp256 ").await
}

#[tokio::test]
async fn a_p384_key_made_in_the_page_logs_in_and_cannot_be_exported() -> Result<()> {
    a_key_logs_in(2, "ecdsa-sha2-nistp384 ").await
}

#[tokio::test]
async fn an_rsa_3072_key_made_in_the_page_logs_in_and_cannot_be_exported() -> Result<()> {
    a_key_logs_in(3, "ssh-rsa ").await
}

#[tokio::test]
async fn an_rsa_4096_key_made_in_the_page_logs_in_and_cannot_be_exported() -> Result<()> {
    a_key_logs_in(4, "ssh-rsa ").await
}

#[tokio::test]
async fn a_key_that_the_server_does_not_know_leads_on_to_the_question() -> Result<()> {
    scenario(Need::Share, keys_only(), async |world| {
        world.home().await?;
        generate(world, 0, "laptop").await?;
        let browser = world.browser();
        browser.press_role(Role::Rail, "Home").await?;
        world.dial(&world.server()?.address()).await?;
        world.trust().await?;
        browser.says("Tried: laptop.", PATIENCE).await?;
        let key = world.server()?.key("my_key", &["-t", "ed25519"], "")?;
        world.choose_key(&key).await?;
        world.ready().await
    })
    .await
}

#[tokio::test]
async fn a_key_is_renamed_and_deleted_only_when_the_person_says_so_twice() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        world.home().await?;
        generate(world, 0, "laptop").await?;
        let browser = world.browser();
        browser.press("Rename").await?;
        world.answer("New name", "desk").await?;
        browser.says("desk", PATIENCE).await?;
        browser.press("Delete").await?;
        browser.press("Keep").await?;
        browser.see(Role::Button, "Copy public key").await?;
        browser.press("Delete").await?;
        browser.press("Delete key").await?;
        browser
            .says("Create a key that never leaves this browser.", PATIENCE)
            .await
    })
    .await
}

/// Makes keys that the server does not know after one that it knows, which is the last in turn.
async fn make_keys(world: &World, unknown: &[&str]) -> Result<()> {
    let browser = world.browser();
    let known = generate(world, 0, "known").await?;
    world.server()?.authorize(&known)?;
    for name in unknown {
        browser.make_key(name).await?;
        browser.says(name, PATIENCE).await?;
    }
    browser.press_role(Role::Rail, "Home").await
}

/// Connects to the known host once more: the key that worked is the first and only one.
async fn comes_first(world: &World, probes: usize) -> Result<()> {
    world.home().await?;
    world.dial(&world.server()?.address()).await?;
    world.ready().await?;
    // It asks whether the key would do, then signs.
    assert_eq!(world.server()?.attempts("publickey"), probes + 2);
    Ok(())
}

fn patience(tries: usize) -> WorldOptions {
    WorldOptions {
        server: Some(ServerOptions {
            config: vec![format!("MaxAuthTries {tries}")],
            ..ServerOptions::default()
        }),
        ..WorldOptions::default()
    }
}

#[tokio::test]
async fn many_keys_leave_room_for_a_password_and_its_correction() -> Result<()> {
    scenario(Need::Share, patience(6), async |world| {
        world.home().await?;
        make_keys(world, &["one", "two", "three", "four", "five"]).await?;
        world.dial(&world.server()?.address()).await?;
        world.trust().await?;
        let browser = world.browser();
        browser
            .says("Tried: five, four, three, two.", PATIENCE)
            .await?;
        world.answer("Password", "wrong").await?;
        browser
            .says("That password was not accepted", PATIENCE)
            .await?;
        world.answer("Password", PASSWORD).await?;
        world.ready().await
    })
    .await
}

#[tokio::test]
async fn a_server_that_puts_up_with_little_is_asked_about_other_keys_the_next_time() -> Result<()> {
    scenario(Need::Share, patience(3), async |world| {
        world.home().await?;
        make_keys(world, &["one", "two", "three", "four"]).await?;
        world.dial(&world.server()?.address()).await?;
        world.trust().await?;
        let browser = world.browser();
        world
            .fails("closed the connection while logging in", "Retry")
            .await?;
        let tried = "Tried: four (Ed25519), three (Ed25519), two (Ed25519). \
                     Server allows: publickey, password";
        browser.says(tried, PATIENCE).await?;
        browser.press("Retry").await?;
        world.ready().await?;
        // Three, then `one`, and `known` twice: the question and the signature.
        assert_eq!(world.server()?.attempts("publickey"), 6);
        comes_first(world, 6).await
    })
    .await
}

#[tokio::test]
async fn a_public_key_is_shown_as_a_code_too() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        world.home().await?;
        let line = generate(world, 0, "laptop").await?;
        let browser = world.browser();
        browser.press("QR code").await?;
        browser.see(Role::Dialog, "QR code of laptop").await?;
        // The modules along one side, with the light ones around: more bytes need more of them.
        let side = "return document.querySelector('svg[role=img][aria-label=\"QR code of the public key laptop\"]') \
                    .viewBox.baseVal.width";
        let side = browser.script(side, vec![]).await?.as_u64().context("no code")?;
        ensure!(line.len() < 106 && side == 37 + 8, "{side} for {line}");
        browser.press("Close").await?;
        browser.gone(Role::Dialog, "QR code of laptop").await
    })
    .await
}
