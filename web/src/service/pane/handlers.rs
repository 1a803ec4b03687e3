//! What a pane does with what its terminal reports.

use std::rc::Weak;

use gloo_timers::future::TimeoutFuture;
use transom_protocol::{Command, ShellId};
use web_sys::HtmlElement;
use yew::{AttrValue, Callback};

use crate::service::pane::{Live, News};
use crate::service::{clipboard, keyboard, place, soft_keys};
use crate::state::block::Ran;
use crate::state::connection::ConnectionId;
use crate::state::find::Searching;
use crate::state::key_press::Chord;
use crate::state::message::{files as file_words, recordings as words};
use crate::state::osc::Progress;
use crate::state::paste::must_ask;
use crate::state::settings::SettingsAction;
use crate::state::tabs::Arrangement;
use crate::state::title;
use crate::state::workspace::Action;
use crate::xterm::Listeners;

/// Between two titles that are drawn, and how long a bell is seen: in milliseconds.
const MOMENT_MS: u32 = 150;

/// Longest selection that a search begins with, in bytes: more is no search term.
const MAX_BEGIN_BYTES: usize = 200;

impl Live {
    /// The handlers, each without effect once the pane is gone.
    pub(super) fn listeners(&self) -> Listeners {
        Listeners {
            on_input: self.callback(|live, bytes: Vec<u8>| {
                live.typed(&soft_keys::modified(bytes));
            }),
            on_parsed: self.callback(Self::parsed),
            on_title: self.callback(|live, title: String| live.titled(&title)),
            on_bell: self.callback(|live, ()| live.rang()),
            on_selected: self.callback(|_, selected| soft_keys::note_selection(selected)),
            takes: self.callback(Self::takes),
            on_chord: self.callback(Self::chord),
            on_paste: self.callback(|live, text: String| {
                live.pasted(&text);
            }),
            on_found: self.callback(|live, found| {
                live.with_wants(|wants| wants.found.set(found));
            }),
            on_clipboard: self.callback(Self::wants_clipboard),
            on_progress: self.callback(|live, progress: Progress| {
                live.news.borrow_mut().progress = Some(progress);
                live.tell_soon();
            }),
            on_folder: self.callback(|live, folder| {
                let shell = live.with_wants(|wants| wants.shell).flatten();
                live.with_provided(|provided| {
                    let files = provided.sessions.files(&live.connection);
                    if let (Some(files), Some(shell)) = (files, shell) {
                        files.note_folder(shell, folder);
                    }
                });
            }),
            on_ran: self.callback(|live, ran: Ran| live.ran(&ran)),
            on_fold: self.callback(|live, toggled| {
                live.tell_fold(toggled);
                if place::nothing_has_focus() {
                    live.focus();
                }
            }),
            on_link: self.callback(|live, address| {
                live.with_wants(|wants| wants.link.set(address));
            }),
        }
    }

    pub(super) fn typed(&self, bytes: &[u8]) {
        self.broadcast(bytes);
        self.typed_alone(bytes);
    }

    /// Types into this terminal only.
    pub(super) fn typed_alone(&self, bytes: &[u8]) {
        let Some((ended, shell)) = self.with_wants(|wants| (wants.ended, wants.shell)) else {
            return;
        };
        match shell {
            _ if ended && bytes == b"\r" => {
                self.with_wants(|wants| wants.restart.clone())
                    .inspect(|restart| restart.emit(self.tab));
            }
            _ if ended => {}
            Some(shell) => {
                self.record_input(bytes);
                self.with_provided(|provided| {
                    provided.sessions.type_bytes(&self.connection, shell, bytes);
                });
            }
            None => {}
        }
    }

    fn parsed(&self, offset: u64) {
        if let Some(shell) = self.with_wants(|wants| wants.shell).flatten() {
            self.send(&Command::Parsed { shell, offset });
        }
    }

    fn titled(&self, title: &str) {
        self.news.borrow_mut().title = Some(title::clean(title));
        self.tell_soon();
    }

    fn rang(&self) {
        self.news.borrow_mut().bell = true;
        self.with_wants(|wants| wants.rang.set(true));
        self.tell_soon();
    }

    /// Tells titles and bells at most once in a moment: a program may change its title with
    /// every line, and each change is drawn.
    fn tell_soon(&self) {
        if core::mem::replace(&mut self.news.borrow_mut().waiting, true) {
            return;
        }
        let me = Weak::clone(&self.me);
        wasm_bindgen_futures::spawn_local(async move {
            TimeoutFuture::new(MOMENT_MS).await;
            if let Some(live) = me.upgrade() {
                live.tell_news();
            }
        });
    }

    fn tell_news(&self) {
        let News {
            title,
            bell,
            progress,
            ..
        } = self.news.take();
        if let Some(progress) = progress {
            self.dispatch(|id, shell| Action::Progressed {
                id,
                shell,
                progress,
            });
        }
        if let Some(title) = title {
            let title = AttrValue::from(title);
            self.dispatch(|id, shell| Action::Titled { id, shell, title });
        }
        if bell {
            self.with_wants(|wants| wants.rang.set(false));
            self.dispatch(|id, shell| Action::Rang { id, shell });
        }
    }

    /// Pastes `text`; `true` where the person is asked first.
    pub(super) fn pasted(&self, text: &str) -> bool {
        let (brackets, careful) = self.paste_risk();
        let asks = must_ask(text, brackets, careful);
        if asks {
            let text = AttrValue::from(text.to_owned());
            self.with_wants(|wants| wants.pasting.set(Some(text)));
        } else {
            self.paste_everywhere(text);
        }
        asks
    }

