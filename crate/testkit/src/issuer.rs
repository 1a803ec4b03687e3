//! An issuer of certificates: an HTTP server that signs the keys that it is sent with `ssh-keygen -s`,
//! or does something else instead.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anyhow::{Context, Result, ensure};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use crate::keygen::{make_key, ssh_keygen};

/// Bytes of [`Issue::Huge`].
const HUGE_BYTES: usize = 10 * 1024 * 1024;

/// What an issuer does when it is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Issue {
    /// It signs the key for a user.
    Certificate {
        /// The user.
        principal: String,
        /// How long it counts, as `ssh-keygen -V` takes it: `-1m:+1h`.
        validity: String,
    },
    /// It answers with a certificate of another key.
    OtherKey,
    /// It signs the key as a host's.
    Host,
    /// It answers with a certificate whose last letters were changed.
    Forged,
    /// It answers with this text.
    Text(String),
    /// It answers with 10 MiB.
    Huge,
    /// It answers with another status, and these words.
    Status(u16, String),
    /// It sends the client elsewhere.
    Redirect(String),
    /// It says nothing.
    Silence,
}

/// What a client asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Request line and headers.
    pub head: String,
    /// The body.
    pub body: String,
}

/// A running issuer. Dropping it ends it.
#[derive(Debug)]
pub struct Issuer {
    address: SocketAddr,
    inner: Arc<Inner>,
    task: Option<JoinHandle<()>>,
}

#[derive(Debug)]
struct Inner {
    folder: TempDir,
    issue: Mutex<Issue>,
    asked: Mutex<Vec<Asked>>,
}

impl Issuer {
    /// Starts an issuer with an authority of its own.
    ///
    /// # Errors
    ///
    /// `ssh-keygen` failed, or there is no port.
    pub async fn start(issue: Issue) -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("transom-ca-").tempdir()?;
        make_key(folder.path(), "ca", &["-t", "ed25519"], "")?;
        make_key(folder.path(), "other", &["-t", "ed25519"], "")?;
        let mut issuer = Self {
            address: (Ipv4Addr::LOCALHOST, 0).into(),
            inner: Arc::new(Inner {
                folder,
                issue: Mutex::new(issue),
                asked: Mutex::default(),
            }),
            task: None,
        };
        issuer.resume().await?;
        Ok(issuer)
    }

    /// Its address.
    pub fn url(&self) -> String {
        format!("http://{}/sign?realm=test", self.address)
    }

    /// The authority's public key, as `TrustedUserCAKeys` names it.
    pub fn authority(&self) -> PathBuf {
        self.inner.folder.path().join("ca.pub")
    }

    /// From now on it does this.
    pub fn issue(&self, issue: Issue) {
        *lock(&self.inner.issue) = issue;
    }

    /// What it was asked so far.
    pub fn asked(&self) -> Vec<Asked> {
        lock(&self.inner.asked).clone()
    }

    /// Nobody answers any more.
    pub fn stop(&mut self) {
        if let Some(task) = self.task.take() {
            task.abort();
        }
    }

    /// It answers again, at the same address.
    ///
    /// # Errors
    ///
    /// Somebody else has taken the port.
    pub async fn resume(&mut self) -> Result<()> {
        self.stop();
        let listener = TcpListener::bind(self.address).await?;
        self.address = listener.local_addr()?;
        let inner = Arc::clone(&self.inner);
        self.task = Some(tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let inner = Arc::clone(&inner);
                // A client that goes away is what some tests are about.
                tokio::spawn(async move { inner.serve(stream).await });
            }
        }));
        Ok(())
    }
}

impl Drop for Issuer {
    fn drop(&mut self) {
        self.stop();
    }
}

impl Inner {
    async fn serve(&self, mut stream: TcpStream) -> Result<()> {
        let asked = read(&mut stream).await?;
        let body = asked.body.clone();
        lock(&self.asked).push(asked);
        let issue = lock(&self.issue).clone();
        let (status, headers, answer) = match issue {
            Issue::Silence => return core::future::pending().await,
            Issue::Status(status, words) => (status, String::new(), words.into_bytes()),
            Issue::Redirect(to) => (302, format!("location: {to}\r\n"), Vec::new()),
            Issue::Huge => (200, String::new(), vec![b'A'; HUGE_BYTES]),
            Issue::Text(text) => (200, String::new(), text.into_bytes()),
            signing => (200, String::new(), self.sign(&signing, &body)?.into_bytes()),
        };
        let length = answer.len();
        let head = format!("HTTP/1.1 {status} X\r\n{headers}content-length: {length}\r\n\r\n");
        stream.write_all(head.as_bytes()).await?;
        stream.write_all(&answer).await?;
        Ok(())
    }

    fn sign(&self, issue: &Issue, line: &str) -> Result<String> {
        // Each question has a folder: several may come at once.
        let folder = tempfile::tempdir_in(self.folder.path())?;
        let public = folder.path().join("key.pub");
        match issue {
            Issue::OtherKey => {
                std::fs::copy(self.folder.path().join("other.pub"), &public)?;
            }
            _ => std::fs::write(&public, line)?,
        }
        let authority = self.folder.path().join("ca");
        let (authority, public) = (text(&authority)?, text(&public)?);
        let (principal, validity) = match issue {
            Issue::Certificate {
                principal,
                validity,
            } => (principal.as_str(), validity.as_str()),
            _ => ("tara", "-1m:+1h"),
        };
        let mut arguments = vec!["-q", "-s", authority, "-I", "issued here"];
        arguments.extend(["-n", principal, "-V", validity]);
        if *issue == Issue::Host {
            arguments.push("-h");
        }
        arguments.push(public);
        ssh_keygen(&arguments)?;
        let signed = std::fs::read_to_string(folder.path().join("key-cert.pub"))?;
        Ok(if *issue == Issue::Forged {
            forged(&signed)
        } else {
            signed
        })
    }
}

/// The same certificate with another letter in the middle of its name.
fn forged(line: &str) -> String {
    let mut words: Vec<String> = line.split(' ').map(str::to_owned).collect();
    if let Some(blob) = words.get_mut(1) {
        // Near the end stands the signature.
        let place = blob.len().saturating_sub(24);
        let other = if blob.get(place..=place) == Some("A") {
            "B"
        } else {
            "A"
        };
        blob.replace_range(place..=place, other);
    }
    words.join(" ")
}

async fn read(stream: &mut TcpStream) -> Result<Asked> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await?);
    }
    let head = String::from_utf8(head)?;
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        let is_length = name.eq_ignore_ascii_case("content-length");
        is_length.then(|| value.trim().parse::<usize>().ok())?
    });
    let length = length.unwrap_or_default();
    ensure!(length <= HUGE_BYTES, "a body of {length} bytes");
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await?;
    let body = String::from_utf8(body)?;
    Ok(Asked { head, body })
}

fn text(path: &Path) -> Result<&str> {
    path.to_str().context("a path that is no text")
}

fn lock<T>(value: &Mutex<T>) -> MutexGuard<'_, T> {
    value.lock().unwrap_or_else(PoisonError::into_inner)
}
