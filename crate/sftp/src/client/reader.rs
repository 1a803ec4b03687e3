//! Reads a file from front to end, with as many requests under way as the link takes.

use core::ops::Range;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;

use super::{File, unexpected};
use crate::codec::{Response, Status};
use crate::error::{Operation, SftpError};
use crate::link::{Answer, Asked, Bulk};

/// Bytes that one request asks for, at most. Larger ones gain nothing, and smaller ones let
/// the window be fine.
const REQUEST_BYTES: u32 = 64 * 1024;

/// Bytes that one reader asks for ahead, at most; the window of the connection is the other bound.
const AHEAD_BYTES: u64 = 8 * 1024 * 1024;

/// Reads a part of a file in order. Requests are sent while [`Self::next`] is called.
#[derive(Debug)]
pub struct FileReader {
    file: File,
    beside: Beside,
    /// Requests so far: who is asked first changes with each.
    turn: usize,
    /// Asked for and not given out, in the order of their places in the file.
    asked: VecDeque<Piece>,
    next: u64,
    end: u64,
    /// The file ended before the part did.
    short: bool,
}

#[derive(Debug)]
struct Piece {
    place: Range<u64>,
    asked: Asked,
    /// Asked on another connection than the file's own.
    aside: bool,
}

/// The same file, opened on more connections. May grow while it is read.
#[derive(Clone, Debug, Default)]
pub(crate) struct Beside(Arc<Mutex<Vec<File>>>);

impl Beside {
    pub(crate) fn add(&self, file: File) {
        self.with(|files| files.push(file));
    }

    /// One that has room, from the `turn`th on.
    fn room(&self, bytes: u32, turn: usize) -> Option<(File, Bulk)> {
        self.with(|files| {
            let (before, from) = files.split_at(turn % files.len().max(1));
            from.iter().chain(before).find_map(|file| {
                let limits = &file.sftp().offer().limits;
                let room = file
                    .sftp()
                    .shared()
                    .try_room(bytes.min(limits.read_bytes))?;
                Some((file.clone(), room))
            })
        })
    }

    fn clear(&self) {
        // Dropped outside of the lock.
        let _files = self.with(core::mem::take);
    }

    fn with<T>(&self, act: impl FnOnce(&mut Vec<File>) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl FileReader {
    pub(super) fn new(file: File, part: Range<u64>, beside: Beside) -> Self {
        Self {
            file,
            beside,
            turn: 0,
            asked: VecDeque::new(),
            next: part.start,
            end: part.end,
            short: false,
        }
    }

    /// Takes the next bytes; `None` at the end of the part or of the file.
    ///
    /// # Errors
    ///
    /// Any [`SftpError`].
    ///
    /// # Cancel safety
    ///
    /// A dropped call may lose bytes that were on their way: do not go on with this reader.
    pub async fn next(&mut self) -> Result<Option<Bytes>, SftpError> {
        loop {
            self.ask().await?;
            let Some(Piece {
                place,
                asked,
                aside,
            }) = self.asked.pop_front()
            else {
                return Ok(None);
            };
            match asked.answer().await {
                Ok(Answer::Plain(Response::Data(data))) if !data.is_empty() => {
                    self.refill(&place, &data).await?;
                    return Ok(Some(data));
                }
                Err(_) if aside => {
                    // Only the file's own connection decides what is wrong.
                    self.beside.clear();
                    self.ask_again(place).await?;
                }
                // No bytes and no end: a server that would keep us asking.
                Ok(_) => return Err(unexpected(self.file.subject(Operation::Read))),
                Err(error) if error.status() == Some(Status::Eof) => {
                    self.short = true;
                    self.end = place.start;
                    self.next = place.start;
                    self.asked.clear();
                    return Ok(None);
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// Whether the file ended before the part that was to be read.
    pub fn is_short(&self) -> bool {
        self.short
    }

    /// Asks for as much as there is room for, and waits for room only where nothing is asked.
    async fn ask(&mut self) -> Result<(), SftpError> {
        let most = REQUEST_BYTES.min(self.file.sftp().offer().limits.read_bytes);
        while self.next < self.end {
            let front = self
                .asked
                .front()
                .map_or(self.next, |piece| piece.place.start);
            if self.next - front >= AHEAD_BYTES {
                break;
            }
            let left = self.end - self.next;
            let bytes = u32::try_from(left).map_or(most, |left| left.min(most));
            let (room, aside) = if self.asked.is_empty() {
                let subject = self.file.subject(Operation::Read);
                (self.file.sftp().shared().room(bytes, &subject).await?, None)
            } else if let Some((room, aside)) = self.room(bytes) {
                (room, aside)
            } else {
                break;
            };
            let place = self.next..self.next + u64::from(room.bytes());
            self.next = place.end;
            let piece = self.piece(place, room, aside.as_ref())?;
            self.asked.push_back(piece);
        }
        Ok(())
    }

    /// Asks again for what a short answer left out, before everything else.
    async fn refill(&mut self, place: &Range<u64>, data: &Bytes) -> Result<(), SftpError> {
        let got = place.start + u64::try_from(data.len()).unwrap_or(u64::MAX);
        if got >= place.end {
            return Ok(());
        }
        self.ask_again(got..place.end).await
    }

    /// Asks on the file's own connection, before everything else.
    async fn ask_again(&mut self, place: Range<u64>) -> Result<(), SftpError> {
        let bytes = u32::try_from(place.end - place.start).unwrap_or(REQUEST_BYTES);
        let subject = self.file.subject(Operation::Read);
        let room = self.file.sftp().shared().room(bytes, &subject).await?;
        let piece = self.piece(place, room, None)?;
        self.asked.push_front(piece);
        Ok(())
    }

    /// Room for a request now, and where it is on another connection than the file's own.
    fn room(&mut self, bytes: u32) -> Option<(Bulk, Option<File>)> {
        self.turn = self.turn.wrapping_add(1);
        let own = || self.file.sftp().shared().try_room(bytes);
        let aside = || self.beside.room(bytes, self.turn);
        aside()
            .map(|(file, room)| (room, Some(file)))
            .or_else(|| own().map(|room| (room, None)))
    }

    fn piece(
        &self,
        place: Range<u64>,
        room: Bulk,
        aside: Option<&File>,
    ) -> Result<Piece, SftpError> {
        let subject = self.file.subject(Operation::Read);
        let file = aside.unwrap_or(&self.file);
        let shared = file.sftp().shared();
        let asked = shared.read(file.handle(), place.start, room, subject)?;
        Ok(Piece {
            place,
            asked,
            aside: aside.is_some(),
        })
    }
}
