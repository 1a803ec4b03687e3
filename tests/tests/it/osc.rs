//! What programs may ask of the page: the clipboard, with consent, and progress in a tab.

use anyhow::Result;
use serde_json::{Value, json};
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
        browser.see(Role::Button, "running 127.0.0.1 42%").await?;
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

/// A square of 12 × 12 red pixels, in SIXEL; it is printed in two pieces.
const SQUARE: &str = "printf '\\033P0;1;8'; sleep 0.2; \
    printf 'q\"1;1;12;12#0;2;100;0;0#0!12~-!12~\\033\\\\'; echo; echo dra''wn";

/// The same from a file, as iTerm's `imgcat` prints it: one red pixel, three cells wide.
const DOT: &str = "printf '\\033]1337;File=inline=1;size=70;width=3:%s\\a' \
    iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGP4z8DwHwAFAAH/iZk9HQAAAABJRU5ErkJggg==; \
    echo; echo sho''wn";

#[tokio::test]
async fn images_are_drawn_by_a_part_that_is_fetched_for_the_first_one() -> Result<()> {
    let options = WorldOptions {
        // Chromium about this test, which counts points.
        expected: vec!["willReadFrequently"],
        ..WorldOptions::default()
    };
    scenario(Need::Share, options, async |world| {
        world.log_in().await?;
        let browser = world.browser();
        // By the page: its service worker keeps the file once a first shell is there.
        let fetched = async || {
            let read = "return performance.getEntriesByType('resource')
                .some(({ name }) => name.includes('addon-image'))";
            anyhow::Ok(browser.script(read, vec![]).await? == true)
        };
        // A busy machine takes its time to compile the decoder, and the image waits.
        let slow = "const instantiate = WebAssembly.instantiate;
            WebAssembly.instantiate = async (...all) => {
                await new Promise((done) => setTimeout(done, 1000));
                return instantiate(...all);
            }; return true";
        browser.script(slow, vec![]).await?;
        // vim, tmux and others ask like this.
        let asks = "printf '\\033P+q544e\\033\\\\\\033P$qm\\033\\\\'; echo as''ked";
        world.run(asks, "asked").await?;
        assert!(!fetched().await?);
        let red = "const layer = document.querySelector('.xterm-image-layer');
            if (!layer) return 0;
            const { data } = layer.getContext('2d').getImageData(0, 0, layer.width, layer.height);
            let red = 0;
            for (let at = 0; at < data.length; at += 4) red += data[at] > 200 && data[at + 1] < 40 && data[at + 3] > 200;
            return red";
        let mut before = 0;
        for (print, said) in [(SQUARE, "drawn"), (DOT, "shown")] {
            world.run(print, said).await?;
            until(format!("more is red: {said}"), PATIENCE, async || {
                let count = browser.script(red, vec![]).await?.as_u64();
                Ok(count.is_some_and(|count| count > before + 50))
            })
            .await?;
            before = browser.script(red, vec![]).await?.as_u64().unwrap_or(0);
        }
        assert!(fetched().await?);
        world.run("echo go''es on", "goes on").await
    })
    .await
}

#[tokio::test]
async fn a_title_is_short_and_cannot_pose_as_the_page() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        world.log_in().await?;
        let browser = world.browser();
        let read = "return [document.querySelector('.tab-title')?.textContent ?? '', document.title]";
        let titles = async |begin: &str| {
            let mut seen = Value::Null;
            until(format!("the title begins with {begin}"), PATIENCE, async || {
                seen = browser.script(read, vec![]).await?;
                let title = seen.get(0).and_then(Value::as_str);
                Ok(title.is_some_and(|title| title.starts_with(begin)))
            })
            .await?;
            anyhow::Ok(seen)
        };
        let long = "printf '\\e]2;long-%s\\a' $(printf 'x%.0s' $(seq 5000)); echo lo''ng";
        world.run(long, "long").await?;
        for title in titles("long-").await?.as_array().into_iter().flatten() {
            let length = title.as_str().unwrap_or_default().chars().count();
            assert!(length > 20 && length < 160, "{length}");
        }
        // What reorders text, hides or breaks lines is left out.
        let sly = "printf '\\e]2;sly-\\xe2\\x80\\xae\\xe2\\x80\\x8b<b>x</b>\\xe2\\x80\\xa8y\\a'; echo s''ly";
        world.run(sly, "sly").await?;
        let seen = titles("sly-").await?;
        assert_eq!(seen.get(0), Some(&json!("sly-<b>x</b>y")));
        Ok(())
    })
    .await
}

/// Moves the mouse over the row that begins with `text`.
async fn hover(world: &World, text: &str) -> Result<()> {
    let browser = world.browser();
    let find = "const rows = [...document.querySelectorAll('[aria-label=Terminal] .xterm-rows > div')];
        const box = rows.find((row) => row.textContent.startsWith(arguments[0])).getBoundingClientRect();
        return [box.left, box.top + box.height / 2]";
    let place = browser.script(find, vec![text.into()]).await?;
    let number = |at: usize| place.get(at).and_then(Value::as_f64).unwrap_or_default();
    let session = browser.page_session().await?;
    // It comes from elsewhere, as a hand does.
    for x in [300.0, 20.0] {
        let params = json!({ "type": "mouseMoved", "x": number(0) + x, "y": number(1) });
        browser
            .devtools()
            .call(Some(&session), "Input.dispatchMouseEvent", params)
            .await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_bell_marks_its_tab_and_a_link_shows_where_it_leads() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        world.log_in().await?;
        let browser = world.browser();
        browser.new_tab(1).await?;
        browser.enter("sleep 1; printf '\\a'; echo ru''ng").await?;
        browser.tab(0).await?;
        browser.says("bell", PATIENCE).await?;
        browser.focus_terminal().await?;
        let print = "clear; printf '\\e]8;;https://docs.example/guide\\adocs-here\\e]8;;\\a\\n\
            \\e]8;;javascript:alert(1)\\asly-here\\e]8;;\\a\\n'";
        browser.enter(print).await?;
        browser.shows("sly-here").await?;
        hover(world, "docs-here").await?;
        browser.says("https://docs.example/guide", PATIENCE).await?;
        // Another scheme makes no link at all.
        hover(world, "sly-here").await?;
        until("no link is shown", PATIENCE, async || {
            Ok(!browser.words().await?.contains("docs.example"))
        })
        .await?;
        assert!(!browser.words().await?.contains("javascript:"));
        Ok(())
    })
    .await
}
