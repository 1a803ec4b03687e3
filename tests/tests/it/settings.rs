//! Settings: found, applied at once, imported and exported.

use anyhow::{Context, Result};
use serde_json::{Value, json};
use thirtyfour::{By, Key};
use transom_tests::{Browser, Need, PATIENCE, Role, WorldOptions, scenario, until};

/// Chooses an option of a select by its words.
pub(crate) async fn choose(browser: &Browser, name: &str, words: &str) -> Result<()> {
    let query = format!("//label[span[text()='{name}']]/select/option[text()='{words}']");
    until(format!("{words} can be chosen"), PATIENCE, async || {
        let option = browser.driver().find(By::XPath(query.as_str())).await;
        let Ok(option) = option else { return Ok(false) };
        option.click().await?;
        Ok(true)
    })
    .await
}

/// Waits until much of the page has a colour.
async fn painted(browser: &Browser, colour: [u8; 3]) -> Result<()> {
    until(format!("{colour:?} is the ground"), PATIENCE, async || {
        Ok(browser.picture().await?.count(colour, 1) > 200_000)
    })
    .await
}

async fn kept(browser: &Browser, member: &str) -> Result<Value> {
    let read = "return JSON.parse(localStorage.getItem('transom.settings'))?.[arguments[0]]";
    browser.script(read, vec![member.into()]).await
}

#[tokio::test]
async fn settings_are_found_by_words() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        world.home().await?;
        let browser = world.browser();
        browser.press_role(Role::Rail, "Settings").await?;
        browser.see(Role::Checkbox, "Blinking cursor").await?;
        browser.fill("Search settings", "paste right").await?;
        browser.says("Right click", PATIENCE).await?;
        browser.gone(Role::Checkbox, "Blinking cursor").await?;
        // Whatever disappears, the keyboard stays in the field.
        let typed = "return document.activeElement.value";
        assert_eq!(browser.script(typed, vec![]).await?, "paste right");
        browser.fill("Search settings", "quantum").await?;
        browser.says("No setting has that name.", PATIENCE).await
    })
    .await
}

#[tokio::test]
async fn a_scheme_colours_open_terminals_and_is_kept() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        world.home_with(json!({ "theme": "dark" })).await?;
        let browser = world.browser();
        world.dial(&world.server()?.address()).await?;
        world.trust().await?;
        world
            .answer("Password", transom_tests::server::PASSWORD)
            .await?;
        world.ready().await?;
        browser.press_role(Role::Rail, "Settings").await?;
        choose(browser, "Terminal colours, dark", "Dracula").await?;
        choose(browser, "Cursor", "Bar").await?;
        browser.press_role(Role::Rail, "Sessions").await?;
        painted(browser, [0x28, 0x2a, 0x36]).await?;
        browser.reload().await?;
        browser.status("Connected", PATIENCE).await?;
        painted(browser, [0x28, 0x2a, 0x36]).await?;
        assert_eq!(kept(browser, "cursor").await?, "bar");
        world.run("echo typed", "typed").await
    })
    .await
}

/// A scheme of iTerm2: all colours alike but for the ground.
fn itermcolors(ground: [f64; 3]) -> String {
    let entry = |name: String, [red, green, blue]: [f64; 3]| {
        format!(
            "<key>{name}</key><dict><key>Blue Component</key><real>{blue}</real>\
             <key>Green Component</key><real>{green}</real>\
             <key>Red Component</key><real>{red}</real></dict>"
        )
    };
    let ansi = (0..16).map(|place| entry(format!("Ansi {place} Color"), [0.5; 3]));
    let ansi: String = ansi.collect();
    let own = entry("Background Color".to_owned(), ground);
    let text = entry("Foreground Color".to_owned(), [1.0; 3]);
    format!("<?xml version=\"1.0\"?><plist version=\"1.0\"><dict>{ansi}{own}{text}</dict></plist>")
}

#[tokio::test]
async fn schemes_of_other_terminals_can_be_imported() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        world.home().await?;
        let browser = world.browser();
        browser.press_role(Role::Rail, "Settings").await?;
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("Harbour.itermcolors");
        std::fs::write(&path, itermcolors([0.2, 0.0, 0.4]))?;
        browser.see(Role::Button, "Import colours").await?;
        browser.give("Import colours", &path).await?;
        browser.says("Imported: Harbour.", PATIENCE).await?;
        choose(browser, "Terminal colours, light", "Harbour").await?;
        let scheme = kept(browser, "light_scheme").await?;
        assert_eq!(scheme["background"], "#330066");
        let path = folder.path().join("notes.json");
        std::fs::write(&path, "{\"name\":\"x\"}")?;
        browser.give("Import colours", &path).await?;
        browser.says("notes.json holds no colours", PATIENCE).await
    })
    .await
}

