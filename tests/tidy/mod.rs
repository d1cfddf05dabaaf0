//! The rules of the tree (ARCHITECTURE.md) that a compiler does not know.

mod arrows;
mod circles;
mod files;
mod uses;
