//! A terminal, and what lies over it.

use anyhow::Result;
use thirtyfour::Key;
use transom_tests::server::PASSWORD;
use transom_tests::{Chord, PATIENCE, Role, World, until};

use super::begin::save_hosts;
use super::{Tour, command, escape};

/// What a server might show: colours, a table, a prompt.
const SHOW: &str = "clear; printf '\\e[1;32mdeploy\\e[0m  web-1 \\e[33mwarm\\e[0m  12 s\\n\
    \\e[1;32mdeploy\\e[0m  web-2 \\e[36mcold\\e[0m  31 s\\n\\e[1;31mfailed\\e[0m  web-3 \\e[35mdisk full\\e[0m\\n'; echo sh''own";

/// A program that wants to fill the clipboard, and says how far it is.
const ASKS: &str = "printf '\\e]52;c;aGk=\\a\\e]9;4;1;40\\a'; echo as''ked";

async fn recording(world: &World, tour: Tour) -> Result<()> {
    let browser = world.browser();
    command(world, "record or stop").await?;
    browser.see(Role::Button, "Stop recording").await?;
    browser.focus_terminal().await?;
    world.run("echo rec''orded", "recorded").await?;
    tour.stop(world, "recording").await?;
    browser.press("Stop recording").await?;
    browser.says("Recording kept", PATIENCE).await?;
    tour.stop(world, "recording-kept").await?;
    browser.press_role(Role::Rail, "Recordings").await?;
    browser.see(Role::Button, "Play *").await?;
    tour.stop(world, "recordings").await?;
    browser.press("Play *").await?;
    browser.fill("Search in the output", "recorded").await?;
    browser.press("0:0*").await?;
    tour.stop(world, "player").await?;
    browser.press_role(Role::Rail, "Sessions").await?;
    browser.focus_terminal().await
}

async fn blocks(world: &World, tour: Tour) -> Result<()> {
    let browser = world.browser();
    command(world, "mark commands").await?;
    browser.says("Only the prompt", PATIENCE).await?;
    browser.focus_terminal().await?;
    world.run("clear; uname; echo fir''st", "first").await?;
    world
        .run("ls /nowhere; (exit 2)", "ready> ls /nowhere; (exit 2)")
        .await?;
    world.run("sleep 1; echo la''st", "last").await?;
    for _command in 0..2 {
        browser
            .chord(&Chord::ctrl_shift(char::from(Key::Up)))
            .await?;
    }
    tour.stop(world, "blocks").await?;
    browser.chord(&Chord::ctrl_shift("[")).await?;
    browser.see(Role::Button, "Unfold 1 line of ls*").await?;
    tour.stop(world, "block-folded").await?;
    world
        .run(
            "ls -d /etc/ssh /etc/hosts; echo https://transom.example 10.0.0.7",
            "https://transom.example 10.0.0.7",
        )
        .await?;
    browser.chord(&Chord::ctrl_shift(" ")).await?;
    browser.see(Role::Listbox, "Quick select*").await?;
    // Another size of the window ends it.
    tour.stop_here(world, "quick-select").await?;
    browser.key(Key::Escape).await?;
    browser.gone(Role::Listbox, "Quick select*").await
}

async fn broadcast(world: &World, tour: Tour) -> Result<()> {
    let browser = world.browser();
    browser.new_tab(1).await?;
    command(world, "broadcast").await?;
    browser.press_role(Role::Checkbox, "1. *").await?;
    tour.stop(world, "broadcast-choice").await?;
    browser.press("Broadcast to 2, production too").await?;
    browser.says("Typing goes to 2", PATIENCE).await?;
    tour.stop(world, "broadcast").await?;
    browser.press("Stop broadcasting").await?;
    command(world, "rename tab").await?;
    browser.see(Role::Textbox, "Name of the tab").await?;
    tour.stop(world, "tab-name").await?;
    browser.key(Key::Escape).await?;
    command(world, "close tab").await?;
    browser.tab(0).await
}

