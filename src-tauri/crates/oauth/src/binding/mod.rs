//! For which server a secret was entered, and which addresses of a profile lie elsewhere.
//!
//! A secret belongs to the server its owner typed it for. That server is named by one address, its *anchor*: the issuer, or
//! where there is none the address tokens come from. Two anchors are one only where they are the same after the URL standard's
//! own normalisation (case of scheme and host, default port, punycode, dot segments); a trailing slash, another port, another
//! realm or `localhost` for `127.0.0.1` name another server.

mod carried;
mod load;
mod server;

pub use carried::{browser_loads, load};
pub use load::{Load, is_page};
pub(crate) use load::{PAGE, PAGE_AND_CODE};
pub use server::{Elsewhere, anchor, elsewhere, moved, moved_in, name, normal, origin, origins, place};
