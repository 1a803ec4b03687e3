//! What every screen looks like: pictures for people, by `cargo xtask screens`.

use std::path::PathBuf;

use anyhow::Result;
use serde_json::json;
use thirtyfour::Key;
use transom_tests::server::PASSWORD;
use transom_tests::{Chord, Need, PATIENCE, Role, World, WorldOptions, scenario, until};

/// Widths and heights: a phone, a laptop, a large screen.
const SIZES: [(u32, u32); 3] = [(400, 800), (1280, 800), (2560, 1300)];

/// What a server might show: colours, a table, a prompt.
const SHOW: &str = "clear; printf '\\e[1;32mdeploy\\e[0m  web-1 \\e[33mwarm\\e[0m  12 s\\n\
    \\e[1;32mdeploy\\e[0m  web-2 \\e[36mcold\\e[0m  31 s\\n\\e[1;31mfailed\\e[0m  web-3 \\e[35mdisk full\\e[0m\\n'; echo sh''own";

/// Where pictures go.
fn folder() -> PathBuf {
    let named = std::env::var_os("TRANSOM_SCREENS").map(PathBuf::from);
    named.unwrap_or_else(|| std::env::temp_dir().join("transom-screens"))
}

/// Takes the picture of what is on the screen, in every width.
async fn take(world: &World, theme: &str, name: &str) -> Result<()> {
    let browser = world.browser();
    std::fs::create_dir_all(folder())?;
    for (width, height) in SIZES {
        browser.resize(width, height).await?;
        let settled = "return new Promise((done) =>
            requestAnimationFrame(() => requestAnimationFrame(() => done(true))))";
        browser.script(settled, vec![]).await?;
        let path = folder().join(format!("{name}-{theme}-{width}.png"));
        std::fs::write(path, browser.screenshot().await?)?;
    }
    browser.resize(1280, 800).await
}

async fn save_hosts(world: &World) -> Result<()> {
    let browser = world.browser();
    let list = json!([
        { "id": "1", "name": "Shop front", "host": "127.0.0.1", "port": world.server()?.port(),
          "group": "Shop", "tags": ["eu", "web"], "colour": "teal", "environment": "production" },
        { "id": "2", "name": "Shop database", "host": "db-1.shop.example", "port": 22,
          "user": "ops", "group": "Shop", "tags": ["eu"], "colour": "blue",
          "environment": "staging" },
        { "id": "3", "name": "Attic", "host": "attic.example", "port": 2222, "user": "me" },
    ]);
    let file = tempfile::NamedTempFile::with_suffix(".json")?;
    std::fs::write(file.path(), list.to_string())?;
    let input = thirtyfour::By::Css("input[type=file][aria-label='Import hosts: file']");
    let input = browser.driver().find(input).await?;
    input.send_keys(file.path().to_string_lossy()).await?;
    browser.see(Role::Button, "Connect to Attic").await?;
    Ok(())
}

async fn pages(world: &World, theme: &str) -> Result<()> {
    let browser = world.browser();
    take(world, theme, "home-empty").await?;
    save_hosts(world).await?;
    take(world, theme, "home").await?;
    browser.press("New host").await?;
    browser.see(Role::Dialog, "New host").await?;
    take(world, theme, "host-form").await?;
    browser.press("Cancel").await?;
    for page in ["Hosts", "Keys", "Known hosts", "Settings"] {
        browser.press_role(Role::Rail, page).await?;
        browser.says(page, PATIENCE).await?;
        take(world, theme, &page.to_lowercase().replace(' ', "-")).await?;
    }
    browser.press_role(Role::Rail, "Home").await
}

async fn recording(world: &World, theme: &str) -> Result<()> {
    let browser = world.browser();
    for _begin_and_stop in 0..2 {
        browser.press("Commands").await?;
        browser.fill("Command", "record or stop").await?;
        browser.key(Key::Enter).await?;
        browser.gone(Role::Dialog, "Commands").await?;
        if browser
            .find(Role::Button, "Stop recording")
            .await?
            .is_none()
        {
            break;
        }
        browser.focus_terminal().await?;
        world.run("echo rec''orded", "recorded").await?;
        take(world, theme, "recording").await?;
    }
    browser.says("Recording kept", PATIENCE).await?;
    browser.press_role(Role::Rail, "Recordings").await?;
    browser.press("Play 127.0.0.1*").await?;
    browser.fill("Search in the output", "recorded").await?;
    browser.press("0:0*").await?;
    take(world, theme, "recordings").await?;
    browser.press_role(Role::Rail, "Sessions").await
}

