//! A phone: its keyboard has no Ctrl, its screen is small, and there is no mouse.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use thirtyfour::{By, Key, WebElement};
use transom_tests::{Browser, Need, PATIENCE, Role, World, WorldOptions, scenario, until};

/// Width and height of a phone, in CSS pixels.
const PHONE: (u32, u32) = (390, 780);

async fn on_a_phone(world: &World) -> Result<()> {
    let browser = world.browser();
    browser.become_phone(PHONE.0, PHONE.1).await?;
    world.log_in().await
}

/// Taps a key of the bar.
pub(crate) async fn key(browser: &Browser, name: &str) -> Result<()> {
    let button = browser.see(Role::Button, name).await?;
    browser.touch(&button).await
}

async fn first_row(browser: &Browser) -> Result<WebElement> {
    let row = By::Css("[aria-label=Terminal] .xterm-rows > div");
    Ok(browser.driver().find(row).await?)
}

#[tokio::test]
async fn vim_is_used_by_the_bar_of_keys() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        on_a_phone(world).await?;
        let browser = world.browser();
        browser.see(Role::Toolbar, "Extra keys").await?;
        browser
            .enter("clear; F=$(mktemp); vim -u NONE \"$F\"")
            .await?;
        browser.shows("~").await?;
        browser.type_on_screen("ione two").await?;
        browser.shows("one two").await?;
        key(browser, "Esc").await?;
        // Ctrl+A counts up, and the arrows move by what the program asked for.
        browser.type_on_screen("A 7").await?;
        key(browser, "Esc").await?;
        key(browser, "Ctrl").await?;
        browser.see(Role::Button, "Ctrl").await?;
        browser.type_on_screen("a").await?;
        browser.shows("one two 8").await?;
        for _cell in 0..3 {
            key(browser, "Left").await?;
        }
        browser.type_on_screen("x").await?;
        browser.shows("one to 8").await?;
        key(browser, "Colon").await?;
        browser.type_on_screen("wq").await?;
        browser.enter("").await?;
        browser.shows_in("ready>").await?;
        browser.enter("clear; cat \"$F\"").await?;
        browser.shows("one to 8").await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_modifier_holds_for_one_key_or_until_it_is_tapped_again() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        on_a_phone(world).await?;
        let browser = world.browser();
        browser.enter("stty -icanon -echo; clear; cat -v").await?;
        key(browser, "Ctrl").await?;
        browser.type_on_screen("ab").await?;
        browser.shows_in("^Ab").await?;
        key(browser, "Ctrl").await?;
        key(browser, "Ctrl").await?;
        browser.see(Role::Button, "Ctrl, locked").await?;
        browser.type_on_screen("ef").await?;
        browser.shows_in("^E^F").await?;
        key(browser, "Ctrl, locked").await?;
        key(browser, "Alt").await?;
        browser.type_on_screen("x").await?;
        key(browser, "Up").await?;
        key(browser, "Pipe").await?;
        browser.shows_in("^[x^[[A|").await?;
        // The keyboard on the screen has stayed: the terminal has the focus.
        let focused = "return document.activeElement.className";
        let class = browser.script(focused, vec![]).await?;
        ensure!(class == "xterm-helper-textarea", "{class}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_keyboard_on_the_screen_never_covers_the_prompt() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        on_a_phone(world).await?;
        let browser = world.browser();
        browser.enter("clear; seq 100").await?;
        browser.shows("100").await?;
        // What phones report: the page keeps its height, a part of it is covered.
        let cover = "Object.defineProperty(visualViewport, 'height', { value: 400, configurable: true });
            visualViewport.dispatchEvent(new Event('resize')); return innerHeight";
        let whole = browser.script(cover, vec![]).await?;
        ensure!(whole.as_f64() > Some(700.0), "{whole}");
        let bottoms = "
            const bottom = (selector) => document.querySelector(selector).getBoundingClientRect().bottom;
            return [bottom('.xterm-screen'), bottom('.key-bar')];";
        until("prompt and keys are above the keyboard", PATIENCE, async || {
            let seen = browser.script(bottoms, vec![]).await?;
            let all = seen.as_array().context("no places")?;
            Ok(all.iter().all(|it| it.as_f64() <= Some(400.0)))
        })
        .await?;
        browser.shows("ready>").await?;
        let uncover = "Object.defineProperty(visualViewport, 'height', { value: innerHeight, configurable: true });
            visualViewport.dispatchEvent(new Event('resize')); return 1";
        browser.script(uncover, vec![]).await?;
        browser.see(Role::Rail, "Home").await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_finger_selects_scrolls_and_pastes() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        on_a_phone(world).await?;
        let browser = world.browser();
        browser.allow_clipboard(&world.relay().origin()).await?;
        browser.enter("clear; echo /srv/quin''ce next").await?;
        browser.shows("/srv/quince next").await?;
        let at = browser.middle(&first_row(browser).await?).await?;
        let at = (30.0, at.1);
        browser.finger("touchStart", Some(at)).await?;
        // The driver sees nothing new while a finger is down.
        let offered = "return document.querySelector('.key-clip').textContent";
        until("the word is selected", PATIENCE, async || {
            Ok(browser.script(offered, vec![]).await? == "Copy")
        })
        .await?;
        browser.finger("touchEnd", None).await?;
        key(browser, "Copy").await?;
        let read = "return navigator.clipboard.readText()";
        until("the word is in the clipboard", PATIENCE, async || {
            let text = browser.script(read, vec![]).await?;
            Ok(text.as_str().is_some_and(|text| text.contains("quin")))
        })
        .await?;
        let write = "return navigator.clipboard.writeText('echo pas-ted').then(() => 1)";
        browser.script(write, vec![]).await?;
        key(browser, "Paste").await?;
        browser.shows_in("echo pas-ted").await?;
        browser.enter("; clear; seq 300").await?;
        browser.shows("300").await?;
        browser.finger("touchStart", Some((200.0, 200.0))).await?;
        for step in 1..10_u32 {
            let y = 200.0 + 40.0 * f64::from(step);
            browser.finger("touchMove", Some((200.0, y))).await?;
        }
        browser.finger("touchEnd", None).await?;
        until("earlier lines are in sight", PATIENCE, async || {
            Ok(!browser.screen().await?.iter().any(|row| row == "300"))
        })
        .await
    })
    .await
}

