//! xterm.js: the only module that names it.
//!
//! `xterm-js-rs` binds version 4; what version 6 has besides is declared in `js`, on the same
//! objects. Server output goes in as bytes and is never text on our side: UTF-8 may be split
//! anywhere, and xterm.js keeps the remainder.

mod announce;
mod blocks;
mod buffer;
mod document;
mod events;
mod fold;
mod images;
mod js;
mod keyboard;
mod links;
mod mouse;
mod options;
mod osc;
mod output;
mod pasting;
mod replay;
mod search;
mod sight;
mod snapshot;
mod theme;
mod touch;
mod webgl;

use core::any::Any;
use std::rc::Rc;

use js_sys::Uint8Array;
use transom_browser::JsFailure;
use transom_protocol::RemotePath;
use transom_protocol::TerminalSize;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;
use xterm_js_rs::addons::fit::FitAddon;
use yew::{AttrValue, Callback};

use crate::state::block::Ran;
use crate::state::find::{Found, Wanted, Way};
use crate::state::key_press::Chord;
use crate::state::osc::Progress;
use crate::state::settings::Settings;
use crate::xterm::announce::Announcer;
pub(crate) use crate::xterm::blocks::{Blocks, Toggled};
pub(crate) use crate::xterm::document::SpanStyles;
use crate::xterm::document::Stylesheets;
use crate::xterm::js::JsTerminal;
pub(crate) use crate::xterm::keyboard::press;
use crate::xterm::mouse::Mouse;
use crate::xterm::options::{first_options, paint_ground, set_options};
use crate::xterm::output::Output;
use crate::xterm::replay::Silence;
use crate::xterm::search::Search;
use crate::xterm::snapshot::Snapshots;

/// How long the closures of a closed terminal live on, in milliseconds: xterm.js still parses
/// what was written, at most one window of output, and calls back for it.
const LINGER_MS: u32 = 10_000;

/// Colours of the terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Palette {
    /// Light on dark.
    Dark,
    /// Dark on light.
    Paper,
}

/// What a terminal tells.
#[derive(Clone)]
pub(crate) struct Listeners {
    /// Bytes for the shell: typed, pasted, or answers to what programs ask.
    pub(crate) on_input: Callback<Vec<u8>>,
    /// All output before this offset is parsed. Told seldom enough to be cheap.
    pub(crate) on_parsed: Callback<u64>,
    /// The shell named itself; not safe to show yet.
    pub(crate) on_title: Callback<String>,
    pub(crate) on_bell: Callback<()>,
    /// Text is selected, or no longer.
    pub(crate) on_selected: Callback<bool>,
    /// Whether such a key is the page's now; else it goes to the shell.
    pub(crate) takes: Callback<Chord, bool>,
    /// A key of the page's own was pressed.
    pub(crate) on_chord: Callback<Chord>,
    /// The person pastes this text; nothing is sent before [`Terminal::paste`].
    pub(crate) on_paste: Callback<String>,
    /// What a search found, also when new output changes it.
    pub(crate) on_found: Callback<Found>,
    /// A program wants this text on the clipboard.
    pub(crate) on_clipboard: Callback<String>,
    /// A program tells how far it is.
    pub(crate) on_progress: Callback<Progress>,
    /// The shell says on which machine and in which folder it is.
    pub(crate) on_folder: Callback<(String, RemotePath)>,
    /// A command began or ended, in a shell that marks them.
    pub(crate) on_ran: Callback<Ran>,
    /// The badge of a command was clicked: its output is folded or unfolded.
    pub(crate) on_fold: Callback<Toggled>,
    /// The mouse is over a link to this address, or no longer over one.
    pub(crate) on_link: Callback<Option<AttrValue>>,
}

/// A terminal on the page. Dropping it removes it and every listener it holds.
pub(crate) struct Terminal {
    js: JsTerminal,
    fit: FitAddon,
    search: Search,
    blocks: Rc<Blocks>,
    snapshots: Snapshots,
    host: HtmlElement,
    output: Rc<Output>,
    announcer: Announcer,
    mouse: Rc<Mouse>,
    _stylesheets: Option<Rc<Stylesheets>>,
    /// Closures that JavaScript calls.
    kept: Vec<Box<dyn Any>>,
}

