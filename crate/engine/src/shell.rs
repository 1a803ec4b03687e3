//! The shells of a connection: one task reads each, pages read its log.

mod kept;
mod output;
mod pace;
mod plain;
mod viewer;

use std::rc::Rc;

use bytes::Bytes;
use futures::StreamExt;
use futures::channel::mpsc::{UnboundedReceiver, UnboundedSender, unbounded};
use tokio::sync::Notify;
use transom_browser::{TaskGuard, monotonic};
use transom_protocol::{Event, ExitStatus, ShellId, TerminalSize};
use transom_ssh::{PtySize, ShellEvent, ShellInput, ShellOutput};

use crate::engine::Engine;
use crate::page::{PageId, Pages};
use crate::shell::output::OutputLog;

/// One shell as the engine keeps it, running or ended.
#[derive(Debug)]
pub(crate) struct Shell {
    id: ShellId,
    log: OutputLog,
    /// Wakes the reading task: a page made room.
    room: Rc<Notify>,
    exited: Option<ExitStatus>,
    /// The exit was told; nothing follows it.
    exit_told: bool,
    /// A person closed it.
    closed: bool,
    keys: UnboundedSender<Typed>,
    _tasks: [TaskGuard; 2],
}

/// What goes to the remote program, in order.
#[derive(Debug)]
pub(crate) enum Typed {
    /// Bytes for its standard input.
    Bytes(Bytes),
    /// Its terminal changed size.
    Size(TerminalSize),
    /// The person closed it.
    Close,
}

impl Shell {
    /// Starts the tasks of a shell that the server has opened.
    pub(crate) fn start(
        engine: &Rc<Engine>,
        id: ShellId,
        output: ShellOutput,
        input: ShellInput,
    ) -> Self {
        // Unbounded, because a port cannot be paused; what fills it is a person typing, and a
        // large paste is one message that the page has asked about.
        let (keys, typed) = unbounded();
        let room = Rc::new(Notify::new());
        let reader = transom_browser::spawn(read(Rc::clone(engine), id, output, Rc::clone(&room)));
        let writer = transom_browser::spawn(write(input, typed));
        Self {
            id,
            log: OutputLog::default(),
            room,
            exited: None,
            exit_told: false,
            closed: false,
            keys,
            _tasks: [reader, writer],
        }
    }

    /// How it ended, if it has.
    pub(crate) fn exited(&self) -> Option<&ExitStatus> {
        self.exited.as_ref()
    }

    /// Whether a person closed it, and its end was told.
    pub(crate) fn is_over(&self) -> bool {
        self.closed && self.exit_told
    }

    /// Passes on what a page typed. Typing into an ended shell does nothing.
    pub(crate) fn typed(&mut self, page: PageId, typed: Typed) {
        self.log.used(page);
        self.closed |= matches!(typed, Typed::Close);
        // The writer ends with the channel; the page is told by the exit.
        let _ = self.keys.unbounded_send(typed);
    }

    /// Shows the shell on a page, from the oldest byte that is kept.
    pub(crate) fn attach(&mut self, page: PageId, pages: &Pages) {
        self.log.attach(page);
        self.deliver(pages);
    }

    /// Shows the shell on a page that may show it already.
    pub(crate) fn watch(&mut self, page: PageId, pages: &Pages) {
        if !self.log.is_shown_by(page) {
            pages.tell(page, &Event::Watched { shell: self.id }, None);
            self.attach(page, pages);
        }
    }

    /// No longer shows it there.
    pub(crate) fn detach(&mut self, page: PageId, pages: &Pages) {
        self.log.detach(page);
        self.deliver(pages);
        self.room.notify_one();
    }

    /// Notes what a page has parsed, and sends what there is room for.
    pub(crate) fn parsed(&mut self, page: PageId, offset: u64, pages: &Pages) {
        self.log.parsed(page, offset, monotonic());
        self.deliver(pages);
        if self.log.has_room() {
            self.room.notify_one();
        }
    }

    /// Notes how many lines a page's terminal keeps.
    pub(crate) fn keep_lines(&mut self, page: PageId, lines: Option<u32>) {
        self.log.keep_lines(page, lines);
    }

    /// Notes output of the program.
    fn push(&mut self, bytes: &[u8], pages: &Pages) {
        self.log.push(bytes);
        self.deliver(pages);
    }

    /// Notes that the program ended, unless it is noted already.
    pub(crate) fn exit(&mut self, status: ExitStatus, pages: &Pages) {
        self.exited.get_or_insert(status);
        self.deliver(pages);
    }

    /// Sends each page what its window allows, then the exit once all is sent.
    fn deliver(&mut self, pages: &Pages) {
        let shell = self.id;
        for page in pages.ids() {
            while let Some(piece) = self.log.next_piece(page, monotonic()) {
                let event = Event::Output {
                    shell,
                    offset: piece.offset,
                    replay: piece.replay,
                };
                pages.tell(page, &event, Some(&piece.bytes));
            }
        }
        if let Some(status) = &self.exited
            && !self.exit_told
            && self.log.is_drained()
        {
            self.exit_told = true;
            pages.tell_all(&Event::ShellExited {
                shell,
                status: status.clone(),
            });
        }
    }
}

/// Reads a shell for as long as it lives, but never faster than the pages follow.
async fn read(engine: Rc<Engine>, id: ShellId, mut output: ShellOutput, room: Rc<Notify>) {
    let mut status = ExitStatus::Unknown;
    loop {
        while !engine
            .with_shell(id, |shell, _| shell.log.has_room())
            .unwrap_or(true)
        {
            room.notified().await;
        }
        let bytes = engine.with_shell(id, |shell, _| shell.log.read_ahead_bytes());
        if let Some(bytes) = bytes.flatten() {
            output.limit(bytes);
        }
        match output.next().await {
            Some(ShellEvent::Data(bytes)) => {
                engine.with_shell(id, |shell, pages| shell.push(&bytes, pages));
            }
            Some(ShellEvent::Exit(exit)) => status = crate::words::exit_status(exit),
            None => break,
        }
    }
    engine.shell_ended(id, status);
}

/// Writes what is typed, in order, as fast as the server takes it.
async fn write(input: ShellInput, mut typed: UnboundedReceiver<Typed>) {
    while let Some(typed) = typed.next().await {
        let done = match typed {
            Typed::Bytes(bytes) => input.write(bytes).await,
            Typed::Size(size) => match pty_size(size) {
                Some(size) => input.resize(size).await,
                None => Ok(()),
            },
            Typed::Close => {
                input.close();
                Ok(())
            }
        };
        if done.is_err() {
            // The channel is gone; its reader tells the pages.
            return;
        }
    }
}

/// The size as SSH sends it; `None` for a terminal without cells, which is one that is hidden.
pub(crate) fn pty_size(size: TerminalSize) -> Option<PtySize> {
    let pixels =
        (size.width_px > 0 && size.height_px > 0).then_some((size.width_px, size.height_px));
    PtySize::new(size.columns, size.rows, pixels).ok()
}
