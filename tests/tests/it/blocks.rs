//! Commands as blocks, in a shell that was taught to mark them by one click.

use anyhow::Result;
use serde_json::Value;
use thirtyfour::Key;
use transom_tests::{
    Browser, BrowserOptions, Chord, Need, PATIENCE, Role, World, WorldOptions, scenario, until,
};

/// What a person sees in another window: the page is hidden, notifications are noted.
const AWAY: &str = "
self.told = [];
self.Notification = class {
  static permission = 'granted';
  constructor(title, options) { told.push(`${title} | ${options.body}`); }
};
Object.defineProperty(Document.prototype, 'hidden', { get: () => self.away === true });";

const BADGES: &str = "
return [...document.querySelectorAll('.block-badge')].map((badge) => badge.textContent).join(', ');";

pub(crate) async fn deed(browser: &Browser, typed: &str) -> Result<()> {
    browser.press("Commands").await?;
    browser.fill("Command", typed).await?;
    browser.key(Key::Enter).await?;
    browser.gone(Role::Dialog, "Commands").await?;
    browser.focus_terminal().await
}

pub(crate) async fn badges(browser: &Browser, good: impl Fn(&str) -> bool) -> Result<()> {
    until("badges tell how commands ended", PATIENCE, async || {
        let badges = browser.script(BADGES, vec![]).await?;
        Ok(badges.as_str().is_some_and(&good))
    })
    .await
}

pub(crate) async fn marking(world: &World) -> Result<()> {
    world.log_in().await?;
    deed(world.browser(), "mark commands").await?;
    // Marks from here on.
    world.run("echo mar''king", "marking").await?;
    badges(world.browser(), |all| all.contains('✓')).await
}

#[tokio::test]
async fn commands_get_badges_and_the_prompt_comes_back() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        world.log_in().await?;
        let browser = world.browser();
        browser
            .enter("before=$(declare -p PS1 PS0 PROMPT_COMMAND 2>&1)")
            .await?;
        deed(browser, "mark commands").await?;
        browser
            .says("Only the prompt of this session", PATIENCE)
            .await?;
        world.run("(exit 3)", "ready> (exit 3)").await?;
        badges(browser, |all| all.contains("✗ 3 · 0.")).await?;
        // The status is still the command's own.
        world.run("(exit 5); echo was $?", "was 5").await?;
        world.run("(exit 6)", "ready> (exit 6)").await?;
        world.run("echo last $?", "last 6").await?;
        deed(browser, "no longer mark").await?;
        let same = "[ \"$before\" = \"$(declare -p PS1 PS0 PROMPT_COMMAND 2>&1)\" ] \
            && ! declare -F | grep transom || declare -p PS1 PS0 PROMPT_COMMAND; echo loo''ked";
        world.run(same, "looked").await?;
        let screen = browser.screen().await?.join("\n");
        assert!(!screen.contains("declare --"), "{screen}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn prompts_are_gone_to_and_outputs_copied() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        marking(world).await?;
        let browser = world.browser();
        browser.allow_clipboard(&world.relay().origin()).await?;
        world
            .run("echo first; printf 'out\\n\\nput'; echo; true", "put")
            .await?;
        badges(browser, |all| all.matches('✓').count() == 2).await?;
        browser.chord(&Chord::ctrl_shift("Y")).await?;
        browser.says("The output is copied", PATIENCE).await?;
        let read = "return navigator.clipboard.readText()";
        assert_eq!(browser.script(read, vec![]).await?, "first\nout\n\nput");
        world.run("seq 1000 1200; echo do''ne", "done").await?;
        browser
            .chord(&Chord::ctrl_shift(char::from(Key::Up)))
            .await?;
        browser
            .chord(&Chord::ctrl_shift(char::from(Key::Up)))
            .await?;
        browser.shows("first").await?;
        browser
            .chord(&Chord::ctrl_shift(char::from(Key::Down)))
            .await?;
        browser.shows("1001").await?;
        // Typing goes on below.
        world.run("echo be''low", "below").await
    })
    .await
}

#[tokio::test]
async fn the_end_of_a_command_is_told_to_who_looks_elsewhere() -> Result<()> {
    let browser = BrowserOptions {
        script: Some(AWAY),
        ..BrowserOptions::default()
    };
    let options = WorldOptions {
        browser,
        ..WorldOptions::default()
    };
    scenario(Need::Share, options, async |world| {
        marking(world).await?;
        let browser = world.browser();
        browser.enter("cat; (exit 2)").await?;
        deed(browser, "tell me when").await?;
        browser.says("You will be told", PATIENCE).await?;
        browser.script("self.away = true", vec![]).await?;
        browser.chord(&Chord::ctrl("d")).await?;
        let told = "return self.told";
        until("a notification tells", PATIENCE, async || {
            let told = browser.script(told, vec![]).await?;
            let first = told.get(0).and_then(Value::as_str).unwrap_or_default();
            Ok(first.starts_with("✗ 2") && first.contains("cat; (exit 2) | 127.0.0.1"))
        })
        .await?;
        // Only this one was wished for.
        world.run("echo mo''re", "more").await?;
        badges(browser, |all| all.matches('✓').count() == 2).await?;
        let told = browser.script(told, vec![]).await?;
        assert_eq!(told.as_array().map(Vec::len), Some(1));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn without_marks_the_way_to_them_is_told() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        world.log_in().await?;
        let browser = world.browser();
        deed(browser, "copy the output").await?;
        browser.says("This shell marks no commands", PATIENCE).await
    })
    .await
}