impl Terminal {
    /// Draws a terminal into `host`, which must be on the page.
    ///
    /// # Errors
    ///
    /// [`JsFailure`] when xterm.js cannot draw in this browser.
    pub(crate) fn open(
        host: &HtmlElement,
        settings: &Settings,
        palette: Palette,
        listeners: &Listeners,
    ) -> Result<Self, JsFailure> {
        let stylesheets = Stylesheets::new().ok().map(Rc::new);
        let options = first_options(settings, palette, stylesheets.as_deref());
        let mut kept: Vec<Box<dyn Any>> = Vec::new();
        options.set_link_handler(&links::handler(listeners, &mut kept));
        let js: JsTerminal = xterm_js_rs::Terminal::new(&options).unchecked_into();
        let output = Rc::new(Output::new(listeners.on_parsed.clone()));
        let silence = Silence::new(&output);
        silence.fall(&js);
        output.after_images(silence);
        let (blocks, marks) = Blocks::listen(&js, &output, listeners);
        kept.push(Box::new(marks));
        kept.push(Box::new(osc::listen(&js, listeners, &output)));
        let fit = FitAddon::new();
        load_addon(&js, &fit);
        load_addon(&js, &links::addon(listeners, &mut kept));
        load_addon(&js, &js::UnicodeGraphemesAddon::new());
        js.unicode().set_active_version("15-graphemes");
        {
            let _while_opening = stylesheets.as_deref().map(Stylesheets::everywhere);
            js.open_in(host)?;
        }
        webgl::draw(&js, &output);
        kept.extend(events::listen(&js, listeners, &output));
        kept.push(Box::new(keyboard::listen(&js, listeners)));
        kept.push(Box::new(pasting::listen(host, listeners)));
        kept.extend(touch::listen(&js, host));
        paint_ground(host, settings, palette);
        let mouse = Rc::new(Mouse::new(&js, settings));
        kept.extend(mouse::listen(host, &mouse, listeners));
        Ok(Self {
            announcer: Announcer::new(&js),
            mouse,
            js,
            fit,
            search: Search::new(listeners.on_found.clone(), palette),
            blocks,
            snapshots: Snapshots::default(),
            host: host.clone(),
            output,
            _stylesheets: stylesheets,
            kept,
        })
    }

    /// Queues output. See [`Output::write`].
    pub(crate) fn write(&self, bytes: &Uint8Array, end: u64, replay: bool) {
        self.announcer.hear(bytes.length());
        self.output.write(&self.js, bytes, end, replay);
    }

    /// Begins to count for another shell: its output starts at offset 0.
    pub(crate) fn begin_shell(&self) {
        self.output.begin();
    }

    /// Draws a dim rule with `words` under the output, and leaves every mode that a program may
    /// have set: full screen, mouse reports, hidden cursor.
    pub(crate) fn rule(&self, words: &str) {
        let text = format!(
            "\u{1b}[?1047l\u{1b}[!p\u{1b}[?1000;1002;1003;1004;1006;2004l\u{1b}[?25h\
             \u{1b}[0m\r\n\u{1b}[2m— {words} —\u{1b}[0m\r\n"
        );
        self.output
            .write_own(&self.js, &Uint8Array::from(text.as_bytes()));
    }

    /// Fits the grid to the element, and says how large it is. `None` while it is hidden.
    pub(crate) fn fit(&self) -> Option<TerminalSize> {
        if self.host.client_width() == 0 || self.host.client_height() == 0 {
            return None;
        }
        let (asked, now) = (self.fit.propose_dimensions(), self.js.get_cols());
        // Lines are wrapped anew by xterm.js, which knows only those that are not folded.
        let columns = js::number(asked.as_ref(), "cols");
        if columns.is_some_and(|columns| (columns - f64::from(now)).abs() > 0.5) {
            self.blocks.rewrapped(|| self.fit.fit());
        } else {
            self.fit.fit();
        }
        Some(TerminalSize {
            columns: self.js.get_cols().max(1),
            rows: self.js.get_rows().max(1),
            width_px: u32::try_from(self.host.client_width()).unwrap_or(0),
            height_px: u32::try_from(self.host.client_height()).unwrap_or(0),
        })
    }

