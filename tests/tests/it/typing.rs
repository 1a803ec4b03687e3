//! Programs in the terminal, and what they draw.

use anyhow::Result;
use thirtyfour::Key;
use transom_tests::server::PROMPT;
use transom_tests::{
    BrowserOptions, Chord, Need, PATIENCE, WorldOptions, scenario, until, until_some,
};

#[tokio::test]
async fn what_is_typed_is_echoed_and_answered() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        world.log_in().await?;
        world.browser().type_text("echo $((6*7))").await?;
        world.browser().shows("ready> echo $((6*7))").await?;
        world.browser().key(Key::Enter).await?;
        world.browser().shows("42").await
    })
    .await
}

#[tokio::test]
async fn the_terminal_size_follows_the_window() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        world.log_in().await?;
        let browser = world.browser();
        let mut sizes = vec![];
        for (width, height) in [(1200, 800), (800, 600), (1400, 900)] {
            browser.resize(width, height).await?;
            let size = until_some("stty tells the size of the screen", PATIENCE, async || {
                browser.enter("stty size > size").await?;
                let told = world.server()?.file("size");
                let rows = told.split(' ').next().and_then(|rows| rows.parse().ok());
                let same = rows == Some(browser.screen().await?.len());
                let new = !sizes.contains(&told);
                Ok((same && new).then_some(told))
            })
            .await?;
            sizes.push(size);
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn vim_edits_a_file() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        world.log_in().await?;
        let browser = world.browser();
        browser.enter("vim -u NONE -N note").await?;
        browser.shows_in("\"note\" [New]").await?;
        browser.type_text("ihello from vim").await?;
        browser.shows("hello from vim").await?;
        browser.key(Key::Escape).await?;
        browser.enter(":wq").await?;
        until("vim wrote the file", PATIENCE, async || {
            Ok(world.server()?.file("note") == "hello from vim\n")
        })
        .await?;
        world.run("echo back", "back").await
    })
    .await
}

#[tokio::test]
async fn top_redraws_and_ends() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        world.log_in().await?;
        let browser = world.browser();
        browser.enter("top -d 0.5").await?;
        let first = browser.shows_in("load average").await?;
        browser
            .row("a later time", PATIENCE, |row| {
                row.contains("load average") && *row != first
            })
            .await?;
        browser.type_text("q").await?;
        world.run("echo back", "back").await
    })
    .await
}

#[tokio::test]
async fn tmux_splits_and_detaches() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        world.log_in().await?;
        let browser = world.browser();
        browser.enter("tmux -f /dev/null new -s work").await?;
        browser.shows_in("[work]").await?;
        browser.chord(&Chord::ctrl("b")).await?;
        browser.type_text("%").await?;
        browser.shows_in("│").await?;
        browser.enter("echo $((40+2)) panes").await?;
        browser.shows_in("42 panes").await?;
        browser.chord(&Chord::ctrl("b")).await?;
        browser.type_text("d").await?;
        browser.shows_in("[detached (from session work)]").await?;
        browser.enter("tmux kill-server").await?;
        world.run("echo back", "back").await
    })
    .await
}

/// Two, three, four and three bytes in UTF-8.
const SIGNS: &str = "ä€🙂漢";

#[tokio::test]
async fn utf8_may_be_split_at_every_byte() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        let script = "$| = 1; my $s = \"\\xc3\\xa4\\xe2\\x82\\xac\\xf0\\x9f\\x99\\x82\
             \\xe6\\xbc\\xa2\"; for my $cut (1 .. length($s) - 1) { \
             print substr($s, 0, $cut); select(undef, undef, undef, 0.06); \
             print substr($s, $cut), \"\\r\\n\"; select(undef, undef, undef, 0.06); } \
             print \"end\\r\\n\";\n";
        world.server()?.put("split.pl", script)?;
        world.log_in().await?;
        world.run("perl split.pl", "end").await?;
        let rows = world.browser().screen().await?;
        let whole = rows.iter().filter(|row| *row == SIGNS).count();
        assert_eq!(whole, SIGNS.len() - 1, "{rows:#?}");
        Ok(())
    })
    .await
}

