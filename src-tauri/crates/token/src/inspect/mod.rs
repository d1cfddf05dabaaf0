//! What the window is told about a token: a summary for the shelf and a full reading for the inspector.
//!
//! The text of a token is a [`crate::secret::Secret`] and is in neither of them.

mod findings;
mod header;
mod inspection;
mod kin;
mod kind;
mod memory;
mod obtained;
mod provenance;
mod reading;
mod remark;
mod rows;
mod shelf_group;
mod shelf_line;
#[cfg(test)]
mod tests;
mod times;
mod verification;
mod view;

pub use findings::{findings, with_text};
pub use inspection::Inspection;
pub use kin::{Relative, relations};
pub use kind::{TokenFormat, TokenKind, kind_of};
pub use obtained::Obtained;
pub use provenance::{Provenance, origin_of, place_words};
pub use reading::{Keep, TextDetails, reading};
pub use rows::{ClaimGroup, ClaimRow, ClaimValue};
pub use shelf_group::ShelfGroup;
pub use shelf_line::{TokenState, TokenView, from_words};
pub use verification::{KeyEvidence, SignatureView, Verification};
pub use view::{EXPIRING_S, Origin, inspection, state, view};
