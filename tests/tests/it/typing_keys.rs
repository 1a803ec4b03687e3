//! Keys beyond letters, and text that no single key types.

use anyhow::Result;
use serde_json::json;
use thirtyfour::Key;
use transom_tests::{Chord, Need, WorldOptions, scenario};

#[tokio::test]
async fn alt_and_function_keys_get_through() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        world.log_in().await?;
        let browser = world.browser();
        browser.enter("stty -icanon; clear; cat -v").await?;
        browser.key(Key::F2).await?;
        browser.shows_in("^[OQ").await?;
        for (key, seen) in [
            (Key::F5, "^[[15~"),
            (Key::F10, "^[[21~"),
            (Key::F12, "^[[24~"),
            (Key::Up, "^[[A"),
            (Key::Home, "^[[H"),
            (Key::PageDown, "^[[6~"),
            (Key::Delete, "^[[3~"),
        ] {
            browser.key(key).await?;
            browser.shows_in(seen).await?;
        }
        browser.chord(&Chord::alt("x")).await?;
        browser.shows_in("^[x").await?;
        browser.chord(&Chord::ctrl("a")).await?;
        browser.shows_in("^A").await?;
        browser
            .chord(&Chord::new(vec![Key::Control], char::from(Key::Right)))
            .await?;
        browser.shows_in("^[[1;5C").await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn altgr_and_dead_keys_type_their_characters() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        world.log_in().await?;
        let browser = world.browser();
        browser.type_text("echo ").await?;
        // As a German keyboard on Linux does: AltGr+Q, then ^ and e.
        browser
            .raw_key(json!({ "key": "AltGraph", "code": "AltRight", "windowsVirtualKeyCode": 225 }))
            .await?;
        browser
            .raw_key(json!({
                "key": "@", "code": "KeyQ", "text": "@", "windowsVirtualKeyCode": 81,
            }))
            .await?;
        browser
            .raw_key(json!({ "key": "Dead", "code": "Backquote", "windowsVirtualKeyCode": 220 }))
            .await?;
        browser
            .raw_key(json!({
                "key": "ê", "code": "KeyE", "text": "ê", "windowsVirtualKeyCode": 69,
            }))
            .await?;
        browser.shows("ready> echo @ê").await?;
        browser.key(Key::Enter).await?;
        browser.shows("@ê").await
    })
    .await
}

#[tokio::test]
async fn an_input_method_composes_and_commits_once() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        world.log_in().await?;
        let browser = world.browser();
        browser.type_text("echo ").await?;
        for draft in ["に", "にほ", "にほん", "日本"] {
            browser.compose(draft).await?;
        }
        browser.commit("日本").await?;
        browser.shows("ready> echo 日本").await?;
        browser.key(Key::Enter).await?;
        browser.shows("日本").await
    })
    .await
}
