//! Lineage: which token came from which, by which step.
//!
//! A comparison means different things by kinship. A token that can do more than the one it was made from is a finding; two
//! tokens made from the same one are not to be held against each other that way. So kinship is told here, once.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::inspect::TokenView;

/// Longest chain that is followed; a longer one is a damaged record.
const LONGEST: usize = 64;

/// How one token is related to another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Kinship {
    /// It was made from the other, directly or further down.
    Descendant,
    /// The other was made from it.
    Ancestor,
    /// Both were made from a third.
    Sibling,
    /// No step is known that leads from one to the other, e.g. for pasted tokens.
    #[default]
    Unknown,
}

/// One token in the line of another.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Relative {
    /// The token; its `step` and `origin` say how it was made.
    pub token: TokenView,
    /// Steps between the two, from 1.
    pub distance: usize,
    /// Whether it is still on the shelf; otherwise only its evidence in the journal is left.
    pub on_shelf: bool,
}

/// Where a token came from and what was made from it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct Lineage {
    /// Its ancestors, the oldest first.
    pub ancestors: Vec<Relative>,
    /// Tokens of those who act in it: what was sent as actor beside its parent (RFC 8693 2.1).
    pub actors: Vec<Relative>,
    /// What was made from it, nearest first.
    pub descendants: Vec<Relative>,
    /// Tokens in which it stands for the one who acts.
    pub acts_in: Vec<Relative>,
}

/// Ancestors of a token, its parent first. A record that bites its own tail ends where it does.
pub fn ancestors(token: &TokenView, find: &dyn Fn(&str) -> Option<TokenView>) -> Vec<TokenView> {
    let mut seen = HashSet::from([token.id.clone()]);
    let mut line = Vec::new();
    let mut next = token.parent.clone();
    while let Some(parent) = next.filter(|id| line.len() < LONGEST && seen.insert(id.clone())).and_then(|id| find(&id)) {
        next = parent.parent.clone();
        line.push(parent);
    }
    line
}

/// The whole line of a token. `shelf` are the tokens at hand; `find` also knows those that were taken off; `actors` gives the ids of the
/// tokens that were sent as actor when one was made that names an actor.
pub fn lineage(
    token: &TokenView,
    shelf: &[TokenView],
    find: &dyn Fn(&str) -> Option<TokenView>,
    actors: &dyn Fn(&TokenView) -> Vec<String>,
) -> Lineage {
    let on_shelf = |id: &str| shelf.iter().any(|other| other.id == id);
    let relative = |token: TokenView, distance: usize| Relative { on_shelf: on_shelf(&token.id), token, distance };
    let mut before: Vec<Relative> =
        ancestors(token, find).into_iter().enumerate().map(|(index, token)| relative(token, index + 1)).collect();
    before.reverse();
    let mut after: Vec<Relative> = shelf
        .iter()
        .filter_map(|other| {
            let line = ancestors(other, find);
            let distance = line.iter().position(|ancestor| ancestor.id == token.id)? + 1;
            Some(relative(other.clone(), distance))
        })
        .collect();
    after.sort_by_key(|relative| relative.distance);
    let beside = actors(token).iter().filter_map(|id| find(id)).map(|token| relative(token, 1)).collect();
    let acts_in = |other: &&TokenView| actors(other).contains(&token.id);
    let acts_in = shelf.iter().filter(acts_in).map(|other| relative(other.clone(), 1)).collect();
    Lineage { ancestors: before, actors: beside, descendants: after, acts_in }
}

/// How `token` is related to `other`.
pub fn kinship(token: &TokenView, other: &TokenView, find: &dyn Fn(&str) -> Option<TokenView>) -> Kinship {
    let (ours, theirs) = (ancestors(token, find), ancestors(other, find));
    if ours.iter().any(|ancestor| ancestor.id == other.id) {
        Kinship::Descendant
    } else if theirs.iter().any(|ancestor| ancestor.id == token.id) {
        Kinship::Ancestor
    } else if same_step(token, other) || ours.iter().any(|one| theirs.iter().any(|two| one.id == two.id || same_step(one, two))) {
        Kinship::Sibling
    } else {
        Kinship::Unknown
    }
}

