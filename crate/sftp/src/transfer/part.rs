//! Whether the part of an earlier attempt is the beginning of the file.

use bytes::Bytes;
use sha2::{Digest as _, Sha256 as Hasher};

use super::{Progress, SLICE_BYTES, TransferError};
use crate::client::File;
use crate::shell::{Sha256, Shell, sha256};

/// Reads local bytes: a source or a sink.
pub(super) trait Local {
    async fn slice(&mut self, offset: u64, length: usize) -> Result<Bytes, TransferError>;
}

/// A hash of local bytes, fed from the front. Where nobody will ask for it, it computes nothing:
/// in a browser hashing costs as much as decrypting.
#[derive(Clone, Debug)]
pub(super) struct Sum(Option<Hasher>);

impl Sum {
    /// Begins; `wanted` tells whether the digest will be asked for.
    pub(super) fn new(wanted: bool) -> Self {
        Self(wanted.then(Hasher::default))
    }

    pub(super) fn feed(&mut self, bytes: &[u8]) {
        if let Some(hasher) = &mut self.0 {
            hasher.update(bytes);
        }
    }

    /// The hash of all that was fed; `None` where it was not wanted.
    pub(super) fn digest(self) -> Option<Sha256> {
        self.0.map(|hasher| hasher.finalize().into())
    }
}

/// Compares the first `length` bytes of both sides, by the server's shell or by reading back all of
/// them. Gives the hash of them where they are the same.
pub(super) async fn same_start(
    local: &mut impl Local,
    remote: &File,
    length: u64,
    shell: &impl Shell,
    progress: &mut impl FnMut(Progress),
) -> Result<Option<Sum>, TransferError> {
    // Asked first: the server hashes while we do.
    let told = sha256(shell, remote.path(), Some(length));
    let hashed = hash(local, length, progress);
    let (told, sum) = futures::join!(told, hashed);
    let sum = sum?;
    if told.is_some() && told == sum.clone().digest() {
        return Ok(Some(sum));
    }
    // No shell, or one that sees another file there (a changed root): the file itself decides.
    let same = compare(local, remote, length, progress).await?;
    Ok(same.then_some(sum))
}

async fn hash(
    local: &mut impl Local,
    length: u64,
    progress: &mut impl FnMut(Progress),
) -> Result<Sum, TransferError> {
    let mut sum = Sum::new(true);
    let mut done = 0;
    while done < length {
        let bytes = local.slice(done, slice(length - done)).await?;
        sum.feed(&bytes);
        done += u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        progress(Progress::Verifying {
            done,
            total: length,
        });
    }
    Ok(sum)
}

async fn compare(
    local: &mut impl Local,
    remote: &File,
    length: u64,
    progress: &mut impl FnMut(Progress),
) -> Result<bool, TransferError> {
    let mut reader = remote.reader(0..length);
    let mut done = 0;
    while let Some(there) = reader.next().await? {
        let here = local.slice(done, there.len()).await?;
        if here != there {
            return Ok(false);
        }
        done += u64::try_from(there.len()).unwrap_or(u64::MAX);
        progress(Progress::Verifying {
            done,
            total: length,
        });
    }
    Ok(done == length)
}

/// Length of the next slice where `left` bytes are left.
pub(super) fn slice(left: u64) -> usize {
    usize::try_from(left).map_or(SLICE_BYTES, |left| left.min(SLICE_BYTES))
}
