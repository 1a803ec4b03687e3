//! Test doubles, fixtures and a runner for the real OpenSSH server. Development only.
