//! Settings reach terminals that are open, at once.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use thirtyfour::Key;
use transom_tests::{Browser, Chord, Need, PATIENCE, Role, World, WorldOptions, scenario, until};

use crate::fields::retype;
use crate::settings::choose;

/// Types a value into a field of the settings, and ends it by Tab.
async fn set(browser: &Browser, name: &str, value: &str) -> Result<()> {
    browser.press_role(Role::Rail, "Settings").await?;
    let field = browser.see(Role::Textbox, name).await?;
    retype(browser, &field, value).await?;
    browser.key(Key::Tab).await
}

/// Goes back to the terminal.
async fn terminal(browser: &Browser) -> Result<()> {
    browser.press_role(Role::Rail, "Sessions").await?;
    browser.focus_terminal().await
}

/// Waits until a script about the page returns this.
async fn is(browser: &Browser, what: &str, script: &str, wanted: Value) -> Result<()> {
    let mut seen = Value::Null;
    let outcome = until(format!("{what} is {wanted}"), PATIENCE, async || {
        seen = browser.script(script, vec![]).await?;
        Ok(seen == wanted)
    });
    outcome.await.with_context(|| format!("{what}: {seen}"))
}

/// How wide the shell takes its terminal to be.
async fn columns(world: &World, file: &str) -> Result<u32> {
    world
        .browser()
        .enter(&format!("tput cols > {file}"))
        .await?;
    until("the shell tells its width", PATIENCE, async || {
        Ok(!world.server()?.file(file).is_empty())
    })
    .await?;
    world.server()?.file(file).trim().parse().context("a width")
}

#[tokio::test]
async fn font_and_size_reach_an_open_terminal_and_its_shell() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        world.log_in().await?;
        let browser = world.browser();
        let rows = |property: &str| {
            format!("return getComputedStyle(document.querySelector('.xterm-rows')).{property}")
        };
        is(browser, "the size", &rows("fontSize"), json!("14px")).await?;
        let before = columns(world, "before").await?;
        set(browser, "Font size*", "28").await?;
        set(browser, "Font*", "DejaVu Sans Mono").await?;
        terminal(browser).await?;
        is(browser, "the size", &rows("fontSize"), json!("28px")).await?;
        let first = format!("{}.split(',')[0]", rows("fontFamily"));
        is(browser, "the font", &first, json!("\"DejaVu Sans Mono\"")).await?;
        let after = columns(world, "after").await?;
        ensure!(after < before * 6 / 10, "{before} {after}");
        // By keys, and back to the usual size.
        browser
            .chord(&Chord::new(vec![Key::Control, Key::Shift], "+"))
            .await?;
        is(browser, "the size", &rows("fontSize"), json!("29px")).await?;
        browser.press("Commands").await?;
        browser.fill("Command", "usual size").await?;
        browser.key(Key::Enter).await?;
        is(browser, "the size", &rows("fontSize"), json!("14px")).await
    })
    .await
}

/// How much a word stands out from its ground, as WCAG counts it; 0 while it is not there.
const RATIO: &str = "
const light = (colour) => { const [r, g, b] = colour.match(/[\\d.]+/g).map(Number)
    .map((it) => it / 255).map((it) => it <= 0.04045 ? it / 12.92 : ((it + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
const word = [...document.querySelectorAll('.xterm-rows span')].find((it) => it.textContent === 'faint');
if (!word) return 0;
const ground = getComputedStyle(document.querySelector('.xterm-viewport, .xterm-scrollable-element')).backgroundColor;
const [one, other] = [light(getComputedStyle(word).color), light(ground)];
return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);";

#[tokio::test]
async fn the_least_contrast_and_the_cursor_are_as_chosen() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        world.log_in().await?;
        let browser = world.browser();
        world
            .run(
                "clear; printf '\\e[38;2;240;240;236mfaint\\e[0m\\n'",
                "faint",
            )
            .await?;
        let ratio = async |least: f64, most: f64| {
            let mut seen = Value::Null;
            let outcome = until(format!("{least} to {most}"), PATIENCE, async || {
                seen = browser.script(RATIO, vec![]).await?;
                Ok(seen.as_f64().is_some_and(|it| it >= least && it <= most))
            });
            outcome
                .await
                .with_context(|| format!("the ratio is {seen}"))
        };
        ratio(4.5, 7.0).await?;
        for (words, least, most) in [
            ("At least 7 : 1", 7.0, 10.0),
            ("As programs choose", 1.0, 1.5),
        ] {
            browser.press_role(Role::Rail, "Settings").await?;
            choose(browser, "Contrast", words).await?;
            terminal(browser).await?;
            ratio(least, most).await?;
        }
        let shape = "return ['block', 'bar', 'underline'].filter((shape) =>
            document.querySelector(`.xterm-cursor-${shape}`))";
        is(browser, "the cursor", shape, json!(["block"])).await?;
        for words in ["Bar", "Underline"] {
            browser.press_role(Role::Rail, "Settings").await?;
            choose(browser, "Cursor", words).await?;
            terminal(browser).await?;
            let wanted = json!([words.to_lowercase()]);
            is(browser, "the cursor", shape, wanted).await?;
        }
        let blinks = "return document.querySelector('.xterm-cursor-blink') !== null";
        is(browser, "blinking", blinks, json!(false)).await?;
        browser.press_role(Role::Rail, "Settings").await?;
        browser
            .press_role(Role::Checkbox, "Blinking cursor")
            .await?;
        terminal(browser).await?;
        is(browser, "blinking", blinks, json!(true)).await
    })
    .await
}

