//! The channels that files go over.

use std::rc::Rc;
use std::sync::Arc;

use transom_browser::TaskGuard;
use transom_protocol::{FilesErrorCode, FilesFailure};
use transom_sftp::Sftp;
use transom_ssh::ChannelError;

use super::{Files, NO_CONNECTION, words};
use crate::engine::Engine;
use crate::session::BrowserClock;

impl Files {
    /// The common channel, opened where there is none.
    pub(crate) async fn sftp(engine: &Rc<Engine>) -> Result<Sftp, FilesFailure> {
        let mut slot = engine.files().sftp.lock().await;
        if let Some((sftp, _)) = slot.as_ref().filter(|(sftp, _)| !sftp.is_closed()) {
            return Ok(sftp.clone());
        }
        *slot = None;
        engine.files().folders.borrow_mut().clear();
        let (sftp, task) = Self::channel(engine).await?;
        *slot = Some((sftp.clone(), task));
        Ok(sftp)
    }

    /// Opens a channel; the task moves its bytes.
    pub(super) async fn channel(engine: &Rc<Engine>) -> Result<(Sftp, TaskGuard), FilesFailure> {
        let lost = || words::failure(FilesErrorCode::Lost, NO_CONNECTION);
        let connection = engine.connection().ok_or_else(lost)?;
        let channel = connection
            .subsystem("sftp")
            .await
            .map_err(|error| match error {
                ChannelError::PeerRefused { .. } => words::failure(
                    FilesErrorCode::NoSftp,
                    "This server does not offer file transfer: its SFTP subsystem is not set up. \
                     Its administrator can add it (in OpenSSH: “Subsystem sftp internal-sftp” in \
                     sshd_config)",
                ),
                ChannelError::PeerTimeout { .. } => words::failure(
                    FilesErrorCode::TimedOut,
                    "The server does not answer. Try again in a moment",
                ),
                _ => lost(),
            })?;
        let clock = Arc::new(BrowserClock);
        let options = transom_sftp::Options::default();
        let begun = Sftp::begin(channel.output, channel.input, clock, options).await;
        let (sftp, driver) = begun.map_err(|error| words::sftp_failure(&error))?;
        let task = transom_browser::spawn(driver.run());
        Ok((sftp, task))
    }
}
