//! What people need of every page: stillness, colours of their own, and a way by the keyboard alone.

use anyhow::{Result, ensure};
use serde_json::{Value, json};
use thirtyfour::Key;
use transom_tests::{Browser, Chord, Need, PATIENCE, Role, World, WorldOptions, scenario, until};

/// Says what the operating system wants of pages, as DevTools can.
async fn wants(browser: &Browser, features: &[(&str, &str)]) -> Result<()> {
    let features = features.iter();
    let features: Vec<Value> = features
        .map(|(name, value)| json!({ "name": name, "value": value }))
        .collect();
    let session = browser.page_session().await?;
    let params = json!({ "features": features });
    let devtools = browser.devtools();
    devtools
        .call(Some(&session), "Emulation.setEmulatedMedia", params)
        .await?;
    Ok(())
}

async fn begin(world: &World, settings: Value) -> Result<()> {
    world.home_with(settings).await?;
    world.dial(&world.server()?.address()).await?;
    world.trust().await?;
    let password = transom_tests::server::PASSWORD;
    world.answer("Password", password).await?;
    world.ready().await
}

/// What moves, or would.
const MOVING: &str = "
const long = (text) => text.split(',').some((part) => parseFloat(part) > 0);
return [...document.querySelectorAll('*')].filter((element) => {
    const style = getComputedStyle(element);
    return long(style.transitionDuration) || (style.animationName !== 'none' && long(style.animationDuration))
        || style.scrollBehavior === 'smooth';
}).map((element) => element.outerHTML.slice(0, 120)).concat(
    document.getAnimations().map((animation) => animation.constructor.name));";

const BLINKS: &str = "return document.querySelector('.xterm-cursor-blink') !== null";

async fn blinks(browser: &Browser, wanted: bool) -> Result<()> {
    until(format!("a cursor blinks: {wanted}"), PATIENCE, async || {
        Ok(browser.script(BLINKS, vec![]).await? == wanted)
    })
    .await
}

#[tokio::test]
async fn nothing_moves_for_who_wants_stillness() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        let browser = world.browser();
        begin(world, json!({ "cursor_blink": true })).await?;
        browser.focus_terminal().await?;
        blinks(browser, true).await?;
        let moving = browser.script(MOVING, vec![]).await?;
        ensure!(
            moving != json!([]),
            "a page that never moves proves nothing"
        );
        // It counts at once, and for what comes later.
        wants(browser, &[("prefers-reduced-motion", "reduce")]).await?;
        blinks(browser, false).await?;
        for page in [
            "Sessions",
            "Home",
            "Hosts",
            "Keys",
            "Known hosts",
            "Recordings",
            "Settings",
        ] {
            browser.press_role(Role::Rail, page).await?;
            let moving = browser.script(MOVING, vec![]).await?;
            ensure!(moving == json!([]), "{page}: {moving:#}");
        }
        browser.key(Key::F1).await?;
        browser.see(Role::Dialog, "Commands").await?;
        let moving = browser.script(MOVING, vec![]).await?;
        ensure!(moving == json!([]), "{moving:#}");
        browser.key(Key::Escape).await?;
        browser.press_role(Role::Rail, "Sessions").await?;
        browser.focus_terminal().await?;
        wants(browser, &[]).await?;
        blinks(browser, true).await
    })
    .await
}

/// Controls that a person sees and that have no border; choices draw their own.
const BARE: &str = "
return [...document.querySelectorAll('button, input, select, textarea, summary, dialog[open]')]
    .filter((it) => it.checkVisibility({ checkVisibilityCSS: true, checkOpacity: true }))
    .filter((it) => !['checkbox', 'radio', 'file'].includes(it.type) && !it.closest('.xterm'))
    .filter((it) => { const style = getComputedStyle(it);
        return style.borderTopStyle === 'none' || parseFloat(style.borderTopWidth) < 1; })
    .map((it) => it.outerHTML.slice(0, 160));";

/// The colours of the operating system, and of what has the keyboard and what is chosen.
const COLOURS: &str = "
const probe = document.createElement('i');
document.body.append(probe);
const system = (name) => { probe.style.color = name; return getComputedStyle(probe).color; };
const [highlight, text, canvas] = ['Highlight', 'CanvasText', 'Canvas'].map(system);
probe.remove();
const chosen = document.querySelector('[aria-selected=true], [aria-pressed=true]');
const focused = document.activeElement;
return {
    highlight, text, canvas,
    body: getComputedStyle(document.body).backgroundColor,
    ring: focused && getComputedStyle(focused).outlineColor,
    chosen: chosen && getComputedStyle(chosen).backgroundColor,
};";

