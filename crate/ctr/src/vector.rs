//! AES in counter mode, by [`transom_aes`].

use core::marker::PhantomData;

use aes::{Aes128, Aes192, Aes256};
use cipher::consts::U16;
use cipher::inout::InOutBuf;
use cipher::{
    Iv, IvSizeUser, Key, KeyIvInit, KeySizeUser, OverflowError, SeekNum, StreamCipher,
    StreamCipherError, StreamCipherSeek,
};
use transom_aes::Aes;

const BLOCK_LEN: u8 = 16;

/// The three ciphers of RustCrypto that this computes in their place.
pub trait AesKey: KeySizeUser {}

impl AesKey for Aes128 {}
impl AesKey for Aes192 {}
impl AesKey for Aes256 {}

/// CTR mode with a big-endian counter of 128 bits (NIST SP 800-38A, 6.5).
pub struct Ctr128BE<C> {
    cipher: Aes,
    /// The counter of the first block.
    first: u128,
    /// Bytes of the stream that were used.
    position: u64,
    which: PhantomData<C>,
}

impl<C: AesKey> KeySizeUser for Ctr128BE<C> {
    type KeySize = C::KeySize;
}

impl<C: AesKey> IvSizeUser for Ctr128BE<C> {
    type IvSize = U16;
}

impl<C: AesKey> KeyIvInit for Ctr128BE<C> {
    #[expect(
        clippy::expect_used,
        reason = "INVARIANT: the keys of every `AesKey` have one of AES's three lengths"
    )]
    fn new(key: &Key<Self>, iv: &Iv<Self>) -> Self {
        Self {
            cipher: Aes::new(key).expect("a key of AES"),
            first: u128::from_be_bytes((*iv).into()),
            position: 0,
            which: PhantomData,
        }
    }
}

impl<C> StreamCipher for Ctr128BE<C> {
    fn check_remaining(&self, data_len: usize) -> Result<(), StreamCipherError> {
        let length = u64::try_from(data_len).map_err(|_| StreamCipherError)?;
        let end = self.position.checked_add(length);
        end.map(|_| ()).ok_or(StreamCipherError)
    }

    fn unchecked_apply_keystream_inout(&mut self, text: InOutBuf<'_, '_, u8>) {
        self.apply(text.into_out_with_copied_in());
    }

    fn unchecked_write_keystream(&mut self, stream: &mut [u8]) {
        stream.fill(0);
        self.apply(stream);
    }
}

impl<C> Ctr128BE<C> {
    fn apply(&mut self, text: &mut [u8]) {
        let (block, used) = self.place();
        let counter = self.first.wrapping_add(block.into());
        // What is left of a block that was begun; packets of SSH are whole blocks.
        let left = if used == 0 { 0 } else { BLOCK_LEN - used };
        let (begun, whole) = text.split_at_mut(text.len().min(left.into()));
        if !begun.is_empty() {
            let mut stream = [0; 16];
            self.cipher.apply(counter, &mut stream);
            let stream = stream.iter().skip(used.into());
            for (byte, stream) in begun.iter_mut().zip(stream) {
                *byte ^= stream;
            }
        }
        let counter = counter.wrapping_add(u128::from(used != 0));
        self.cipher.apply(counter, whole);
        let length = u64::try_from(text.len()).unwrap_or(u64::MAX);
        self.position = self.position.wrapping_add(length);
    }

    /// The block in which the position is, and how many bytes of it were used.
    fn place(&self) -> (u64, u8) {
        let length = u64::from(BLOCK_LEN);
        let [used, ..] = (self.position % length).to_le_bytes();
        (self.position / length, used)
    }
}

impl<C> StreamCipherSeek for Ctr128BE<C> {
    fn try_current_pos<T: SeekNum>(&self) -> Result<T, OverflowError> {
        // The blocks that were begun, and how many bytes of the last of them were used.
        match self.place() {
            (block, 0) => T::from_block_byte(block, BLOCK_LEN, BLOCK_LEN),
            (block, used) => T::from_block_byte(block.wrapping_add(1), used, BLOCK_LEN),
        }
    }

    fn try_seek<T: SeekNum>(&mut self, position: T) -> Result<(), StreamCipherError> {
        let place = position.into_block_byte::<u64>(BLOCK_LEN);
        let (block, used) = place.map_err(|_| StreamCipherError)?;
        let position = block.checked_mul(BLOCK_LEN.into());
        let position = position.and_then(|begin| begin.checked_add(used.into()));
        self.position = position.ok_or(StreamCipherError)?;
        Ok(())
    }
}
