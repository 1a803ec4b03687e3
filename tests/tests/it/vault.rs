//! The vault: saved passwords log in while it is open, and are nowhere to be read.

use anyhow::{Result, ensure};
use serde_json::json;
use thirtyfour::Key;
use transom_tests::server::PASSWORD;
use transom_tests::{Need, PATIENCE, Role, World, WorldOptions, scenario, until};

const PASSPHRASE: &str = "planted-passphrase-4417";
const OTHER_PASSPHRASE: &str = "planted-passphrase-9023";

/// Everything that scripts of the page can read in IndexedDB, localStorage, sessionStorage and
/// caches, as one text: bytes once as numbers are written, and once as text.
pub(crate) const DUMP: &str = r#"
return (async () => {
  const parts = [];
  const tell = (value) => {
    if (value instanceof CryptoKey) {
      if (value.extractable) parts.push("extractable key");
      return;
    }
    if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) value = Array.from(new Uint8Array(value.buffer ?? value));
    if (Array.isArray(value) && value.every((it) => Number.isInteger(it) && it >= 0 && it < 256)) {
      parts.push(String.fromCharCode(...value));
    }
    if (value && typeof value === "object") for (const [name, inner] of Object.entries(value)) { parts.push(name); tell(inner); }
    else parts.push(String(value));
  };
  const wait = (request) => new Promise((done, failed) => { request.onsuccess = () => done(request.result); request.onerror = failed; });
  for (const { name } of await indexedDB.databases()) {
    const database = await wait(indexedDB.open(name));
    for (const store of database.objectStoreNames) {
      for (const record of await wait(database.transaction(store).objectStore(store).getAll())) {
        parts.push(store);
        tell(record);
      }
    }
    database.close();
  }
  for (const storage of [localStorage, sessionStorage]) tell({ ...storage });
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) parts.push(request.url);
  }
  return parts.join("\n");
})();
"#;

/// Looks into all that the page and the browser store.
async fn holds_no_secret(world: &World) -> Result<()> {
    let dump = world.browser().script(DUMP, vec![]).await?;
    let dump = dump.as_str().unwrap_or_default();
    // The search itself works: the saved password's name is there.
    ensure!(dump.contains("password:tara@"), "{dump}");
    for secret in [PASSWORD, PASSPHRASE, OTHER_PASSPHRASE, "extractable key"] {
        ensure!(!dump.contains(secret), "{secret} is stored: {dump}");
        ensure!(
            !world.browser().profile_holds(secret)?,
            "{secret} is in the browser's profile"
        );
    }
    Ok(())
}

/// Logs in by password and saves it, making the vault on the way.
async fn save_password(world: &World) -> Result<()> {
    let browser = world.browser();
    world.log_in().await?;
    browser.press("Save password").await?;
    browser.see(Role::Dialog, "Create a vault").await?;
    browser.fill("New passphrase", PASSPHRASE).await?;
    browser
        .fill("Repeat the passphrase", "something else")
        .await?;
    browser.press("Continue").await?;
    browser.says("The two passphrases differ", PATIENCE).await?;
    browser.fill("New passphrase", PASSPHRASE).await?;
    world.answer("Repeat the passphrase", PASSPHRASE).await?;
    browser.gone(Role::Dialog, "Create a vault").await?;
    browser.gone(Role::Button, "Save password").await
}

fn attempts(world: &World) -> Result<usize> {
    Ok(world.server()?.attempts("password"))
}

#[tokio::test]
async fn a_saved_password_logs_in_after_unlocking_and_is_nowhere_to_be_read() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        save_password(world).await?;
        let browser = world.browser();
        holds_no_secret(world).await?;
        // Open: nobody is asked.
        browser.press_role(Role::Rail, "Home").await?;
        world.dial(&world.server()?.address()).await?;
        world.ready().await?;
        assert_eq!(attempts(world)?, 2);
        browser.press_role(Role::Rail, "Keys").await?;
        browser.says("The vault is open.", PATIENCE).await?;
        browser.press("Lock vault").await?;
        browser.says("The vault is locked.", PATIENCE).await?;
        browser.press_role(Role::Rail, "Home").await?;
        browser.reload().await?;
        world.home().await?;
        world.dial(&world.server()?.address()).await?;
        browser.press("Unlock vault").await?;
        browser.see(Role::Dialog, "Unlock the vault").await?;
        world.answer("Passphrase", "not the passphrase").await?;
        browser
            .says("That is not the passphrase of the vault.", PATIENCE)
            .await?;
        assert_eq!(attempts(world)?, 2);
        world.answer("Passphrase", PASSPHRASE).await?;
        world.ready().await?;
        assert_eq!(attempts(world)?, 3);
        // What is saved is not offered to be saved again.
        ensure!(browser.find(Role::Button, "Save password").await?.is_none());
        holds_no_secret(world).await
    })
    .await
}