#[tokio::test]
async fn forced_colours_leave_borders_a_ring_and_what_is_chosen() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        let browser = world.browser();
        // The page is light, the operating system dark.
        begin(world, json!({ "theme": "light", "contrast": "as-given" })).await?;
        let forced = [("forced-colors", "active"), ("prefers-color-scheme", "dark")];
        wants(browser, &forced).await?;
        for page in ["Home", "Hosts", "Keys", "Known hosts", "Recordings", "Settings", "Sessions"] {
            browser.press_role(Role::Rail, page).await?;
            let bare = browser.script(BARE, vec![]).await?;
            ensure!(bare == json!([]), "{page}: {bare:#}");
        }
        browser.key(Key::F1).await?;
        browser.see(Role::Dialog, "Commands").await?;
        let bare = browser.script(BARE, vec![]).await?;
        ensure!(bare == json!([]), "{bare:#}");
        let colours = browser.script(COLOURS, vec![]).await?;
        let is = |name: &str, other: &str| colours.get(name) == colours.get(other);
        ensure!(is("body", "canvas") && is("chosen", "highlight"), "{colours:#}");
        browser.key(Key::Escape).await?;
        browser.gone(Role::Dialog, "Commands").await?;
        // From the terminal to the next part of the page: a ring shows where the keyboard is.
        browser.focus_terminal().await?;
        browser.key(Key::F6).await?;
        let colours = browser.script(COLOURS, vec![]).await?;
        ensure!(colours.get("ring") == colours.get("highlight"), "{colours:#}");
        // The terminal keeps its colours, on the ground that the system's are like, and readable.
        browser.focus_terminal().await?;
        world.run("clear; printf '\\e[38;2;40;40;40mdim\\e[0m\\n'", "dim").await?;
        let seen = "
            const light = (colour) => { const [r, g, b] = colour.match(/[\\d.]+/g).map(Number)
                .map((it) => it / 255).map((it) => it <= 0.04045 ? it / 12.92 : ((it + 0.055) / 1.055) ** 2.4);
                return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
            const word = [...document.querySelectorAll('.xterm-rows span')].find((it) => it.textContent === 'dim');
            const ground = getComputedStyle(document.querySelector('.xterm-viewport, .xterm-scrollable-element')).backgroundColor;
            const [one, other] = [light(getComputedStyle(word).color), light(ground)];
            return [other, (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05)]";
        until("the text is readable on a dark ground", PATIENCE, async || {
            let seen = browser.script(seen, vec![]).await?;
            let number = |at: usize| seen.get(at).and_then(Value::as_f64);
            Ok(number(0) < Some(0.1) && number(1) >= Some(7.0))
        })
        .await?;
        let adjust = "return getComputedStyle(document.querySelector('.xterm')).forcedColorAdjust";
        assert_eq!(browser.script(adjust, vec![]).await?, "none");
        Ok(())
    })
    .await
}

/// The part of the page in which the keyboard is.
const PART: &str = "
const part = document.activeElement?.closest('[data-region], main.page');
return part?.ariaLabel ?? part?.className ?? 'none'";

/// Presses F6 until the keyboard is where it was, and returns the parts that it went through.
async fn around(browser: &Browser, key: &Chord) -> Result<Vec<String>> {
    let part = async || {
        let part = browser.script(PART, vec![]).await?;
        anyhow::Ok(part.as_str().unwrap_or_default().to_owned())
    };
    let mut parts = vec![part().await?];
    loop {
        browser.chord(key).await?;
        let next = part().await?;
        ensure!(parts.len() < 12, "no way around: {parts:?}");
        if parts.first() == Some(&next) {
            return Ok(parts);
        }
        parts.push(next);
    }
}

#[tokio::test]
async fn f6_goes_around_the_parts_of_every_page() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        world.log_in().await?;
        let browser = world.browser();
        browser.press("Not now").await?;
        browser.press("Split right").await?;
        browser.see(Role::Region, "Terminal 2").await?;
        browser.shows("ready>").await?;
        let forward = Chord::new(vec![], char::from(Key::F6));
        let back = Chord::new(vec![Key::Shift], char::from(Key::F6));
        let seen = around(browser, &forward).await?;
        let all = [
            "Terminal 2",
            "status-line",
            "Pages",
            "tab-strip",
            "Terminal",
        ];
        assert_eq!(seen, all);
        let seen = around(browser, &back).await?;
        assert_eq!(
            seen,
            [
                "Terminal 2",
                "Terminal",
                "tab-strip",
                "Pages",
                "status-line"
            ]
        );
        // In the terminal it goes on as it came.
        browser.chord(&back).await?;
        world.run("echo ke''ys", "keys").await?;
        // Shift and Escape leave the terminal, Enter returns.
        browser
            .chord(&Chord::new(vec![Key::Shift], char::from(Key::Escape)))
            .await?;
        let outside = "return document.activeElement.matches('section[aria-label^=Terminal]')";
        assert_eq!(browser.script(outside, vec![]).await?, true);
        browser.key(Key::Enter).await?;
        world.run("echo ba''ck", "back").await?;
        // A page beside the sessions is a part, too, and what is hidden is none.
        browser.press_role(Role::Rail, "Settings").await?;
        browser.fill("Search settings", "").await?;
        let seen = around(browser, &forward).await?;
        assert_eq!(seen, ["page settings", "Pages"]);
        browser.press_role(Role::Rail, "Home").await?;
        browser.see(Role::Textbox, "Address").await?;
        let seen = around(browser, &forward).await?;
        assert_eq!(seen.len(), 2, "{seen:?}");
        Ok(())
    })
    .await
}
