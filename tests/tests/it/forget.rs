//! Forgetting a browser: afterwards it holds nothing of what a person kept.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use transom_tests::server::PASSWORD;
use transom_tests::{Need, PATIENCE, Role, World, WorldOptions, scenario};

/// Names all that the page's origin keeps. It does not use the page's own program.
pub(crate) const KEPT: &str = r"
return (async () => {
  const files = [];
  for await (const name of (await navigator.storage.getDirectory()).keys()) files.push(name);
  return {
    databases: (await indexedDB.databases()).map(({ name }) => name),
    files,
    caches: await caches.keys(),
    local: Object.keys(localStorage),
    session: Object.keys(sessionStorage),
    workers: (await navigator.serviceWorker.getRegistrations()).length,
    cookies: document.cookie,
  };
})();
";

/// Puts something into each store that the page itself left empty.
const FILL: &str = r#"
return (async () => {
  const root = await navigator.storage.getDirectory();
  await (await root.getDirectoryHandle("recordings", { create: true })).getFileHandle("planted", { create: true });
  await (await caches.open("planted")).put("/planted", new Response("planted"));
  document.cookie = "planted=1";
})();
"#;

/// Waits until the page's own files are kept, which it does when it has nothing else to do.
const SETTLED: &str = "return navigator.serviceWorker.ready.then(() => true)";

async fn kept(world: &World) -> Result<Value> {
    world.browser().script(KEPT, Vec::new()).await
}

/// What [`KEPT`] says of a browser that keeps nothing.
pub(crate) fn nothing() -> Value {
    json!({
        "databases": [], "files": [], "caches": [], "local": [], "session": [],
        "workers": 0, "cookies": "",
    })
}

fn count(kept: &Value, what: &str) -> Result<usize> {
    let list = kept.get(what).and_then(Value::as_array);
    Ok(list.with_context(|| format!("no {what}"))?.len())
}

#[tokio::test]
async fn forgetting_a_browser_leaves_nothing_and_asks_first() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        world.log_in().await?;
        world.home_with(json!({ "vault_idle_seconds": 60 })).await?;
        let browser = world.browser();
        browser.press_role(Role::Rail, "Keys").await?;
        browser.make_key("laptop").await?;
        browser.script(SETTLED, Vec::new()).await?;
        browser.script(FILL, Vec::new()).await?;
        let before = kept(world).await?;
        for what in ["databases", "files", "caches", "local", "session"] {
            ensure!(count(&before, what)? > 0, "{what} of {before}");
        }
        browser.press_role(Role::Rail, "Settings").await?;
        browser.press("Forget this browser").await?;
        browser.see(Role::Dialog, "Forget this browser?").await?;
        // The safe answer has the focus, and the other one needs the word.
        let focus = "return document.activeElement.textContent";
        assert_eq!(browser.script(focus, Vec::new()).await?, "Keep everything");
        let dangerous = browser.see(Role::Button, "Forget everything").await?;
        ensure!(!dangerous.is_enabled().await?, "one click forgets");
        browser.press("Keep everything").await?;
        browser.gone(Role::Dialog, "Forget this browser?").await?;
        assert_eq!(kept(world).await?, before);
        browser.press("Forget this browser").await?;
        browser.fill("Type forget to go on", "forget").await?;
        browser.press("Forget everything").await?;
        browser.says("Nothing is left.", PATIENCE).await?;
        assert_eq!(kept(world).await?, nothing());
        browser.press("Start anew").await?;
        browser.see(Role::Textbox, "Address").await?;
        browser.press_role(Role::Rail, "Keys").await?;
        let empty = "Create a key that never leaves this browser.";
        browser.says(empty, PATIENCE).await?;
        browser.press_role(Role::Rail, "Home").await?;
        // Trust is gone as well: the host key is asked about again.
        world.dial(&world.server()?.address()).await?;
        world.trust().await?;
        world.answer("Password", PASSWORD).await?;
        world.ready().await
    })
    .await
}
