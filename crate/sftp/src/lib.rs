//! SFTP version 3, without I/O at its core.