async fn panes(world: &World, tour: Tour) -> Result<()> {
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
    tour.stop(world, "panes").await?;
    browser.press("Zoom pane").await?;
    browser.see(Role::Button, "Show all panes").await?;
    tour.stop(world, "pane-zoomed").await?;
    browser.press("Show all panes").await?;
    for last in ["Terminal 3", "Terminal 2"] {
        browser.press("Close pane").await?;
        browser.gone(Role::Region, last).await?;
    }
    browser.focus_terminal().await
}

/// The search bar, snippets, the palette.
async fn bars(world: &World, tour: Tour) -> Result<()> {
    let browser = world.browser();
    browser.chord(&Chord::ctrl_shift("F")).await?;
    browser.fill("Find", "web").await?;
    until("matches are counted", PATIENCE, async || {
        Ok(browser.words().await?.contains(" of "))
    })
    .await?;
    tour.stop(world, "find").await?;
    browser.press("Close search").await?;
    browser.chord(&Chord::ctrl_shift("S")).await?;
    browser.see(Role::Dialog, "Snippets").await?;
    tour.stop(world, "snippets-empty").await?;
    browser.press("New snippet").await?;
    browser.fill("Snippet name", "Restart").await?;
    browser
        .fill("Text*", "systemctl restart {{service}}")
        .await?;
    tour.stop(world, "snippet-form").await?;
    browser.press("Save").await?;
    browser.see(Role::Button, "Insert Restart").await?;
    tour.stop(world, "snippets").await?;
    browser.press("Insert Restart").await?;
    browser.fill("service", "caddy").await?;
    tour.stop(world, "snippet-filled").await?;
    escape(world, "Snippets").await?;
    browser.press("Commands").await?;
    browser.see(Role::Dialog, "Commands").await?;
    tour.stop(world, "palette").await?;
    escape(world, "Commands").await
}

/// What programs and pasted text ask for.
async fn questions(world: &World, tour: Tour) -> Result<()> {
    let browser = world.browser();
    browser.focus_terminal().await?;
    world.run(ASKS, "asked").await?;
    browser.see(Role::Region, "Clipboard request").await?;
    tour.stop(world, "clipboard-request").await?;
    browser.press("Not now").await?;
    browser.allow_clipboard(&world.relay().origin()).await?;
    let write = "return navigator.clipboard.writeText('echo one\\necho two\\n').then(() => 1)";
    browser.script(write, vec![]).await?;
    browser.focus_terminal().await?;
    browser
        .chord(&Chord::new(vec![Key::Shift], char::from(Key::Insert)))
        .await?;
    browser.see(Role::Dialog, "Paste several lines?").await?;
    tour.stop(world, "paste").await?;
    escape(world, "Paste several lines?").await
}

/// Logs in at a saved production host.
async fn begin(world: &World, tour: Tour) -> Result<()> {
    tour.home(world).await?;
    save_hosts(world, "Import hosts", "Connect to Attic").await?;
    let browser = world.browser();
    browser.press("Connect to Shop front").await?;
    world.trust().await?;
    world.answer("Password", PASSWORD).await?;
    world.ready().await?;
    browser.press("Not now").await
}

/// Terminals and the bars over them.
pub(crate) async fn walk(world: &mut World, tour: Tour) -> Result<()> {
    begin(world, tour).await?;
    let browser = world.browser();
    world.run(SHOW, "shown").await?;
    tour.stop(world, "terminal").await?;
    panes(world, tour).await?;
    world.run(SHOW, "shown").await?;
    bars(world, tour).await?;
    questions(world, tour).await?;
    browser.focus_terminal().await?;
    browser.enter("exit").await?;
    browser.see(Role::Button, "Reconnect").await?;
    tour.stop(world, "ended").await
}

/// Recordings, blocks, quick select, a broadcast; a session that is lost.
pub(crate) async fn walk_on(world: &mut World, tour: Tour) -> Result<()> {
    begin(world, tour).await?;
    recording(world, tour).await?;
    blocks(world, tour).await?;
    broadcast(world, tour).await?;
    let (relay, artifacts) = world.relay_mut();
    relay.restart(artifacts).await?;
    world.browser().status("Disconnected", PATIENCE).await?;
    tour.stop(world, "lost").await
}
