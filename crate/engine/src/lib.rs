//! The worker program: joins browser and ssh behind the engine protocol.
