//! A subsystem ([RFC 4254 §6.5]): a stream of bytes in each direction.
//!
//! [RFC 4254 §6.5]: https://www.rfc-editor.org/rfc/rfc4254#section-6.5

use std::sync::Arc;

use crate::channel::Channel;
use crate::spool::{Mode, Stream};
use crate::{ChannelError, ChannelInput, ChannelOutput};

/// A running subsystem. Its halves may live in different tasks; when both are dropped, the channel is
/// closed.
///
/// Read all the time: while output waits unread, the server is held back, and with it every other
/// channel of the connection. What it says on standard error is dropped.
#[derive(Debug)]
pub struct Subsystem {
    /// What it says.
    pub output: ChannelOutput,
    /// What it is told. Shutting it down tells that there is no more.
    pub input: ChannelInput,
}

impl Subsystem {
    pub(crate) async fn start(channel: Channel, name: &str) -> Result<Self, ChannelError> {
        channel.set_mode(Mode::Exec);
        channel.spool.abandon(Stream::Error);
        channel.request_subsystem(name).await?;
        channel.granted("the subsystem").await?;
        let channel = Arc::new(channel);
        Ok(Self {
            output: ChannelOutput::new(Arc::clone(&channel)),
            input: ChannelInput::new(channel),
        })
    }
}