/// Changes the passphrase on the Keys screen.
pub(crate) async fn change_passphrase(world: &World, old: &str, new: &str) -> Result<()> {
    let browser = world.browser();
    browser.press("Change passphrase").await?;
    browser.fill("Passphrase", old).await?;
    browser.fill("New passphrase", new).await?;
    world.answer("Repeat the passphrase", new).await?;
    browser.gone(Role::Dialog, "Change the passphrase").await
}

#[tokio::test]
async fn a_passphrase_is_changed_and_a_password_removed() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        save_password(world).await?;
        let browser = world.browser();
        browser.press_role(Role::Rail, "Keys").await?;
        change_passphrase(world, PASSPHRASE, OTHER_PASSPHRASE).await?;
        holds_no_secret(world).await?;
        browser.press("Lock vault").await?;
        browser.press("Unlock vault").await?;
        world.answer("Passphrase", PASSPHRASE).await?;
        browser
            .says("That is not the passphrase of the vault.", PATIENCE)
            .await?;
        world.answer("Passphrase", OTHER_PASSPHRASE).await?;
        browser.says("The vault is open.", PATIENCE).await?;
        let address = world.server()?.address();
        let (user, place) = address.split_once('@').unwrap_or_default();
        let (host, port) = place.split_once(':').unwrap_or_default();
        let remove = format!("Remove the password of {user}@[{host}]:{port}");
        browser.press(&remove).await?;
        browser.gone(Role::Button, &remove).await?;
        browser.press_role(Role::Rail, "Home").await?;
        world.dial(&address).await?;
        // It is gone, so a person is asked.
        world.answer("Password", PASSWORD).await?;
        world.ready().await
    })
    .await
}

#[tokio::test]
async fn an_idle_vault_locks_itself_and_a_command_locks_it() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        world.home_with(json!({ "vault_idle_seconds": 2 })).await?;
        let browser = world.browser();
        browser.press_role(Role::Rail, "Keys").await?;
        browser.press("Create vault").await?;
        browser.fill("New passphrase", PASSPHRASE).await?;
        world.answer("Repeat the passphrase", PASSPHRASE).await?;
        browser.says("The vault is open.", PATIENCE).await?;
        browser.says("The vault is locked.", PATIENCE).await?;
        world
            .home_with(json!({ "vault_idle_seconds": 900 }))
            .await?;
        browser.press_role(Role::Rail, "Keys").await?;
        browser.press("Unlock vault").await?;
        world.answer("Passphrase", PASSPHRASE).await?;
        browser.says("The vault is open.", PATIENCE).await?;
        browser.press_role(Role::Rail, "Settings").await?;
        browser.see(Role::Textbox, "Search settings").await?;
        browser.key(Key::F1).await?;
        browser.fill("Command", "lock the vault").await?;
        browser.key(Key::Enter).await?;
        browser.gone(Role::Dialog, "Commands").await?;
        browser.press_role(Role::Rail, "Keys").await?;
        browser.says("The vault is locked.", PATIENCE).await
    })
    .await
}

/// Whether the offer lies over the text of a terminal that is seen.
const COVERS: &str = "
const offer = document.querySelector('section[aria-label=\"Save password\"]').getBoundingClientRect();
return [...document.querySelectorAll('section[aria-label^=Terminal] .xterm-screen')]
  .filter((it) => it.checkVisibility({checkVisibilityCSS: true}))
  .map((it) => it.getBoundingClientRect())
  .some((it) => it.bottom > offer.top && it.top < offer.bottom && it.right > offer.left && it.left < offer.right);";

#[tokio::test]
async fn the_offer_to_save_a_password_covers_no_row() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        world.log_in().await?;
        let browser = world.browser();
        browser.see(Role::Button, "Not now").await?;
        world
            .run(
                "for i in $(seq 99); do echo row $i; done; echo l''ast",
                "last",
            )
            .await?;
        for width in [1280, 400] {
            browser.resize(width, 500).await?;
            until("no row is covered", PATIENCE, async || {
                Ok(browser.script(COVERS, vec![]).await? == false)
            })
            .await?;
            browser.shows("ready>").await?;
        }
        browser.resize(1280, 500).await?;
        browser.press("Split down").await?;
        browser.see(Role::Region, "Terminal 2").await?;
        until("no row is covered", PATIENCE, async || {
            Ok(browser.script(COVERS, vec![]).await? == false)
        })
        .await?;
        browser.press("Not now").await?;
        browser.gone(Role::Button, "Not now").await?;
        // The terminal has the keyboard again.
        world.run("echo b''ack", "back").await
    })
    .await
}
