//! Accessibility: axe-core finds nothing on any screen, in either theme.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use thirtyfour::Key;
use transom_tests::server::{PASSWORD, PROMPT};
use transom_tests::{Chord, Need, PATIENCE, Role, World, WorldOptions, free_port, scenario};

/// Runs axe with all rules of WCAG 2.2 A and AA, and its best practices. What runs in xterm.js's
/// own elements is left to xterm.js. A control that fades from disabled to enabled has other colours
/// for a moment, so what moves may come to rest first.
const RUN: &str = r#"
const rests = ({ effect }) => effect?.getComputedTiming().endTime < Infinity;
const moving = document.getAnimations().filter(rests).map(({ finished }) => finished);
return Promise.allSettled(moving).then(() => axe.run({ exclude: [[".xterm"]] }))
  .then(({ passes, violations }) =>
    passes.length < 10 ? ["axe looked at nothing"] : violations.map((rule) =>
      [rule.id, rule.help, ...rule.nodes.map((node) =>
        `${node.html.slice(0, 200)} ${node.failureSummary}`)]));
"#;

/// axe's own program, from `node_modules/`.
fn axe() -> Result<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let path = root.join("node_modules/axe-core/axe.min.js");
    fs::read_to_string(path).context("axe-core is not installed: `cargo xtask build` does it")
}

/// Checks what is on the screen now.
async fn check(world: &World, screen: &str) -> Result<()> {
    let browser = world.browser();
    if browser.script("return typeof axe", vec![]).await? == "undefined" {
        browser
            .script(&format!("{}; self.axe = axe", axe()?), vec![])
            .await?;
    }
    let found = browser.script(RUN, vec![]).await?;
    let none = found.as_array().is_some_and(Vec::is_empty);
    ensure!(none, "{screen}: {found:#}");
    Ok(())
}

async fn pages(world: &World) -> Result<()> {
    let browser = world.browser();
    check(world, "home").await?;
    for (page, heading) in [
        ("Hosts", "Hosts"),
        ("Keys", "Keys"),
        ("Known hosts", "Known hosts"),
        ("Settings", "Settings"),
    ] {
        browser.press_role(Role::Rail, page).await?;
        browser.says(heading, PATIENCE).await?;
        check(world, page).await?;
    }
    browser.press_role(Role::Rail, "Settings").await?;
    browser.press("Change the keys of Find*").await?;
    browser.says("Press the new keys", PATIENCE).await?;
    check(world, "a choice of keys").await?;
    browser.key(Key::Escape).await?;
    browser.press_role(Role::Rail, "Keys").await?;
    browser.fill("Name", "laptop").await?;
    browser.press("Generate key").await?;
    browser.see(Role::Button, "Copy public key").await?;
    check(world, "a key").await?;
    browser.press_role(Role::Rail, "Home").await?;
    browser.press("New host").await?;
    browser.fill("Host address", "ops@web-1").await?;
    browser.fill("Tags", "eu").await?;
    check(world, "host form").await?;
    browser.press("Save").await?;
    browser.see(Role::Button, "Connect to ops@web-1").await?;
    check(world, "home with a host").await
}

async fn log_in(world: &World) -> Result<()> {
    let browser = world.browser();
    world.dial(&world.server()?.address()).await?;
    browser.see(Role::Dialog, "Unknown host key").await?;
    check(world, "unknown host key").await?;
    world.trust().await?;
    browser.see(Role::Textbox, "Password").await?;
    check(world, "log-in").await?;
    world.answer("Password", PASSWORD).await?;
    world.ready().await?;
    check(world, "terminal").await?;
    browser.press("Split right").await?;
    browser.see(Role::Region, "Terminal 2").await?;
    browser.shows(PROMPT).await?;
    check(world, "two panes").await?;
    browser.press("Close pane").await?;
    browser.gone(Role::Region, "Terminal 2").await?;
    browser.focus_terminal().await?;
    browser.chord(&Chord::ctrl_shift("F")).await?;
    browser.see(Role::Textbox, "Find").await?;
    check(world, "search").await?;
    browser.press("Close search").await?;
    browser.chord(&Chord::ctrl_shift("S")).await?;
    browser.see(Role::Dialog, "Snippets").await?;
    check(world, "snippets").await?;
    browser.press("New snippet").await?;
    browser.see(Role::Textbox, "Text*").await?;
    check(world, "a new snippet").await?;
    browser.key(Key::Escape).await?;
    browser.gone(Role::Dialog, "Snippets").await?;
    recording(world).await?;
    browser.press("Commands").await?;
    browser.see(Role::Dialog, "Commands").await?;
    check(world, "palette").await?;
    browser.key(Key::Escape).await?;
    browser.gone(Role::Dialog, "Commands").await?;
    browser.press("Files").await?;
    browser.see(Role::Region, "Files of the server").await?;
    check(world, "files").await?;
    browser.press("Files").await?;
    browser.focus_terminal().await?;
    world.run("exit", &format!("{PROMPT} exit")).await?;
    check(world, "an ended shell").await
}

