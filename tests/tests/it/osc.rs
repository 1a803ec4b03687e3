//! What programs may ask of the page: the clipboard, with consent, and progress in a tab.

use anyhow::Result;
use transom_tests::{Browser, Need, PATIENCE, Role, World, WorldOptions, scenario, until};

async fn in_clipboard(browser: &Browser, text: &str) -> Result<()> {
    let read = "return navigator.clipboard.readText()";
    until(
        format!("the clipboard holds {text}"),
        PATIENCE,
        async || Ok(browser.script(read, vec![]).await? == text),
    )
    .await
}

/// Makes a program ask for the clipboard.
async fn ask(world: &World, text: &str) -> Result<()> {
    let line = format!("printf '\\e]52;c;%s\\a' $(printf %s {text} | base64); echo as''ked {text}");
    world.run(&line, &format!("asked {text}")).await
}

#[tokio::test]
async fn a_host_fills_the_clipboard_once_a_person_allowed_it() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        world.log_in().await?;
        let browser = world.browser();
        browser.allow_clipboard(&world.relay().origin()).await?;
        let write = "return navigator.clipboard.writeText('mine').then(() => true)";
        browser.script(write, vec![]).await?;
        ask(world, "one").await?;
        browser.see(Role::Region, "Clipboard request").await?;
        // Work goes on beside the question.
        world.run("echo wor''ks", "works").await?;
        in_clipboard(browser, "mine").await?;
        browser.press("Not now").await?;
        browser.gone(Role::Region, "Clipboard request").await?;
        ask(world, "two").await?;
        browser.press("Allow once").await?;
        in_clipboard(browser, "two").await?;
        ask(world, "three").await?;
        browser.press("Always for this host").await?;
        in_clipboard(browser, "three").await?;
        ask(world, "four").await?;
        in_clipboard(browser, "four").await?;
        // A reload shows the old output again, but that is no new wish.
        browser.script(write, vec![]).await?;
        browser.reload().await?;
        browser.status("Connected", PATIENCE).await?;
        browser.shows("asked four").await?;
        world.run("echo ba''ck", "back").await?;
        in_clipboard(browser, "mine").await?;
        // The answer is taken back in the settings.
        browser.press_role(Role::Rail, "Settings").await?;
        browser.press("Ask again for every host").await?;
        browser.press_role(Role::Rail, "Sessions").await?;
        browser.focus_terminal().await?;
        ask(world, "five").await?;
        browser.press("Never for this host").await?;
        ask(world, "six").await?;
        world.run("echo qui''et", "quiet").await?;
        browser.gone(Role::Region, "Clipboard request").await?;
        in_clipboard(browser, "mine").await
    })
    .await
}

#[tokio::test]
async fn a_tab_shows_how_far_a_program_is() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        world.log_in().await?;
        let browser = world.browser();
        let bar = |value: &'static str| async move {
            let read =
                "return document.querySelector('.tab-progress')?.getAttribute('value') ?? 'none'";
            until(
                format!("the tab's progress is {value}"),
                PATIENCE,
                async || Ok(browser.script(read, vec![]).await? == value),
            )
            .await
        };
        bar("none").await?;
        world
            .run("printf '\\e]9;4;1;42\\a'; echo ha''lf", "half")
            .await?;
        bar("42").await?;
        browser.see(Role::Button, "running 127.0.0.1 42 %").await?;
        // Another text of OSC 9 is no progress.
        world
            .run(
                "printf '\\e]9;hello\\a\\e]9;4;2;70\\a'; echo fai''led",
                "failed",
            )
            .await?;
        bar("70").await?;
        world
            .run("printf '\\e]9;4;0\\a'; echo don''e", "done")
            .await?;
        bar("none").await
    })
    .await
}
