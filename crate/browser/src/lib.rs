//! The browser's own parts: WebSocket stream, ports, clock, storage.