async fn recording(world: &World) -> Result<()> {
    let browser = world.browser();
    browser.press("Commands").await?;
    browser.fill("Command", "record or stop").await?;
    browser.key(Key::Enter).await?;
    browser.see(Role::Button, "Stop recording").await?;
    check(world, "a recorded terminal").await?;
    browser.press("Stop recording").await?;
    browser.says("Recording kept", PATIENCE).await?;
    check(world, "a kept recording").await?;
    browser.press_role(Role::Rail, "Recordings").await?;
    browser.see(Role::Button, "Play 127*").await?;
    check(world, "recordings").await?;
    browser.press_role(Role::Rail, "Sessions").await?;
    browser.focus_terminal().await?;
    world
        .run(
            "printf '\\e]52;c;aGk=\\a\\e]9;4;1;40\\a'; echo as''ked",
            "asked",
        )
        .await?;
    browser.see(Role::Region, "Clipboard request").await?;
    check(world, "a clipboard request").await?;
    browser.press("Not now").await?;
    world
        .run(
            "echo /etc/hosts https://a.example",
            "/etc/hosts https://a.example",
        )
        .await?;
    browser.chord(&Chord::ctrl_shift(" ")).await?;
    browser.see(Role::Listbox, "Quick select*").await?;
    check(world, "quick select").await?;
    browser.key(Key::Escape).await?;
    browser.gone(Role::Listbox, "Quick select*").await?;
    broadcast(world).await
}

async fn broadcast(world: &World) -> Result<()> {
    let browser = world.browser();
    browser.press("New tab").await?;
    browser.tab(1).await?;
    browser.shows(PROMPT).await?;
    browser.press("Commands").await?;
    browser.fill("Command", "broadcast").await?;
    browser.key(Key::Enter).await?;
    browser.see(Role::Dialog, "Broadcast input").await?;
    check(world, "broadcast dialog").await?;
    browser.press("Broadcast to 2 terminals").await?;
    browser.says("Typing goes to 2", PATIENCE).await?;
    check(world, "a broadcast").await?;
    browser.press("Stop broadcasting").await?;
    browser.press("Close 127.0.0.1").await?;
    browser.tab(0).await
}

async fn a_failure(world: &World) -> Result<()> {
    world.home().await?;
    let closed = free_port()?;
    world.dial(&format!("tara@127.0.0.1:{closed}")).await?;
    let headline = format!("nothing listens on port {closed}");
    world.fails(&headline, "Edit address").await?;
    check(world, "a failure").await
}

async fn axe_finds_nothing(theme: &str) -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        world.home_with(json!({ "theme": theme })).await?;
        let shown = "return document.documentElement.dataset.theme";
        assert_eq!(
            world.browser().script(shown, vec![]).await?,
            Value::from(theme)
        );
        pages(world).await?;
        log_in(world).await?;
        a_failure(world).await
    })
    .await
}

#[tokio::test]
async fn axe_finds_nothing_on_a_phone_and_in_german() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        let browser = world.browser();
        browser.become_phone(390, 780).await?;
        world.log_in().await?;
        browser.see(Role::Toolbar, "Extra keys").await?;
        check(world, "a terminal with its keys").await?;
        let more = browser.see(Role::Button, "More").await?;
        browser.touch(&more).await?;
        browser.see(Role::Rail, "Settings").await?;
        check(world, "all of the rail").await?;
        let speak =
            "localStorage.setItem('transom.settings', '{\"language\":\"german\"}'); return 1";
        browser.script(speak, vec![]).await?;
        browser.open(&format!("{}/", world.origin())).await?;
        browser.reload().await?;
        browser.see(Role::Rail, "Start").await?;
        check(world, "German home").await?;
        browser.press("Mehr").await?;
        browser.press_role(Role::Rail, "Einstellungen").await?;
        browser.says("Tastatur", PATIENCE).await?;
        check(world, "German settings").await
    })
    .await
}

#[tokio::test]
async fn axe_finds_nothing_in_the_light_theme() -> Result<()> {
    axe_finds_nothing("light").await
}

#[tokio::test]
async fn axe_finds_nothing_in_the_dark_theme() -> Result<()> {
    axe_finds_nothing("dark").await
}