    /// Whether a key is the page's now: the number of a tab that there is not goes to the shell,
    /// where programs may have a use for it.
    fn takes(&self, chord: Chord) -> bool {
        let Chord::Tab(number) = chord else {
            return true;
        };
        let tab = self.with_wants(|wants| {
            let provided = wants.provided.as_ref()?;
            provided.workspace.tabs().numbered(number)
        });
        tab.flatten().is_some()
    }

    pub(super) fn chord(&self, chord: Chord) {
        match chord {
            Chord::Copy => self.copy(false),
            Chord::CopyAndClear => self.copy(true),
            // The browser pastes by itself, and the page does the others.
            Chord::Paste | Chord::Palette | Chord::Connect => {}
            Chord::Files => self.toggle_files(),
            Chord::Transfers => self.show_transfers(),
            Chord::Find => self.begin_search(),
            Chord::Snippets => {
                self.with_wants(|wants| wants.snippets.set(true));
            }
            Chord::Record => self.toggle_recording(),
            Chord::Mark => self.mark(words::MARKER.say()),
            Chord::Broadcast => {
                self.with_wants(|wants| wants.broadcasting.set(true));
            }
            Chord::QuickSelect => self.quick_select(),
            Chord::StepPrompt(step) => self.step_prompt(step),
            Chord::CopyOutput => self.copy_output(),
            Chord::Fold => self.fold(),
            Chord::FoldAll => self.fold_all(),
            Chord::UnfoldAll => self.unfold_all(),
            Chord::Integrate(on) => self.integrate(on),
            Chord::TellWhenDone => self.tell_when_done(),
            Chord::NewTab => {
                let id = self.connection.clone();
                self.with_provided(|provided| provided.workspace.dispatch(Action::TabAdded(id)));
            }
            Chord::Arrange(step) => {
                // The command may have come from the palette or from a button.
                self.focus();
                let action = Action::Arranged(Arrangement::Step(step));
                self.with_provided(|provided| provided.workspace.dispatch(action));
            }
            Chord::CloseTab => {
                self.with_wants(|wants| wants.close.clone())
                    .inspect(|close| close.emit(self.tab));
            }
            Chord::StepTab(step) => {
                let raise = self.with_wants(|wants| wants.raise.clone());
                self.with_provided(|provided| {
                    if let (Some(tab), Some(raise)) =
                        (provided.workspace.tabs().neighbour(step), raise)
                    {
                        raise.emit(tab);
                    }
                });
            }
            Chord::Tab(number) => {
                let raise = self.with_wants(|wants| wants.raise.clone());
                self.with_provided(|provided| {
                    if let (Some(tab), Some(raise)) =
                        (provided.workspace.tabs().numbered(number), raise)
                    {
                        raise.emit(tab);
                    }
                });
            }
            Chord::MoveWindow => self.move_window(),
            Chord::NextRegion => place::focus_region(true),
            Chord::PreviousRegion => place::focus_region(false),
            Chord::Leave => self.leave(),
            Chord::Zoom(step) => self.set(SettingsAction::FontStepped(step)),
            Chord::ZoomReset => self.set(SettingsAction::FontReset),
            Chord::Send(keys) => self.typed(keys.as_bytes()),
            Chord::FullScreen => keyboard::toggle_full_screen(),
        }
    }

    /// Shows the files of the server, or hides them and takes the keyboard.
    fn toggle_files(&self) {
        self.with_provided(|provided| {
            if let Some(files) = provided.sessions.files(&self.connection) {
                let open = files.is_open();
                files.set_open(!open);
                if open {
                    self.focus();
                }
            }
        });
    }

    /// Shows the transfers and gives them the keyboard; the screen of the files with them.
    fn show_transfers(&self) {
        self.with_provided(|provided| {
            let files = provided.sessions.files(&self.connection);
            let Some(files) = files.filter(|files| !files.transfers().is_empty()) else {
                self.notice(file_words::NO_TRANSFERS.say());
                return;
            };
            files.set_open(true);
            wasm_bindgen_futures::spawn_local(async {
                // Once the screen is drawn, which takes the keyboard for its list.
                TimeoutFuture::new(0).await;
                place::focus_transfers();
            });
        });
    }

    /// Opens the search bar as soon as it can find something.
    fn begin_search(&self) {
        let (me, terminal) = (Weak::clone(&self.me), self.terminal());
        wasm_bindgen_futures::spawn_local(async move {
            let mut begin = String::new();
            if let Some(terminal) = terminal {
                terminal.prepare_search().await;
                begin = terminal.selection();
            }
            if begin.len() > MAX_BEGIN_BYTES || begin.contains(['\n', '\r']) {
                begin.clear();
            }
            if let Some(live) = me.upgrade() {
                let asked_ms = place::now_ms();
                let searching = Some(Searching { begin, asked_ms });
                live.with_wants(|wants| wants.searching.set(searching));
            }
        });
    }

    fn copy(&self, clear: bool) {
        let Some(terminal) = self.terminal() else {
            return;
        };
        let text = terminal.selection();
        if !text.is_empty() {
            clipboard::copy(&text, Callback::noop());
        }
        if clear {
            terminal.clear_selection();
        }
    }

    fn leave(&self) {
        let frame = self.with_wants(|wants| wants.frame.cast::<HtmlElement>());
        if let Some(frame) = frame.flatten() {
            // An element on the page can take the focus.
            let _ = frame.focus();
        }
    }

    pub(super) fn set(&self, action: SettingsAction) {
        self.with_provided(|provided| provided.settings.dispatch(action));
    }

    fn dispatch(&self, action: impl FnOnce(ConnectionId, ShellId) -> Action) {
        if let Some(shell) = self.with_wants(|wants| wants.shell).flatten() {
            let action = action(self.connection.clone(), shell);
            self.with_provided(|provided| provided.workspace.dispatch(action));
        }
    }
}