async fn blocks(world: &World, theme: &str) -> Result<()> {
    let browser = world.browser();
    browser.focus_terminal().await?;
    browser.press("Commands").await?;
    browser.fill("Command", "mark commands").await?;
    browser.key(Key::Enter).await?;
    browser.says("Only the prompt", PATIENCE).await?;
    browser.focus_terminal().await?;
    world.run("clear; uname; echo fir''st", "first").await?;
    world
        .run("ls /nowhere; (exit 2)", "ready> ls /nowhere; (exit 2)")
        .await?;
    world.run("sleep 1; echo la''st", "last").await?;
    browser
        .chord(&Chord::ctrl_shift(char::from(Key::Up)))
        .await?;
    browser
        .chord(&Chord::ctrl_shift(char::from(Key::Up)))
        .await?;
    take(world, theme, "blocks").await?;
    world
        .run(
            "ls -d /etc/ssh /etc/hosts; echo https://transom.example 10.0.0.7",
            "https://transom.example 10.0.0.7",
        )
        .await?;
    browser.chord(&Chord::ctrl_shift(" ")).await?;
    browser.see(Role::Listbox, "Quick select*").await?;
    take(world, theme, "quick-select").await?;
    browser.key(Key::Escape).await?;
    browser.gone(Role::Listbox, "Quick select*").await?;
    broadcast(world, theme).await
}

async fn broadcast(world: &World, theme: &str) -> Result<()> {
    let browser = world.browser();
    browser.press("New tab").await?;
    browser.tab(1).await?;
    browser.shows("ready>").await?;
    browser.press("Commands").await?;
    browser.fill("Command", "broadcast").await?;
    browser.key(Key::Enter).await?;
    browser.press_role(Role::Checkbox, "1. 127.0.0.1*").await?;
    take(world, theme, "broadcast-choice").await?;
    browser.press("Broadcast to 2, production too").await?;
    browser.says("Typing goes to 2", PATIENCE).await?;
    take(world, theme, "broadcast").await?;
    browser.press("Stop broadcasting").await?;
    browser.press("Close 127.0.0.1").await?;
    browser.tab(0).await
}

async fn panes(world: &World, theme: &str) -> Result<()> {
    let browser = world.browser();
    for (place, button) in ["Split right", "Split down"].into_iter().enumerate() {
        browser.press(button).await?;
        browser
            .see(Role::Region, &format!("Terminal {}", place + 2))
            .await?;
        browser.shows("ready>").await?;
        world
            .run("printf '\\e]2;uptime\\a'; uname; echo d''one", "done")
            .await?;
    }
    take(world, theme, "panes").await?;
    for last in ["Terminal 3", "Terminal 2"] {
        browser.press("Close pane").await?;
        browser.gone(Role::Region, last).await?;
    }
    browser.focus_terminal().await
}

async fn session(world: &World, theme: &str) -> Result<()> {
    let browser = world.browser();
    world.dial(&world.server()?.address()).await?;
    browser.see(Role::Dialog, "Unknown host key").await?;
    take(world, theme, "host-key").await?;
    world.trust().await?;
    browser.see(Role::Textbox, "Password").await?;
    take(world, theme, "log-in").await?;
    world.answer("Password", PASSWORD).await?;
    world.ready().await?;
    world.run(SHOW, "shown").await?;
    take(world, theme, "terminal").await?;
    panes(world, theme).await?;
    browser.chord(&Chord::ctrl_shift("F")).await?;
    browser.fill("Find", "web").await?;
    until("matches are counted", PATIENCE, async || {
        Ok(browser.words().await?.contains(" of "))
    })
    .await?;
    take(world, theme, "find").await?;
    browser.press("Close search").await?;
    browser.chord(&Chord::ctrl_shift("S")).await?;
    browser.press("New snippet").await?;
    browser
        .fill("Text*", "systemctl restart {{service}}")
        .await?;
    browser.press("Save").await?;
    browser.see(Role::Button, "Insert systemctl*").await?;
    take(world, theme, "snippets").await?;
    browser.key(Key::Escape).await?;
    browser.gone(Role::Dialog, "Snippets").await?;
    browser.press("Commands").await?;
    browser.see(Role::Dialog, "Commands").await?;
    take(world, theme, "palette").await?;
    browser.key(Key::Escape).await?;
    browser.gone(Role::Dialog, "Commands").await?;
    recording(world, theme).await?;
    blocks(world, theme).await?;
    browser.press("Files").await?;
    browser.see(Role::Region, "Files of the server").await?;
    take(world, theme, "files").await?;
    browser.press("Files").await?;
    browser.focus_terminal().await?;
    browser.enter("exit").await?;
    browser.see(Role::Button, "Reconnect").await?;
    take(world, theme, "ended").await
}

#[tokio::test]
#[ignore = "it takes pictures for people: `cargo xtask screens`"]
async fn every_screen_has_its_picture() -> Result<()> {
    for theme in ["light", "dark"] {
        scenario(Need::Alone, WorldOptions::default(), async |world| {
            world.home_with(json!({ "theme": theme })).await?;
            pages(world, theme).await?;
            session(world, theme).await
        })
        .await?;
    }
    Ok(())
}
