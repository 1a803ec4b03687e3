//! Standard input and output through the relay, for `ProxyCommand` of OpenSSH's programs: what they
//! reach, they reach as the page does, in binary messages of a WebSocket.

use anyhow::{Context, Result};
use futures_util::{SinkExt as _, StreamExt as _};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;

/// Bytes of a message, at most: what the page sends at once.
const PIECE_BYTES: usize = 64 * 1024;

/// The option with which OpenSSH's programs come through the relay at `origin`.
pub(crate) fn option(origin: &str) -> Result<String> {
    let program = std::env::current_exe()?;
    Ok(format!(
        "ProxyCommand={} bridge {origin}",
        program.display()
    ))
}

/// Carries bytes both ways until either end closes.
///
/// - `origin`: of the page that the relay serves, `http://…`, which it lets in.
pub(crate) async fn carry(origin: &str) -> Result<()> {
    let url = format!("{}/plain", origin.replacen("http://", "ws://", 1));
    let mut request = url.into_client_request()?;
    request.headers_mut().insert("Origin", origin.parse()?);
    let (socket, _) = tokio_tungstenite::connect_async(request)
        .await
        .context("the relay does not let the bridge in")?;
    let (mut to_relay, mut from_relay) = socket.split();
    let up = async {
        let mut input = tokio::io::stdin();
        loop {
            let mut piece = Vec::with_capacity(PIECE_BYTES);
            if input.read_buf(&mut piece).await? == 0 {
                return anyhow::Ok(());
            }
            to_relay.send(Message::binary(piece)).await?;
        }
    };
    let down = async {
        let mut output = tokio::io::stdout();
        while let Some(message) = from_relay.next().await {
            if let Message::Binary(bytes) = message? {
                output.write_all(&bytes).await?;
                output.flush().await?;
            }
        }
        anyhow::Ok(())
    };
    tokio::select! {
        ended = up => ended,
        ended = down => ended,
    }
}
