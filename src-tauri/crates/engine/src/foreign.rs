//! Tokens of another environment are not sent unless the user said so: the one place every draft passes before anything is built.

use oauth::{
    belongs::{Belongs, belongs, goes_home},
    form,
    profile::Profile,
};
use record::operation::Draft;
use token::inspect::{TokenView, from_words};

use crate::{fault::Problem, gate::AtHand};

/// Stable id of the problem that ends a step whose token came from another environment.
pub const FOREIGN_TOKEN: &str = "foreign-token";

/// Why a draft is not sent: it has a token of another environment and no confirmation for it.
pub(crate) fn unconfirmed(draft: &Draft, profile: &Profile, materials: &AtHand<'_>) -> Option<Problem> {
    let foreign = form::foreign(draft, profile, materials).into_iter().find(|one| !one.confirmed)?;
    Some(Problem::new(
        FOREIGN_TOKEN,
        format!("This token came from {}. It would have gone to {}, so nothing was sent.", foreign.from, foreign.to),
        format!("Choose a token of {}, or confirm under Ready to send that this one may go there.", name_of(profile)),
    ))
}

/// Why a token is not shown to a server of a profile by itself; none where it is one of its own, or nobody knows whose it is.
pub(crate) fn elsewhere(token: &TokenView, profile: &Profile, address: &str) -> Option<String> {
    if belongs(token, profile) != Belongs::Elsewhere || goes_home(token, profile, address) {
        return None;
    }
    let from = from_words(token).unwrap_or_default();
    Some(format!("it came from {from} and is not shown to {} by itself; choose that profile", name_of(profile)))
}

fn name_of(profile: &Profile) -> &str {
    if profile.name.is_empty() { "this profile" } else { &profile.name }
}