/// Tokens of one answer, e.g. access and ID token of a log in.
fn same_step(one: &TokenView, other: &TokenView) -> bool {
    one.step.is_some() && one.step == other.step
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inspect::{Obtained, Origin, TokenFormat, TokenKind, Verification, view};

    fn token(id: &str, parent: Option<&str>, step: Option<i64>) -> TokenView {
        let origin = Origin {
            parent: parent.map(str::to_owned),
            step,
            ..Origin::new(id, TokenKind::Access, Obtained::Exchanged, "exchange")
        };
        view(&origin, None, None, TokenFormat::Opaque, 3, &Verification::Unsecured, 0)
    }

    fn ids(relatives: &[Relative]) -> Vec<(&str, usize, bool)> {
        relatives.iter().map(|relative| (relative.token.id.as_str(), relative.distance, relative.on_shelf)).collect()
    }

    #[test]
    fn any_ancestor_and_any_descendant_is_found_over_tokens_that_left_the_shelf() {
        let all = [
            token("login", None, Some(1)),
            token("id", None, Some(1)),
            token("gone", Some("login"), Some(2)),
            token("leaf", Some("gone"), Some(3)),
            token("other", Some("login"), Some(4)),
            token("pasted", None, None),
        ];
        let find = |id: &str| all.iter().find(|token| token.id == id).cloned();
        let shelf: Vec<TokenView> = all.iter().filter(|token| token.id != "gone").cloned().collect();
        let of = |id: &str| lineage(&find(id).expect("there"), &shelf, &find, &|_| Vec::new());
        assert_eq!(ids(&of("leaf").ancestors), [("login", 2, true), ("gone", 1, false)]);
        assert_eq!(ids(&of("login").descendants), [("other", 1, true), ("leaf", 2, true)]);
        assert_eq!(of("pasted"), Lineage::default());
        let kin = |one: &str, two: &str| kinship(&find(one).expect("there"), &find(two).expect("there"), &find);
        assert_eq!((kin("leaf", "login"), kin("login", "leaf")), (Kinship::Descendant, Kinship::Ancestor));
        assert_eq!((kin("leaf", "other"), kin("id", "login")), (Kinship::Sibling, Kinship::Sibling));
        assert_eq!((kin("leaf", "id"), kin("pasted", "login")), (Kinship::Unknown, Kinship::Unknown));
    }

    #[test]
    fn a_delegated_token_comes_from_two() {
        let all = [
            token("user", None, Some(1)),
            token("actor", None, Some(2)),
            token("delegated", Some("user"), Some(3)),
            token("plain", Some("user"), Some(4)),
        ];
        let find = |id: &str| all.iter().find(|token| token.id == id).cloned();
        let actors = |token: &TokenView| if token.id == "delegated" { vec!["actor".to_owned()] } else { Vec::new() };
        let of = |id: &str| lineage(&find(id).expect("there"), &all, &find, &actors);
        assert_eq!(
            (ids(&of("delegated").ancestors), ids(&of("delegated").actors)),
            (vec![("user", 1, true)], vec![("actor", 1, true)])
        );
        assert_eq!((ids(&of("actor").acts_in), ids(&of("actor").descendants)), (vec![("delegated", 1, true)], Vec::new()));
        assert_eq!((of("plain").actors, of("user").acts_in), (Vec::new(), Vec::new()));
    }

    #[test]
    fn a_damaged_record_ends() {
        let all = [token("a", Some("b"), None), token("b", Some("a"), None)];
        let find = |id: &str| all.iter().find(|token| token.id == id).cloned();
        assert_eq!(ancestors(&all[0], &find).len(), 1);
    }
}
