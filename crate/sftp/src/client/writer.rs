//! Writes a file from front to end, with as many requests under way as the link takes.

use std::collections::VecDeque;

use futures::FutureExt;

use super::{File, unexpected};
use crate::codec::Response;
use crate::error::{Operation, SftpError};
use crate::link::{Answer, Asked};

/// Bytes that one request carries, at most.
const REQUEST_BYTES: u32 = 64 * 1024;

/// Writes a file in order.
#[derive(Debug)]
pub struct FileWriter {
    file: File,
    next: u64,
    asked: VecDeque<(u64, Asked)>,
    /// All before it was written, says the server.
    written: u64,
}

impl FileWriter {
    pub(super) fn new(file: File, offset: u64) -> Self {
        Self {
            file,
            next: offset,
            asked: VecDeque::new(),
            written: offset,
        }
    }

    /// Takes `data`, and waits where the link takes no more.
    ///
    /// # Errors
    ///
    /// Any [`SftpError`], also of data that was taken before.
    ///
    /// # Cancel safety
    ///
    /// A dropped call has taken none, some or all of it, from the beginning.
    pub async fn write(&mut self, data: &[u8]) -> Result<(), SftpError> {
        let most = REQUEST_BYTES.min(self.file.sftp().offer().limits.write_bytes);
        let most = usize::try_from(most).unwrap_or(usize::MAX).max(1);
        for piece in data.chunks(most) {
            self.reap()?;
            let subject = self.file.subject(Operation::Write);
            let shared = self.file.sftp().shared();
            let bytes = u32::try_from(piece.len()).unwrap_or(u32::MAX);
            let room = shared.room(bytes, &subject).await?;
            let asked = shared.write(self.file.handle(), (self.next, piece), room, subject)?;
            self.next += u64::from(bytes);
            self.asked.push_back((self.next, asked));
        }
        self.reap()
    }

    /// Waits until the server has answered for everything that was taken.
    ///
    /// # Errors
    ///
    /// Any [`SftpError`].
    ///
    /// # Cancel safety
    ///
    /// A dropped call may lose an error: do not go on with this writer.
    pub async fn flush(&mut self) -> Result<(), SftpError> {
        while let Some((end, asked)) = self.asked.pop_front() {
            self.answered(end, asked.answer().await)?;
        }
        Ok(())
    }

    /// Offset in the file up to which the server has confirmed everything.
    pub fn written(&self) -> u64 {
        self.written
    }

    /// Looks at the answers that are there.
    fn reap(&mut self) -> Result<(), SftpError> {
        while let Some((end, asked)) = self.asked.front_mut() {
            let end = *end;
            let Some(answer) = asked.poll_answer().now_or_never() else {
                break;
            };
            self.asked.pop_front();
            self.answered(end, answer)?;
        }
        Ok(())
    }

    fn answered(&mut self, end: u64, answer: Result<Answer, SftpError>) -> Result<(), SftpError> {
        match answer? {
            Answer::Plain(Response::Status { .. }) => {
                self.written = end;
                Ok(())
            }
            _ => Err(unexpected(self.file.subject(Operation::Write))),
        }
    }
}
