//! The relay: turns a WebSocket into a TCP connection and sees only ciphertext.
