//! Tokens at the workbench: pasted, verified, decrypted, with keys from an address that is asked no more than needed.

mod bench;
mod keys;
mod tokens;
