//! Links that connect.

use anyhow::{Result, ensure};
use serde_json::json;
use transom_tests::{Login, Need, PATIENCE, ServerOptions, World, WorldOptions, scenario, until};

/// What the server notes when it starts a shell.
const SHELL: &str = "Starting session: shell on";

/// A browser that keeps a key for the server, and a terminal's size of before.
async fn with_a_key(world: &World, size: (u32, u32)) -> Result<()> {
    let browser = world.browser();
    world.home().await?;
    world.keep_key("kept").await?;
    let (columns, rows) = size;
    let size = json!({ "columns": columns, "rows": rows, "width_px": 0, "height_px": 0 });
    let keep = "localStorage.setItem('transom.size', arguments[0])";
    browser.script(keep, vec![size.to_string().into()]).await?;
    browser.open("about:blank").await
}

#[tokio::test]
async fn the_engine_of_a_link_opens_a_shell_before_the_page_runs() -> Result<()> {
    let options = WorldOptions {
        server: Some(ServerOptions {
            login: Login::KeysOnly,
            ..ServerOptions::default()
        }),
        expected: vec!["ERR_BLOCKED_BY_CLIENT", "Failed to fetch"],
        ..WorldOptions::default()
    };
    scenario(Need::Share, options, async |world| {
        with_a_key(world, (80, 24)).await?;
        let browser = world.browser();
        let page = browser.page_session().await?;
        let program = json!({ "urls": ["*transom-web*"] });
        let devtools = browser.devtools();
        devtools
            .call(Some(&page), "Network.setBlockedURLs", program)
            .await?;
        browser.open(&world.link()?).await?;
        let server = world.server()?;
        until("the server starts a shell", PATIENCE, async || {
            Ok(server.log().contains(SHELL))
        })
        .await
    })
    .await
}

#[tokio::test]
async fn a_shell_that_was_opened_ahead_takes_the_size_of_its_terminal() -> Result<()> {
    let options = WorldOptions::keys_only();
    scenario(Need::Share, options, async |world| {
        with_a_key(world, (33, 11)).await?;
        let browser = world.browser();
        browser.open(&world.link()?).await?;
        world.ready().await?;
        world.run("stty size > size; echo do''ne", "done").await?;
        let (told, rows) = (world.server()?.file("size"), browser.screen().await?.len());
        ensure!(
            told.starts_with(&format!("{rows} ")),
            "{told} of {rows} rows"
        );
        ensure!(!told.trim_end().ends_with(" 33"), "{told}");
        let shells = world.server()?.log().matches(SHELL).count();
        ensure!(shells == 1, "{shells} shells were started");
        Ok(())
    })
    .await
}
