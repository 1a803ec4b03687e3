//! Looks at the pixels of a screenshot.

use anyhow::{Context, Result, ensure};

use crate::browser::Browser;

/// A decoded screenshot.
#[derive(Debug)]
pub struct Picture {
    pixels: Vec<[u8; 3]>,
}

impl Picture {
    /// Number of pixels whose channels are each within `tolerance` of the colour.
    pub fn count(&self, colour: [u8; 3], tolerance: u8) -> usize {
        let near = |pixel: &&[u8; 3]| {
            let mut channels = pixel.iter().zip(colour);
            channels.all(|(seen, wanted)| seen.abs_diff(wanted) <= tolerance)
        };
        self.pixels.iter().filter(near).count()
    }
}

impl Browser {
    /// Takes a picture of the page.
    pub async fn picture(&self) -> Result<Picture> {
        let png = self.screenshot().await?;
        let mut reader = png::Decoder::new(std::io::Cursor::new(png)).read_info()?;
        let size = reader.output_buffer_size().context("picture too large")?;
        let mut buffer = vec![0; size];
        let frame = reader.next_frame(&mut buffer)?;
        ensure!(frame.bit_depth == png::BitDepth::Eight, "unexpected depth");
        let step = frame.color_type.samples();
        ensure!(step >= 3, "unexpected colour type");
        let pixels = buffer.chunks_exact(step).filter_map(|pixel| {
            let (first, _) = pixel.split_first_chunk::<3>()?;
            Some(*first)
        });
        Ok(Picture {
            pixels: pixels.collect(),
        })
    }
}
