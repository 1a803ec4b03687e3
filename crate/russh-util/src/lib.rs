//! Stands in for russh-util.
