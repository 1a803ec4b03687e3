//! Connections onward to sockets, and connections that come to the server and are led here.

use std::os::unix::fs::PermissionsExt as _;
use std::time::Duration;

use anyhow::{Context as _, Result};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpStream, UnixListener, UnixStream};
use transom_ssh::{ChannelError, Connection, Listener, ShellRequest};

use crate::support::{World, read_until, run, size};

const TO_LISTEN: ChannelError = ChannelError::PeerRefused { what: "to listen" };

/// Takes the next connection, answers its line and waits for its end.
async fn answer(listener: &mut Listener) -> Result<()> {
    let mut tunnel = listener.next().await.context("the connection ended")?;
    let mut line = [0; 6];
    tunnel.read_exact(&mut line).await?;
    assert_eq!(&line, b"hello\n");
    tunnel.write_all(b"back\n").await?;
    tunnel.shutdown().await?;
    // A stream that is dropped takes along what is not on its way: the other end has to end first.
    assert_eq!(tunnel.read(&mut line).await?, 0);
    Ok(())
}

/// Says hello and reads until the other side ends.
async fn greet(mut stream: impl AsyncReadWrite) -> Result<String> {
    stream.write_all(b"hello\n").await?;
    let mut said = String::new();
    stream.read_to_string(&mut said).await?;
    Ok(said)
}

trait AsyncReadWrite: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin {}

impl<S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin> AsyncReadWrite for S {}

#[tokio::test]
async fn a_port_of_the_server_leads_here() -> Result<()> {
    let world = World::start(&[]).await?;
    let connection = world.log_in().await?;
    let mut listener = connection.listen("localhost", 0).await?;
    assert_ne!(listener.port(), 0);
    for _ in 0..3 {
        let client = TcpStream::connect(("127.0.0.1", listener.port())).await?;
        let client = tokio::spawn(greet(client));
        answer(&mut listener).await?;
        assert_eq!(client.await??, "back\n");
    }
    Ok(())
}

#[tokio::test]
async fn a_port_that_is_asked_for_is_that_one_and_only_once() -> Result<()> {
    let world = World::start(&[]).await?;
    let connection = world.log_in().await?;
    let port = connection.listen("localhost", 0).await?.port();
    closed(port).await?;
    let mut listener = connection.listen("localhost", port).await?;
    assert_eq!(listener.port(), port);
    let again = connection.listen("localhost", port).await;
    assert_eq!(again.unwrap_err(), TO_LISTEN);
    let client = TcpStream::connect(("127.0.0.1", port)).await?;
    let client = tokio::spawn(greet(client));
    answer(&mut listener).await?;
    assert_eq!(client.await??, "back\n");
    Ok(())
}

/// Waits until nobody listens on a port.
async fn closed(port: u16) -> Result<()> {
    let wait = async {
        while TcpStream::connect(("127.0.0.1", port)).await.is_ok() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    Ok(tokio::time::timeout(Duration::from_secs(10), wait).await?)
}

#[tokio::test]
async fn a_listener_that_is_dropped_ends_the_listening_and_what_nobody_took() -> Result<()> {
    let world = World::start(&[]).await?;
    let connection = world.log_in().await?;
    let listener = connection.listen("localhost", 0).await?;
    let port = listener.port();
    let client = TcpStream::connect(("127.0.0.1", port)).await?;
    let client = tokio::spawn(greet(client));
    // Its answer comes behind the connection's arrival.
    run(&connection, "true").await?;
    drop(listener);
    assert_eq!(client.await?.unwrap_or_default(), "");
    closed(port).await?;
    assert_eq!(run(&connection, "echo alive").await?, "alive\n");
    Ok(())
}

#[tokio::test]
async fn a_socket_in_the_file_system_of_the_server_leads_here() -> Result<()> {
    let world = World::start(&[]).await?;
    let connection = world.log_in().await?;
    let path = world.sshd.folder().join("home/led.sock");
    let mut listener = connection.listen_unix(&path.to_string_lossy()).await?;
    let client = tokio::spawn(greet(UnixStream::connect(&path).await?));
    answer(&mut listener).await?;
    assert_eq!(client.await??, "back\n");
    Ok(())
}

#[tokio::test]
async fn the_server_connects_to_a_socket_in_its_file_system() -> Result<()> {
    let world = World::start(&[]).await?;
    let connection = world.log_in().await?;
    let path = world.sshd.folder().join("home/own.sock");
    let socket = UnixListener::bind(&path)?;
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o777))?;
    let tunnel = connection.open_unix_tunnel(&path.to_string_lossy()).await?;
    let client = tokio::spawn(greet(tunnel));
    let (mut server, _) = socket.accept().await?;
    let mut line = [0; 6];
    server.read_exact(&mut line).await?;
    server.write_all(b"back\n").await?;
    drop(server);
    assert_eq!(client.await??, "back\n");
    let nobody = connection.open_unix_tunnel("/nonexistent").await;
    assert_eq!(nobody.unwrap_err(), ChannelError::PeerCannotReach);
    Ok(())
}

#[tokio::test]
async fn a_server_that_forwards_nothing_says_so() -> Result<()> {
    let config = ["AllowTcpForwarding no", "AllowStreamLocalForwarding no"];
    let world = World::start(&config).await?;
    let connection = world.log_in().await?;
    let port = connection.listen("localhost", 0).await;
    assert_eq!(port.unwrap_err(), TO_LISTEN);
    let path = world.sshd.folder().join("home/no.sock");
    let path = path.to_string_lossy();
    let socket = connection.listen_unix(&path).await;
    assert_eq!(socket.unwrap_err(), TO_LISTEN);
    let onward = connection.open_unix_tunnel(&path).await;
    // OpenSSH gives no other reason for that.
    assert_eq!(onward.unwrap_err(), ChannelError::PeerCannotReach);
    assert_eq!(run(&connection, "echo alive").await?, "alive\n");
    Ok(())
}

#[tokio::test]
async fn a_wait_for_connections_ends_with_the_connection() -> Result<()> {
    let world = World::start(&[]).await?;
    let connection: Connection = world.log_in().await?;
    let mut listener = connection.listen("localhost", 0).await?;
    let waiting = tokio::spawn(async move { listener.next().await.is_none() });
    connection.disconnect().await;
    assert!(waiting.await?);
    Ok(())
}

#[tokio::test]
async fn a_program_of_a_shell_that_may_asks_our_agent_and_others_cannot() -> Result<()> {
    let world = World::start(&[]).await?;
    let connection = world.log_in().await?;
    let mut request = ShellRequest::new(size());
    let mut plain = connection.open_shell(&request).await?;
    plain.input.write("ssh-add -l\n").await?;
    read_until(&mut plain, "Could not open a connection").await?;
    request.forward_agent = true;
    let mut shell = connection.open_shell(&request).await?;
    let mut listener = connection.listen_agent()?;
    shell.input.write("ssh-add -l\n").await?;
    let mut tunnel = listener.next().await.context("the connection ended")?;
    // draft-ietf-sshm-ssh-agent §3: a length, SSH_AGENTC_REQUEST_IDENTITIES (11).
    let mut asked = [0; 5];
    tunnel.read_exact(&mut asked).await?;
    assert_eq!(asked, [0, 0, 0, 1, 11]);
    // SSH_AGENT_IDENTITIES_ANSWER (12) with none.
    tunnel.write_all(&[0, 0, 0, 5, 12, 0, 0, 0, 0]).await?;
    read_until(&mut shell, "The agent has no identities.").await?;
    Ok(())
}
