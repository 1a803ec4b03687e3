//! Keys that were made elsewhere: taken in by file and paste, they log in, and nobody can read
//! them.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use transom_tests::{Login, Need, PATIENCE, Role, ServerOptions, World, WorldOptions, scenario};

/// What a browser says to the export of each handle in IndexedDB.
const EXPORT: &str = r#"
return new Promise((done) => {
const request = indexedDB.open("transom");
request.onsuccess = () => {
  const all = request.result.transaction("keys").objectStore("keys").getAll();
  all.onsuccess = async () => {
    const outcomes = [];
    for (const record of all.result) {
      for (const handle of [record.private, record.private_sha256]) {
        if (!handle) continue;
        for (const format of ["pkcs8", "jwk"]) {
          try {
            await crypto.subtle.exportKey(format, handle);
            outcomes.push("exported");
          } catch (error) {
            outcomes.push(error.name);
          }
        }
      }
    }
    request.result.close();
    done(outcomes);
  };
};
});
"#;

fn server(config: &[&str]) -> WorldOptions {
    WorldOptions {
        server: Some(ServerOptions {
            login: Login::KeysOnly,
            config: config.iter().map(|line| (*line).to_owned()).collect(),
            ..ServerOptions::default()
        }),
        ..WorldOptions::default()
    }
}

async fn open_import(world: &World) -> Result<()> {
    world.home().await?;
    world.browser().press_role(Role::Rail, "Keys").await?;
    world.browser().press("Import key").await?;
    let dialog = "Import a private key";
    world.browser().see(Role::Dialog, dialog).await?;
    Ok(())
}

/// Gives the text as a paste does: at once, and not key by key.
async fn paste(world: &World, text: &str) -> Result<()> {
    let browser = world.browser();
    browser.see(Role::Textbox, "Private key").await?;
    let put = "document.querySelector('.key-import textarea').value = arguments[0]";
    browser.script(put, vec![text.into()]).await?;
    browser.press("Import").await
}

async fn kept(world: &World) -> Result<()> {
    let browser = world.browser();
    browser.says("The key is kept.", PATIENCE).await?;
    browser.press("Done").await?;
    let outcomes = browser.script(EXPORT, Vec::new()).await?;
    let outcomes = outcomes.as_array().context("no list")?;
    ensure!(outcomes.len() >= 2, "{outcomes:?}");
    for outcome in outcomes {
        assert_eq!(outcome, "InvalidAccessError", "{outcomes:?}");
    }
    Ok(())
}

/// Logs in, with no credential but what is kept.
async fn logs_in(world: &World) -> Result<()> {
    world.browser().press_role(Role::Rail, "Home").await?;
    world.dial(&world.server()?.address()).await?;
    world.trust().await?;
    world.ready().await
}

fn convert(program: &str, arguments: &[&str], key: &Path) -> Result<PathBuf> {
    let converted = key.with_extension("converted");
    let output = Command::new(program)
        .args(arguments)
        .arg("-o")
        .arg(&converted)
        .arg(key)
        .output()?;
    let words = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{program}: {words}");
    Ok(converted)
}

#[tokio::test]
async fn an_encrypted_putty_key_is_pasted_opened_and_logs_in() -> Result<()> {
    scenario(Need::Share, server(&[]), async |world| {
        let key = world
            .server()?
            .key("p521", &["-t", "ecdsa", "-b", "521"], "")?;
        let secret = key.with_extension("secret");
        std::fs::write(&secret, "sesam öffne")?;
        let secret = secret.to_str().context("no text")?;
        let arguments = ["-O", "private", "--new-passphrase", secret];
        let putty = std::fs::read_to_string(convert("puttygen", &arguments, &key)?)?;
        ensure!(putty.contains("Argon2id"), "{putty}");
        open_import(world).await?;
        paste(world, &putty).await?;
        world.answer("Passphrase", "wrong").await?;
        let browser = world.browser();
        browser.says("does not open the key", PATIENCE).await?;
        world.answer("Passphrase", "sesam öffne").await?;
        kept(world).await?;
        logs_in(world).await
    })
    .await
}

/// Signs with each handle of the first kept key, and tells the hash that it is bound to. The
/// signature of SHA-256 is only ever asked for by servers that are no OpenSSH.
const SIGN: &str = r#"
return new Promise((done) => {
const request = indexedDB.open("transom");
request.onsuccess = () => {
  const all = request.result.transaction("keys").objectStore("keys").getAll();
  all.onsuccess = async () => {
    const hashes = [];
    const [record] = all.result;
    for (const handle of [record.private, record.private_sha256]) {
      const signed = await crypto.subtle.sign("RSASSA-PKCS1-v1_5", handle, new Uint8Array(8));
      hashes.push(`${handle.algorithm.hash.name} ${signed.byteLength}`);
    }
    request.result.close();
    done(hashes.join(", "));
  };
};
});
"#;