    /// Takes the keyboard.
    pub(crate) fn focus(&self) {
        self.js.focus();
    }

    /// Follows changed settings.
    pub(crate) fn apply(&self, settings: &Settings, palette: Palette) {
        let options = self.js.options();
        set_options(&options, settings, palette);
        paint_ground(&self.host, settings, palette);
        let scheme = settings.scheme(palette == Palette::Dark);
        let palette = scheme.map_or(palette, theme::palette_of);
        self.search.set_palette(palette);
        self.mouse.follow(settings);
    }

    /// Types `text` as pasted: with the brackets that the program asked for, if it did.
    ///
    /// # Security
    ///
    /// Control characters are left out: one of them would end the brackets early (xterm.js 6.0
    /// does not check), and what follows would count as typed.
    pub(crate) fn paste(&self, text: &str) {
        let text: String = text
            .chars()
            .filter(|c| !c.is_control() || matches!(c, '\t' | '\n' | '\r'))
            .collect();
        self.js.paste(&text);
    }

    /// Whether the program can tell pasted text from typed text.
    pub(crate) fn brackets_paste(&self) -> bool {
        self.js.modes().bracketed_paste_mode()
    }

    /// Whether the program asked for application cursor keys (DECCKM).
    pub(crate) fn has_application_keys(&self) -> bool {
        self.js.modes().application_cursor_keys_mode()
    }

    /// The selected text; empty where nothing is selected.
    pub(crate) fn selection(&self) -> String {
        self.js.get_selection()
    }

    /// Selects nothing.
    pub(crate) fn clear_selection(&self) {
        self.js.clear_selection();
    }

    /// The commands that the shell marks.
    pub(crate) fn blocks(&self) -> &Blocks {
        &self.blocks
    }

    /// Fetches the part that makes snapshots, once.
    pub(crate) async fn prepare_snapshot(&self) {
        self.snapshots.prepare().await;
    }

    /// Gives `take` text that draws the screen again, as it is once everything that was written
    /// is parsed, and before anything else is.
    pub(crate) fn snapshot(&self, take: impl FnOnce(String) + 'static) {
        self.snapshots.take(&self.js, take);
    }

    /// What is on the screen now and above it, as text that draws it again; at most `most` bytes. `None`
    /// before [`Terminal::prepare_snapshot`].
    ///
    /// - `lines`: how many above the screen; the first one of these with which it is not too much.
    pub(crate) fn text_of_all(&self, lines: &[u32], most: usize) -> Option<String> {
        self.blocks.opened(|| {
            let mut texts = lines
                .iter()
                .filter_map(|lines| self.snapshots.now(&self.js, *lines));
            texts.find(|text| text.len() <= most)
        })
    }

    /// Draws what [`Terminal::text_of_all`] gave.
    pub(crate) fn write_kept(&self, text: &str) {
        self.output
            .write_own(&self.js, &Uint8Array::from(text.as_bytes()));
    }

    /// Fetches the part that finds text, once.
    pub(crate) async fn prepare_search(&self) {
        self.search.prepare(&self.js).await;
    }

    /// Selects a match, and tells how many there are; outputs are unfolded for it. Nothing is found before
    /// [`Terminal::prepare_search`].
    pub(crate) fn find(&self, wanted: &Wanted, way: Way) {
        self.blocks.open_for_search();
        self.search.find(wanted, way);
    }

    /// Takes the marks of a search away. What is selected stays so, unless outputs that were unfolded for the search
    /// are folded again.
    pub(crate) fn end_search(&self) {
        self.search.clear();
        self.blocks.close_after_search();
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        self.output.end();
        self.js.dispose();
        let kept = core::mem::take(&mut self.kept);
        let output = Rc::clone(&self.output);
        wasm_bindgen_futures::spawn_local(async move {
            gloo_timers::future::TimeoutFuture::new(LINGER_MS).await;
            drop((kept, output));
        });
    }
}

fn load_addon(js: &JsTerminal, addon: &impl JsCast) {
    js.load_addon(addon.unchecked_ref::<js::Addon>());
}
