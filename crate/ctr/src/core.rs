//! Counter mode over any cipher with blocks of 16 bytes, as many at a time as the cipher likes.
#![expect(
    clippy::inline_always,
    reason = "a cipher's instructions are only there in functions that are inlined into its own"
)]

use core::marker::PhantomData;

use cipher::consts::U16;
use cipher::{
    Block, BlockCipherEncBackend, BlockCipherEncClosure, BlockCipherEncrypt, BlockSizeUser,
    InnerIvInit, Iv, IvSizeUser, ParBlocks, ParBlocksSizeUser, StreamCipherBackend,
    StreamCipherClosure, StreamCipherCore, StreamCipherSeekCore,
};
use cipher::{array::Array, common::InnerUser};

use crate::CtrFlavor;

/// A cipher and its counter.
pub struct CtrCore<C, F> {
    cipher: C,
    counter: Counter<F>,
}

/// The block that is encrypted next.
struct Counter<F> {
    first: u128,
    /// Blocks since the first one.
    count: u128,
    flavor: PhantomData<F>,
}

impl<F: CtrFlavor> Counter<F> {
    #[inline(always)]
    fn next(&mut self) -> Array<u8, U16> {
        let counted = self.first.wrapping_add(self.count) & F::COUNTED;
        self.count = self.count.wrapping_add(1);
        ((self.first & !F::COUNTED) | counted).to_be_bytes().into()
    }
}

impl<C, F> BlockSizeUser for CtrCore<C, F> {
    type BlockSize = U16;
}

impl<C, F> IvSizeUser for CtrCore<C, F> {
    type IvSize = U16;
}

impl<C, F> InnerUser for CtrCore<C, F> {
    type Inner = C;
}

impl<C, F> InnerIvInit for CtrCore<C, F> {
    #[inline]
    fn inner_iv_init(cipher: C, iv: &Iv<Self>) -> Self {
        let counter = Counter {
            first: u128::from_be_bytes((*iv).into()),
            count: 0,
            flavor: PhantomData,
        };
        Self { cipher, counter }
    }
}

impl<C, F> StreamCipherCore for CtrCore<C, F>
where
    C: BlockCipherEncrypt + BlockSizeUser<BlockSize = U16>,
    F: CtrFlavor,
{
    #[inline]
    fn remaining_blocks(&self) -> Option<usize> {
        usize::try_from(F::COUNTED.saturating_sub(self.counter.count)).ok()
    }

    #[inline]
    fn process_with_backend(&mut self, then: impl StreamCipherClosure<BlockSize = U16>) {
        let counter = &mut self.counter;
        self.cipher.encrypt_with_backend(Run { counter, then });
    }
}

impl<C, F> StreamCipherSeekCore for CtrCore<C, F>
where
    Self: StreamCipherCore,
{
    type Counter = u128;

    fn get_block_pos(&self) -> u128 {
        self.counter.count
    }

    fn set_block_pos(&mut self, count: u128) {
        self.counter.count = count;
    }
}

/// What is done once the cipher has chosen how it encrypts.
struct Run<'core, F, T> {
    counter: &'core mut Counter<F>,
    then: T,
}

impl<F, T> BlockSizeUser for Run<'_, F, T> {
    type BlockSize = U16;
}

impl<F: CtrFlavor, T: StreamCipherClosure<BlockSize = U16>> BlockCipherEncClosure
    for Run<'_, F, T>
{
    #[inline(always)]
    fn call<B: BlockCipherEncBackend<BlockSize = U16>>(self, backend: &B) {
        let counter = self.counter;
        self.then.call(&mut Stream { counter, backend });
    }
}

/// A source of encrypted counters.
struct Stream<'core, F, B> {
    counter: &'core mut Counter<F>,
    backend: &'core B,
}

impl<F, B> BlockSizeUser for Stream<'_, F, B> {
    type BlockSize = U16;
}

impl<F, B: ParBlocksSizeUser> ParBlocksSizeUser for Stream<'_, F, B> {
    type ParBlocksSize = B::ParBlocksSize;
}

impl<F: CtrFlavor, B: BlockCipherEncBackend<BlockSize = U16>> StreamCipherBackend
    for Stream<'_, F, B>
{
    #[inline(always)]
    fn gen_ks_block(&mut self, block: &mut Block<Self>) {
        let counter = self.counter.next();
        self.backend.encrypt_block((&counter, block).into());
    }

    #[inline(always)]
    fn gen_par_ks_blocks(&mut self, blocks: &mut ParBlocks<Self>) {
        let mut counters = ParBlocks::<Self>::default();
        for counter in &mut counters {
            *counter = self.counter.next();
        }
        self.backend.encrypt_par_blocks((&counters, blocks).into());
    }
}
