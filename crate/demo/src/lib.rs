//! A demo SSH server on loopback: real shell, one-time password. First run and tests only.
