//! The relay protocol: frames, limits and close codes, without I/O.
