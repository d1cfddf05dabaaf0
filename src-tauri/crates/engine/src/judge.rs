//! What can be said of tokens at hand without asking anybody: comparison, checks, lineage.

use oauth::{
    form,
    operation::Offer,
    profile::{Profile, Resource},
    resource::{self, EVERY_API, Made, Wanted},
};
use record::{
    audit::{Checked, FixAction},
    operation::{Draft, Operation},
};
use token::{
    check::{self, Presented, Report},
    compare::{self, Column, Comparison},
    finding::{Finding, Severity},
    inspect::TokenView,
    lineage::{self, Kinship, Lineage},
};

use crate::{
    fault::{TokenFault, no_such_token},
    ground::Ground,
    shelf::Held,
    tokens,
};

/// A comparison with the checks of its tokens.
pub struct Compared {
    /// Side by side.
    pub comparison: Comparison,
    /// Checks of each column, when a resource was chosen or fits the audience of the last.
    pub reports: Vec<Option<Checked>>,
    /// The step that made the last token, if it was made from the first.
    pub step: Option<i64>,
}

/// What is said of one token besides its own reading.
pub struct Examined {
    /// Checks, when a resource was chosen or fits the audience.
    pub report: Option<Checked>,
    /// Where it came from and what was made from it.
    pub lineage: Lineage,
    /// Where it is more than the token it was made from.
    pub findings: Vec<Finding>,
    /// Forms it leads to at another server.
    pub onward: Vec<FixAction>,
    /// What it can be used for here: the operation, its field for the token, and the button.
    pub uses: Vec<(Operation, &'static str, Offer)>,
}

/// Shelf lines, oldest first. What a token has beyond the one it was made from counts among its findings.
pub(crate) fn views(ground: &Ground) -> Vec<TokenView> {
    let now_s = ground.world.now_s();
    let mut views = ground.shelf.views(now_s);
    for view in views.iter_mut().filter(|view| view.parent.is_some()) {
        let beyond = ground.shelf.find(&view.id).map(|held| beyond_parent(ground, &held)).unwrap_or_default();
        view.findings += beyond.iter().filter(|finding| finding.severity != Severity::Note).count();
    }
    views
}

/// Puts two to four tokens side by side, each with the checks of one resource. Without a chosen resource the one whose
/// name is in the audience of the last token that has one is taken.
pub(crate) fn compare(
    ground: &Ground,
    ids: &[String],
    resource: Option<&str>,
    profile: Option<&Profile>,
) -> Result<Compared, TokenFault> {
    if !(2..=4).contains(&ids.len()) {
        return Err(TokenFault {
            id: "too-few",
            message: format!("{} tokens are selected; two to four can be compared.", ids.len()),
            advice: "Select a second token on the shelf with Ctrl-click.".into(),
        });
    }
    let now_s = ground.world.now_s();
    let held: Vec<Held> = ids.iter().map(|id| tokens::held(ground, id)).collect::<Result<_, _>>()?;
    let columns: Vec<Column<'_>> = held.iter().map(|held| column(held, now_s)).collect();
    let (Some(first), Some(last)) = (columns.first(), columns.last()) else {
        return Err(no_such_token(""));
    };
    let find = |id: &str| tokens::held(ground, id).ok().map(|held| held.view(now_s));
    let kin: Vec<Kinship> = columns.iter().map(|column| lineage::kinship(&column.view, &first.view, &find)).collect();
    let chosen = profile.and_then(|profile| {
        let named = held.iter().rev().find_map(|held| resource_of(held, resource, profile));
        wanted(profile, named, resource)
    });
    let reports: Vec<Option<Checked>> =
        held.iter().map(|held| chosen.as_ref().map(|wanted| report_for(ground, held, wanted, None))).collect();
    let step = last.view.step.filter(|_| last.view.parent.as_deref() == Some(first.view.id.as_str()));
    let marks: Vec<Option<&Report>> = reports.iter().map(|checked| checked.as_ref().map(|checked| &checked.report)).collect();
    Ok(Compared { comparison: compare::compare_all(&columns, &marks, &kin), reports, step })
}

/// Checks a token for a resource of the profile; without a name, for the one its audience names, else for what every API
/// expects. `draft` made the token, when its step is not in the journal yet.
pub(crate) fn report(
    ground: &Ground,
    held: &Held,
    resource: Option<&str>,
    profile: &Profile,
    draft: Option<&Draft>,
) -> Option<Checked> {
    wanted(profile, resource_of(held, resource, profile), resource).map(|wanted| report_for(ground, held, &wanted, draft))
}

pub(crate) fn report_for(ground: &Ground, held: &Held, wanted: &Wanted, draft: Option<&Draft>) -> Checked {
    let now_s = ground.world.now_s();
    let presented = Presented {
        header: held.header(),
        claims: held.claims(),
        exact: held.exact(),
        verification: held.verification(),
        active: held.active(),
    };
    let report = check::run_on(&wanted.name, &wanted.expectations, &presented, now_s);
    let view = held.view(now_s);
    let recorded = view.step.and_then(|step| ground.journal.step(step).ok().flatten()).and_then(|step| step.draft);
    let shelf = ground.shelf.views(now_s);
    let made = Made { token: &view, draft: draft.or(recorded.as_ref()), shelf: &shelf, now_s };
    let fixes = resource::suggest(&report, &wanted.expectations, &made);
    Checked { report, fixes }
}

/// What the inspector says beside the token's own reading.
pub(crate) fn examine(
    ground: &Ground,
    id: &str,
    resource: Option<&str>,
    profile: Option<&Profile>,
) -> Result<Examined, TokenFault> {
    let held = tokens::held(ground, id)?;
    let now_s = ground.world.now_s();
    let find = |id: &str| tokens::held(ground, id).ok().map(|held| held.view(now_s));
    Ok(Examined {
        report: profile.and_then(|profile| report(ground, &held, resource, profile, None)),
        lineage: lineage::lineage(&held.view(now_s), &ground.shelf.views(now_s), &find, &|token| actors_of(ground, token)),
        findings: beyond_parent(ground, &held),
        onward: profile.map(|profile| form::onward(&held.view(now_s), profile)).unwrap_or_default(),
        uses: oauth::operation::uses(&held.view(now_s)),
    })
}

/// Tokens that were sent as actor when a token was made that names an actor; a server may leave them unread, and then they are none.
fn actors_of(ground: &Ground, token: &TokenView) -> Vec<String> {
    let names_one = |held: &Held| held.claims().is_some_and(|claims| !token::claims::actor_chain(claims).is_empty());
    let Some(step) = token.step.filter(|_| tokens::held(ground, &token.id).is_ok_and(|held| names_one(&held))) else {
        return Vec::new();
    };
    let step = ground.journal.step(step).ok().flatten().filter(|step| step.operation == Operation::TokenExchange);
    let sent = step.map(|step| step.tokens_in).unwrap_or_default();
    sent.into_iter().filter(|id| Some(id) != token.parent.as_ref()).collect()
}

/// Where a token is more than the one it was made from.
pub(crate) fn beyond_parent(ground: &Ground, held: &Held) -> Vec<Finding> {
    let now_s = ground.world.now_s();
    let view: TokenView = held.view(now_s);
    let Some(parent) = view.parent.as_deref().and_then(|id| tokens::held(ground, id).ok()) else { return Vec::new() };
    compare::attenuation(&column(&parent, now_s), &Column { view, ..column(held, now_s) }, Kinship::Descendant)
}

pub(crate) fn column(held: &Held, now_s: i64) -> Column<'_> {
    Column { view: held.view(now_s), header: held.header(), claims: held.claims(), exact: held.exact() }
}

/// What is expected for the resource that was found; where none was asked for by its name, what every API expects.
fn wanted(profile: &Profile, found: Option<&Resource>, asked: Option<&str>) -> Option<Wanted> {
    match found {
        Some(resource) => Some(Wanted::of(resource, profile)),
        None => Wanted::of_every_api(profile).filter(|_| asked.is_none_or(|name| name == EVERY_API)),
    }
}

/// The resource of that name, or without one the first that the token's audience names.
fn resource_of<'p>(held: &Held, name: Option<&str>, profile: &'p Profile) -> Option<&'p Resource> {
    let audience = held.claims().map(token::claims::audience).unwrap_or_default();
    profile.resources.iter().find(|resource| match name {
        Some(name) => resource.name == name,
        None => audience.contains(&resource.name),
    })
}