#[tokio::test]
async fn everything_is_large_enough_and_nothing_makes_the_page_jump() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        let browser = world.browser();
        browser.become_phone(PHONE.0, PHONE.1).await?;
        world.home().await?;
        let small = "
            return [...document.querySelectorAll('input, select, textarea')]
                .filter((field) => field.checkVisibility() && !['checkbox', 'radio', 'file'].includes(field.type))
                .filter((field) => parseFloat(getComputedStyle(field).fontSize) < 16)
                .map((field) => field.outerHTML)";
        assert_eq!(browser.script(small, vec![]).await?, json!([]));
        // Four in the bar; the last one shows the others.
        let shown = "return [...document.querySelectorAll('.rail-link')]
            .filter((it) => it.checkVisibility()).map((it) => it.textContent)";
        let four = json!(["Home", "Hosts", "Keys", "More"]);
        assert_eq!(browser.script(shown, vec![]).await?, four);
        for page in ["Keys", "Hosts"] {
            browser.press_role(Role::Rail, page).await?;
            browser.says(page, PATIENCE).await?;
            assert_eq!(browser.script(small, vec![]).await?, json!([]), "{page}");
        }
        browser.press("New host").await?;
        browser.see(Role::Textbox, "Host address").await?;
        assert_eq!(browser.script(small, vec![]).await?, json!([]));
        browser.press("Cancel").await?;
        for page in ["Known hosts", "Recordings", "Settings"] {
            key(browser, "More").await?;
            browser.press_role(Role::Rail, page).await?;
            browser.says(page, PATIENCE).await?;
            assert_eq!(browser.script(small, vec![]).await?, json!([]), "{page}");
        }
        let wide = "return document.documentElement.scrollWidth - innerWidth";
        let beyond = browser.script(wide, vec![]).await?;
        ensure!(beyond.as_i64() <= Some(0), "{beyond} px stand out");
        on_a_phone(world).await?;
        // What lies over a terminal.
        browser.press("Not now").await?;
        browser.press("Commands").await?;
        browser.see(Role::Textbox, "Command").await?;
        assert_eq!(browser.script(small, vec![]).await?, json!([]));
        browser.fill("Command", "find in").await?;
        browser.key(Key::Enter).await?;
        browser.see(Role::Textbox, "Find").await?;
        assert_eq!(browser.script(small, vec![]).await?, json!([]));
        browser.press("Close search").await?;
        browser.press("Commands").await?;
        browser.fill("Command", "snippets").await?;
        browser.key(Key::Enter).await?;
        browser.press("New snippet").await?;
        browser.see(Role::Textbox, "Snippet name").await?;
        assert_eq!(browser.script(small, vec![]).await?, json!([]));
        browser.key(Key::Escape).await?;
        browser.gone(Role::Dialog, "Snippets").await?;
        let low = "return [...document.querySelectorAll('.key-bar button, .rail-link')]
            .filter((it) => it.checkVisibility() && it.getBoundingClientRect().height < 44)
            .map((it) => it.textContent)";
        assert_eq!(browser.script(low, vec![]).await?, Value::Array(vec![]));
        Ok(())
    })
    .await
}
