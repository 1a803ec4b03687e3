//! SSH keys: parse, fingerprint, randomart and known-hosts rules.
