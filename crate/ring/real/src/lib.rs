//! The real ring as a WebAssembly program to be measured; see `../../examples/aead/measure.mjs`.

#[path = "../../examples/aead/through.rs"]
mod through;

/// Seals and opens packets; returns how many were opened.
///
/// - `which`: 0 is ChaCha20-Poly1305, 2 AES-128-GCM.
#[unsafe(no_mangle)]
pub extern "C" fn seal_and_open(which: u32, packets: u32) -> u32 {
    let mut packet = vec![7; through::PACKET_BYTES];
    let opened = match which {
        0 => through::chacha(&mut packet, packets),
        _ => through::gcm(&mut packet, packets),
    };
    opened.unwrap_or_default()
}
