//! The gate: how a stored secret gets into a request, and what is asked where it must not go by itself.
//!
//! Building a request takes its secrets from [`AtHand`], which has to name the address. What may not go there ends the step
//! before anything is sent; the crossing is remembered as an open question, and the user's answer opens the gate for this one
//! crossing, for one run or from then on. What a step carries beside its client's secret passes the same gate ([`loads`]).

mod answers;
mod at_hand;
mod going;
mod loads;
mod questions;

pub(crate) use answers::{answer_question, forget_secret, forget_secrets, keep_bound, keep_secret, questions};
pub use at_hand::{AtHand, Stopped};
pub(crate) use at_hand::{materials, materials_for_writing, materials_to_follow, materials_to_show, secret_for};
pub(crate) use going::in_one_go;
pub(crate) use loads::{allow_named, allowed_addresses, forget_approvals, may_go, named_by_issuer, take_back};
pub(crate) use questions::Gate;
pub use questions::{Consent, Question};