/// Makes the page take the processor for a graphics card: with neither it does not use WebGL.
const LIKE_HARDWARE: &str = r"{
    const its = WebGL2RenderingContext.prototype, asked = its.getParameter;
    its.getParameter = function (name) {
        return name === 0x9246 ? 'a graphics card' : asked.call(this, name);
    };
}";

/// Counts how often the page asks for WebGL.
const COUNTS_PROBES: &str = r"{
    self.probes = 0;
    const its = HTMLCanvasElement.prototype, asked = its.getContext;
    its.getContext = function (kind, ...more) {
        self.probes += Number(kind === 'webgl2');
        return asked.call(this, kind, ...more);
    };
}";

async fn colours_are_drawn(webgl: bool) -> Result<()> {
    let options = WorldOptions {
        browser: BrowserOptions {
            webgl,
            script: webgl.then_some(LIKE_HARDWARE),
            ..BrowserOptions::default()
        },
        ..WorldOptions::default()
    };
    scenario(Need::Share, options, async |world| {
        world.log_in().await?;
        let blanks = "                    ";
        let line = format!(
            "printf '\\e[48;5;201m{blanks}\\e[0m\\n\\e[48;2;12;200;99m{blanks}\\e[0m\\n\
             \\e[38;2;250;120;10m████████████\\e[0m\\ndone\\n'"
        );
        world.run(&line, "done").await?;
        let drawn = "return !!document.querySelector('.xterm-screen canvas')";
        until("WebGL is used where it is fast", PATIENCE, async || {
            Ok(!webgl || world.browser().script(drawn, vec![]).await? == true)
        })
        .await?;
        until("the colours are on the screen", PATIENCE, async || {
            let picture = world.browser().picture().await?;
            let counts = [[255, 0, 255], [12, 200, 99], [250, 120, 10]]
                .map(|colour| picture.count(colour, 2));
            Ok(counts.iter().all(|count| *count > 1000))
        })
        .await
    })
    .await
}

#[tokio::test]
async fn webgl_is_not_used_where_the_processor_would_draw() -> Result<()> {
    let options = WorldOptions {
        browser: BrowserOptions {
            webgl: true,
            script: Some(COUNTS_PROBES),
            ..BrowserOptions::default()
        },
        ..WorldOptions::default()
    };
    scenario(Need::Share, options, async |world| {
        world.log_in().await?;
        let browser = world.browser();
        until("the page has looked for WebGL", PATIENCE, async || {
            Ok(browser.script("return self.probes > 0", vec![]).await? == true)
        })
        .await?;
        world.run("echo drawn", "drawn").await?;
        let drawn = "return !!document.querySelector('.xterm-screen canvas')";
        assert_eq!(browser.script(drawn, vec![]).await?, false);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn colours_are_drawn_with_webgl() -> Result<()> {
    colours_are_drawn(true).await
}

#[tokio::test]
async fn colours_are_drawn_without_webgl() -> Result<()> {
    colours_are_drawn(false).await
}

/// Waits until a process with these words runs: what a key does before that is another matter.
async fn starts(words: &[&str]) -> Result<()> {
    let line = format!("{}\0", words.join("\0"));
    until(format!("{words:?} runs"), PATIENCE, async || {
        let lines = std::fs::read_dir("/proc")?
            .flatten()
            .filter_map(|process| std::fs::read_to_string(process.path().join("cmdline")).ok());
        Ok(lines.into_iter().any(|seen| seen == line))
    })
    .await
}

#[tokio::test]
async fn control_c_interrupts_and_control_z_stops() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        world.log_in().await?;
        let browser = world.browser();
        browser.enter("sleep 71.01; echo status $?").await?;
        starts(&["sleep", "71.01"]).await?;
        browser.chord(&Chord::ctrl("c")).await?;
        browser.shows_in("^C").await?;
        world.run("echo status $?", "status 130").await?;
        browser.enter("clear; sleep 71.02").await?;
        starts(&["sleep", "71.02"]).await?;
        browser.chord(&Chord::ctrl("z")).await?;
        browser.shows_in("Stopped").await?;
        browser.enter("kill %1; clear").await?;
        browser
            .row("an empty screen", PATIENCE, |row| row == PROMPT)
            .await?;
        world.run("echo back", "back").await
    })
    .await
}
