//! What a program may print to attack a terminal: nothing of it comes back as input, reads the
//! clipboard, navigates or runs.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use transom_tests::{Browser, Need, PATIENCE, World, WorldOptions, scenario, until};

/// Sequences with which terminals were attacked, or that ask a terminal to say something that
/// the server chose.
const ATTACKS: [&str; 32] = [
    // Titles, set and asked for.
    "\x1b]0;owned\x07\x1b[21t",
    "\x1b]2;$(touch owned)\x1b\\\x1b[21t",
    "\x1b]1;owned\x07\x1b[20t",
    "\x1b[22;0t\x1b[23;0t",
    // Clipboard: write and read.
    "\x1b]52;c;ZWNobyBvd25lZAo=\x07",
    "\x1b]52;c;?\x07",
    "\x1b]52;p;?\x1b\\",
    // Settings asked for with what the server chose inside.
    "\x1bP$qowned\x1b\\",
    "\x1bP$q\"p\x1b\\",
    "\x1bP+q6f776e6564\x1b\\",
    "\x1bP+p6f776e6564\x1b\\",
    // Colours and palette: asked for.
    "\x1b]4;1;?;2;?\x07",
    "\x1b]10;?\x07\x1b]11;?\x07",
    "\x1b]104\x07\x1b]110\x07",
    // Answerback, reports, macros and keys to be redefined.
    "\x05",
    "\x1bP0;0;0!z6f776e6564\x1b\\\x1b[0*z",
    "\x1bP1;1|65/6f776e6564\x1b\\",
    "\x1b]50;?\x07",
    "\x1b]50;owned\x07",
    "\x1b]60;owned\x07",
    // Links.
    "\x1b]8;;javascript:alert(1)\x07click\x1b]8;;\x07",
    "\x1b]8;;data:text/html,<script>alert(1)</script>\x1b\\click\x1b]8;;\x1b\\",
    // Files, notifications, commands of other terminals.
    "\x1b]1337;File=name=b3duZWQ=;inline=0:b3duZWQ=\x07",
    "\x1b]9;owned\x07\x1b]777;notify;owned;owned\x07",
    "\x1b]51;Aowned\x07\x1b]6;1;owned\x07",
    "\x1b_owned\x1b\\\x1b^owned\x1b\\\x1bXowned\x1b\\",
    // Images, and what is asked about them.
    "\x1bPq#0;2;0;0;0!9~owned\x1b\\",
    "\x1b]1337;File=inline=1;name=b3duZWQ=:b3duZWQ=\x07",
    "\x1b]1337;CopyToClipboard=owned\x07owned\x1b]1337;EndCopy\x07",
    "\x1b[?1;1;0S\x1b[?2;1;0S",
    // Text that looks like HTML.
    "<img src=x onerror=alert(1)>\x1b]0;<img src=x onerror=alert(1)>\x07",
    // A string that never ends, and a reset.
    "\x1b]0;owned owned owned\x1bc",
];

/// Shows each byte that the terminal sends while an attack is printed in two pieces, for every
/// place at which it can be cut. What terminals answer by themselves (colours, attributes) is
/// allowed; nothing that the server chose is.
///
/// `$1`: the file with the attacks, one in each line, in hexadecimal.
const PRINTER: &str = r#"
import os, select, sys, termios, tty
attacks = [bytes.fromhex(line) for line in open(sys.argv[1]).read().split()]
before = termios.tcgetattr(0)
tty.setraw(0)
came = b""
def hear(seconds):
    global came
    while select.select([0], [], [], seconds)[0]:
        came += os.read(0, 65536)
def ask():
    # A question that every terminal answers: what came before the answer is complete.
    global came
    os.write(1, b"\x1b\\\x1b[6n")
    while b"R" not in came[asked:]:
        came += os.read(0, 1)
for attack in attacks:
    for place in range(1, len(attack) + 1):
        asked = len(came)
        os.write(1, attack[:place])
        select.select([0], [], [], 0.002)
        os.write(1, attack[place:])
        ask()
termios.tcsetattr(0, termios.TCSANOW, before)
open("came", "wb").write(came)
os.write(1, b"\x1bc\x1b[H\x1b[2Jprinted\r\n")
"#;

/// Notes in the page what no attack may reach, and puts a text into the clipboard.
const WATCH: &str = r"
self.done = [];
const { clipboard } = navigator;
self.mine = clipboard.readText.bind(clipboard);
const note = (name) => () => { self.done.push(name); return Promise.reject(new Error(name)); };
for (const name of ['readText', 'read']) clipboard[name] = note(name);
for (const name of ['alert', 'open', 'eval', 'Notification']) self[name] = note(name);
return clipboard.writeText('mine').then(() => true);
";

async fn clipboard(browser: &Browser) -> Result<Value> {
    browser.script("return self.mine()", vec![]).await
}

async fn print_all(world: &World) -> Result<String> {
    let hex = |attack: &&str| -> String {
        let bytes = attack.bytes().map(|byte| format!("{byte:02x}"));
        bytes.collect()
    };
    let lines: Vec<_> = ATTACKS.iter().map(hex).collect();
    world.server()?.put("attacks", lines.join("\n"))?;
    world.server()?.put("printer.py", PRINTER)?;
    let browser = world.browser();
    browser.enter("python3 printer.py attacks").await?;
    let long = PATIENCE + Duration::from_mins(1);
    until("everything is printed", long, async || {
        Ok(world.server()?.home().join("came").exists())
    })
    .await?;
    browser.shows("printed").await?;
    Ok(world.server()?.file("came"))
}

#[tokio::test]
async fn no_output_types_reads_the_clipboard_navigates_or_runs() -> Result<()> {
    scenario(Need::Share, WorldOptions::default(), async |world| {
        world.log_in().await?;
        let browser = world.browser();
        browser.allow_clipboard(&world.relay().origin()).await?;
        browser.script(WATCH, vec![]).await?;
        let address = browser.driver().current_url().await?;
        let came = print_all(world).await?;
        ensure!(
            came.contains("\x1b["),
            "the terminal answered nothing: {came:?}"
        );
        for chosen in ["owned", "6f776e6564", "alert", "mine", "bWluZQ"] {
            ensure!(!came.contains(chosen), "the terminal sent {came:?}");
        }
        // A line that the shell would run needs its end.
        ensure!(!came.contains(['\r', '\n']), "the terminal sent {came:?}");
        assert_eq!(clipboard(browser).await?, "mine");
        assert_eq!(browser.driver().current_url().await?, address);
        let done = browser.script("return self.done", vec![]).await?;
        assert_eq!(done, Value::Array(vec![]), "the page did what it was told");
        assert_eq!(browser.driver().windows().await?.len(), 1);
        assert_eq!(world.server()?.file("owned"), "");
        world
            .run("echo goes on", "goes on")
            .await
            .context("afterwards")
    })
    .await
}