#[tokio::test]
async fn settings_are_json_too() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        world.home().await?;
        let browser = world.browser();
        browser.press_role(Role::Rail, "Settings").await?;
        browser
            .fill("Settings as JSON", "{\"font_size\": }")
            .await?;
        browser.press("Apply").await?;
        browser
            .says(
                "Nothing changed, because that text holds no settings",
                PATIENCE,
            )
            .await?;
        let text = "{\"font_size\": 99, \"theme\": \"dark\", \"screen_reader\": true}";
        browser.fill("Settings as JSON", text).await?;
        browser.press("Apply").await?;
        browser.says("The settings are applied.", PATIENCE).await?;
        assert_eq!(kept(browser, "font_size").await?, 32);
        let take = "
            self.saved = new Promise((done) => {
                const make = URL.createObjectURL;
                URL.createObjectURL = (blob) => { done(blob.text()); return make(blob); };
            }); return 1";
        browser.script(take, vec![]).await?;
        browser.press("Export settings").await?;
        let saved = browser.script("return self.saved", vec![]).await?;
        browser.press("Reset all").await?;
        until("everything is reset", PATIENCE, async || {
            // Settings that nobody changed leave no trace.
            Ok(kept(browser, "theme").await?.is_null())
        })
        .await?;
        let file = tempfile::NamedTempFile::with_suffix(".json")?;
        std::fs::write(file.path(), saved.as_str().context("no text")?)?;
        browser.give("Import settings", file.path()).await?;
        until("the settings are back", PATIENCE, async || {
            Ok(kept(browser, "theme").await? == "dark")
        })
        .await
    })
    .await
}

#[tokio::test]
async fn the_mouse_copies_and_pastes_as_chosen() -> Result<()> {
    scenario(Need::Alone, WorldOptions::default(), async |world| {
        let mouse = json!({ "copy_on_select": true, "right_click": "paste" });
        world.home_with(mouse).await?;
        let browser = world.browser();
        world.dial(&world.server()?.address()).await?;
        world.trust().await?;
        world
            .answer("Password", transom_tests::server::PASSWORD)
            .await?;
        world.ready().await?;
        browser.allow_clipboard(&world.relay().origin()).await?;
        world.run("echo quince", "quince").await?;
        let word = By::XPath("//*[contains(@class, 'xterm-rows')]//span[text()='quince']");
        let word = browser.driver().find(word).await?;
        let chain = browser.driver().action_chain();
        chain.double_click_element(&word).perform().await?;
        let read = "return navigator.clipboard.readText()";
        until("the selection is in the clipboard", PATIENCE, async || {
            Ok(browser.script(read, vec![]).await? == "quince")
        })
        .await?;
        browser.type_text("echo pasted-").await?;
        let screen = browser.driver().find(By::Css(".xterm-screen")).await?;
        let chain = browser.driver().action_chain();
        chain.context_click_element(&screen).perform().await?;
        browser.shows_in("echo pasted-quince").await?;
        Ok(())
    })
    .await
}

/// Presses a button of the mouse in the middle of an element, by what a mouse sends.
async fn middle_click(browser: &Browser, selector: &str) -> Result<()> {
    let middle = "const box = document.querySelector(arguments[0]).getBoundingClientRect();
        return [box.left + box.width / 2, box.top + box.height / 2];";
    let place = browser.script(middle, vec![selector.into()]).await?;
    let (x, y) = (place.get(0), place.get(1));
    let session = browser.page_session().await?;
    for (kind, buttons) in [("mousePressed", 4), ("mouseReleased", 0)] {
        let params = json!({
            "type": kind, "x": x, "y": y, "button": "middle", "buttons": buttons,
            "clickCount": 1,
        });
        let devtools = browser.devtools();
        devtools
            .call(Some(&session), "Input.dispatchMouseEvent", params)
            .await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_selection_may_end_outside_and_the_middle_button_pastes() -> Result<()> {
    scenario(Need::Alone, WorldOptions::default(), async |world| {
        let mouse = json!({ "copy_on_select": true, "middle_click": "paste" });
        world.home_with(mouse).await?;
        let browser = world.browser();
        world.dial(&world.server()?.address()).await?;
        world.trust().await?;
        let password = transom_tests::server::PASSWORD;
        world.answer("Password", password).await?;
        world.ready().await?;
        browser.allow_clipboard(&world.relay().origin()).await?;
        world.run("clear; echo quince", "quince").await?;
        let word = By::XPath("//*[contains(@class, 'xterm-rows')]//span[text()='quince']");
        let word = browser.driver().find(word).await?;
        let outside = browser.driver().find(By::Css("nav.rail")).await?;
        // From the word to the left, off the terminal.
        let chain = browser.driver().action_chain();
        chain
            .move_to_element_center(&word)
            .click_and_hold()
            .move_to_element_center(&outside)
            .release()
            .perform()
            .await?;
        let read = "return navigator.clipboard.readText()";
        until("the selection is in the clipboard", PATIENCE, async || {
            let text = browser.script(read, vec![]).await?;
            Ok(text.as_str().is_some_and(|text| text.contains("nce")))
        })
        .await?;
        let write = "return navigator.clipboard.writeText(arguments[0]).then(() => 1)";
        browser.script(write, vec!["echo mid''dle".into()]).await?;
        browser.focus_terminal().await?;
        middle_click(browser, ".xterm-screen").await?;
        browser.shows_in("echo mid''dle").await?;
        browser.focus_terminal().await?;
        browser.key(Key::Enter).await?;
        browser.shows("middle").await
    })
    .await
}
