//! Reads a file from front to end, with as many requests under way as the link takes.

use core::ops::Range;
use std::collections::VecDeque;

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
}

impl FileReader {
    pub(super) fn new(file: File, part: Range<u64>) -> Self {
        Self {
            file,
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
        self.ask().await?;
        let Some(Piece { place, asked }) = self.asked.pop_front() else {
            return Ok(None);
        };
        match asked.answer().await {
            Ok(Answer::Plain(Response::Data(data))) if !data.is_empty() => {
                self.refill(&place, &data).await?;
                Ok(Some(data))
            }
            // No bytes and no end: a server that would keep us asking.
            Ok(_) => Err(unexpected(self.file.subject(Operation::Read))),
            Err(error) if error.status() == Some(Status::Eof) => {
                self.short = true;
                self.end = place.start;
                self.next = place.start;
                self.asked.clear();
                Ok(None)
            }
            Err(error) => Err(error),
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
            let shared = self.file.sftp().shared();
            let room = if self.asked.is_empty() {
                shared
                    .room(bytes, &self.file.subject(Operation::Read))
                    .await?
            } else if let Some(room) = shared.try_room(bytes) {
                room
            } else {
                break;
            };
            let place = self.next..self.next + u64::from(bytes);
            self.next = place.end;
            let piece = self.piece(place, room)?;
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
        let rest = got..place.end;
        let bytes = u32::try_from(rest.end - rest.start).unwrap_or(REQUEST_BYTES);
        let subject = self.file.subject(Operation::Read);
        let room = self.file.sftp().shared().room(bytes, &subject).await?;
        let piece = self.piece(rest, room)?;
        self.asked.push_front(piece);
        Ok(())
    }

    fn piece(&self, place: Range<u64>, room: Bulk) -> Result<Piece, SftpError> {
        let subject = self.file.subject(Operation::Read);
        let shared = self.file.sftp().shared();
        let asked = shared.read(self.file.handle(), place.start, room, subject)?;
        Ok(Piece { place, asked })
    }
}