/// How many lines of `seq` are still there: the search counts them.
async fn kept_lines(browser: &Browser) -> Result<u64> {
    browser.chord(&Chord::ctrl_shift("F")).await?;
    browser.fill("Find", "line ").await?;
    let read = "return document.querySelector('.search [role=status]').textContent";
    let mut seen = Value::Null;
    until("the lines are counted", PATIENCE, async || {
        seen = browser.script(read, vec![]).await?;
        Ok(seen.as_str().is_some_and(|text| text.contains(" of ")))
    })
    .await?;
    browser.press("Close search").await?;
    let count = seen.as_str().and_then(|text| text.split(" of ").nth(1));
    count.context("a count")?.parse().context("a number")
}

#[tokio::test]
async fn the_scrollback_of_an_open_terminal_is_as_long_as_chosen() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        world.log_in().await?;
        let browser = world.browser();
        set(browser, "Scrollback*", "100").await?;
        terminal(browser).await?;
        let print = "seq -f 'line %g' 700; echo e''nd";
        world.run(print, "end").await?;
        let few = kept_lines(browser).await?;
        ensure!((100..200).contains(&few), "{few}");
        set(browser, "Scrollback*", "5000").await?;
        terminal(browser).await?;
        world.run(&format!("clear; {print}"), "end").await?;
        let many = kept_lines(browser).await?;
        ensure!(many >= 700, "{many}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn ten_well_known_schemes_and_those_of_windows_terminal_can_be_chosen() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        world.log_in().await?;
        let browser = world.browser();
        browser.press_role(Role::Rail, "Settings").await?;
        let offered = "
            const field = [...document.querySelectorAll('label')].find((it) =>
                it.firstElementChild?.textContent === 'Terminal colours, light');
            return [...field.querySelectorAll('option')].map((it) => it.textContent)";
        let mut names = vec![];
        until("the schemes are there", PATIENCE, async || {
            let list = browser.script(offered, vec![]).await?;
            let list = list.as_array().cloned().unwrap_or_default();
            names = list
                .iter()
                .filter_map(Value::as_str)
                .map(str::to_owned)
                .collect();
            Ok(names.len() > 10)
        })
        .await?;
        for name in ["Dracula", "Nord", "Solarized Light", "Gruvbox Dark"] {
            ensure!(
                names.iter().any(|it| it == name),
                "{name} is not in {names:?}"
            );
        }
        // Each of them colours the terminal that is open.
        let ground =
            "return getComputedStyle(document.querySelector('.terminal-region')).backgroundColor";
        let mut grounds = std::collections::HashSet::new();
        for name in names.iter().skip(1).take(10) {
            let before = browser.script(ground, vec![]).await?;
            choose(browser, "Terminal colours, light", name).await?;
            until(format!("{name} is the ground"), PATIENCE, async || {
                Ok(browser.script(ground, vec![]).await? != before)
            })
            .await?;
            grounds.insert(browser.script(ground, vec![]).await?.to_string());
        }
        assert_eq!(grounds.len(), 10, "{grounds:?}");
        // The settings of Windows Terminal.
        let names = [
            "black", "red", "green", "yellow", "blue", "purple", "cyan", "white",
        ];
        let mut scheme = json!({ "name": "Quay", "background": "#123456", "foreground": "#FEDCBA",
            "cursorColor": "#FFFFFF", "selectionBackground": "#444444" });
        for name in names {
            let bright = format!("bright{}{}", name[..1].to_uppercase(), &name[1..]);
            scheme[name] = "#808080".into();
            scheme[bright] = "#C0C0C0".into();
        }
        let file = tempfile::NamedTempFile::with_suffix(".json")?;
        let text = json!({ "profiles": {}, "schemes": [scheme] });
        std::fs::write(file.path(), text.to_string())?;
        browser.give("Import colours", file.path()).await?;
        browser.says("Imported: Quay.", PATIENCE).await?;
        choose(browser, "Terminal colours, light", "Quay").await?;
        is(browser, "the ground", ground, json!("rgb(18, 52, 86)")).await
    })
    .await
}