#[tokio::test]
async fn an_rsa_key_file_is_kept_for_both_of_its_signatures_and_logs_in() -> Result<()> {
    scenario(Need::Share, server(&[]), async |world| {
        let arguments = ["-t", "rsa", "-b", "2048", "-m", "PEM"];
        let key = world.server()?.key("rsa", &arguments, "")?;
        open_import(world).await?;
        world.choose_key(&key).await?;
        kept(world).await?;
        let signed = world.browser().script(SIGN, Vec::new()).await?;
        assert_eq!(signed, "SHA-512 256, SHA-256 256");
        logs_in(world).await
    })
    .await
}

#[tokio::test]
async fn an_rsa_key_made_here_has_both_of_its_signatures() -> Result<()> {
    scenario(Need::Share, server(&[]), async |world| {
        world.home().await?;
        let browser = world.browser();
        browser.press_role(Role::Rail, "Keys").await?;
        browser.see(Role::Textbox, "Name").await?;
        let choose = "document.querySelector('.key-maker select').selectedIndex = 3";
        browser.script(choose, Vec::new()).await?;
        browser.make_key("laptop").await?;
        let signed = browser.script(SIGN, Vec::new()).await?;
        assert_eq!(signed, "SHA-512 384, SHA-256 384");
        let outcomes = browser.script(EXPORT, Vec::new()).await?;
        let refused = ["InvalidAccessError"; 4];
        assert_eq!(outcomes, serde_json::json!(refused));
        Ok(())
    })
    .await
}

/// Lets a worker's WebCrypto know no key of that file, as older browsers know no Ed25519.
const UNKNOWN: &str = "SubtleCrypto.prototype.importKey = () => \
    Promise.reject(new DOMException('Unrecognized name.', 'NotSupportedError'))";

#[tokio::test]
async fn a_key_that_the_browser_cannot_hold_is_kept_in_the_vault_and_logs_in() -> Result<()> {
    scenario(Need::Share, server(&[]), async |world| {
        let server = world.server()?;
        let key = server.key("my_key", &["-t", "ed25519"], "file secret")?;
        open_import(world).await?;
        let browser = world.browser();
        let others = browser.worker_sessions();
        world.choose_key(&key).await?;
        browser.see(Role::Textbox, "Passphrase").await?;
        // The worker that reads the file waits for the passphrase.
        let mut workers = browser.worker_sessions().into_iter();
        let reader = workers.find(|session| !others.contains(session));
        let reader = reader.context("no worker reads the file")?;
        let lacks = serde_json::json!({ "expression": UNKNOWN });
        let devtools = browser.devtools();
        devtools
            .call(Some(&reader), "Runtime.evaluate", lacks)
            .await?;
        world.answer("Passphrase", "file secret").await?;
        browser
            .says("This browser cannot hold such a key (Ed25519)", PATIENCE)
            .await?;
        browser.press("Open the vault").await?;
        browser.fill("New passphrase", "planted-vault-2271").await?;
        world
            .answer("Repeat the passphrase", "planted-vault-2271")
            .await?;
        browser
            .says("The key is kept, encrypted in the vault.", PATIENCE)
            .await?;
        let dump = browser.script(crate::vault::DUMP, Vec::new()).await?;
        let dump = dump.as_str().unwrap_or_default();
        ensure!(dump.contains("key:SHA256:"), "{dump}");
        ensure!(!dump.contains("PRIVATE KEY"), "it is stored in the clear");
        browser.press("Done").await?;
        logs_in(world).await
    })
    .await
}

#[tokio::test]
async fn each_file_that_is_no_key_is_told_what_it_is() -> Result<()> {
    scenario(Need::Share, server(&[]), async |world| {
        let key = world.server()?.key("my_key", &["-t", "ed25519"], "")?;
        let text = std::fs::read_to_string(&key)?;
        let public = std::fs::read_to_string(key.with_extension("pub"))?;
        let (half, _) = text.split_at(text.len() / 2);
        open_import(world).await?;
        for (text, words) in [
            (half, "cut short or damaged"),
            (public.as_str(), "it is the public half"),
            ("Dear all,", "it holds no private key"),
        ] {
            paste(world, text).await?;
            world.browser().says(words, PATIENCE).await?;
        }
        paste(world, &text).await?;
        kept(world).await?;
        let browser = world.browser();
        browser.press("Import key").await?;
        paste(world, &text).await?;
        browser.says("has that key already", PATIENCE).await
    })
    .await
}
