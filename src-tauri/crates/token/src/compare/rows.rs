//! The table of a comparison: one row a claim, one cell a token, grouped as everywhere.

use std::{
    cmp::Ordering,
    collections::{BTreeMap, HashSet},
    hash::Hash,
};

use super::{
    columns::{Column, End},
    table::{Cell, Change, ENVIRONMENT, Group, Mark, Member, Row},
};
use crate::{
    check::{Check, CheckOutcome, Report},
    claims::{self, Entry, GROUPS, Key, Layout},
    inspect::ClaimValue,
    words,
};

/// A value as it is shown, and by what it is compared.
type Said = (ClaimValue, Key);

/// All rows in groups, groups and rows in their fixed order. `reports` go with the columns.
pub fn table(columns: &[Column<'_>], reports: &[Option<&Report>]) -> Vec<Group> {
    // The first column is what the others are held against, so its own failures mark nothing.
    let failed: Vec<(usize, &Check)> = reports
        .iter()
        .enumerate()
        .skip(1)
        .filter_map(|(column, report)| report.map(|report| (column, report)))
        .flat_map(|(column, report)| report.checks.iter().map(move |check| (column, check)))
        .filter(|(_, check)| check.outcome == CheckOutcome::Fail)
        .collect();
    let mut lines: BTreeMap<_, (Entry, Vec<Option<Said>>)> = BTreeMap::new();
    for (index, column) in columns.iter().enumerate() {
        let claims = column.claims.map(|claims| claims::exact_entries(claims, Layout::Compare, column.exact)).unwrap_or_default();
        let header = column.header.map(claims::header_entries).unwrap_or_default();
        // `active` is a word of the answer, and no claim of the token it is about.
        let of_answer = |entry: &Entry| column.is_told() && !entry.is_header() && entry.path == "active";
        for entry in claims.into_iter().chain(header).filter(|entry| !of_answer(entry)) {
            let line = lines.entry(entry.order()).or_insert_with(|| (entry.clone(), vec![None; columns.len()]));
            line.1[index] = Some((entry.value, entry.key));
        }
    }
    // A check may ask for a claim that no token has; it still gets its row, so that the failure has a place.
    for (_, check) in &failed {
        if !check.missing.is_empty() && !lines.values().any(|(entry, _)| entry.path == check.path) {
            let entry = Entry::absent(&check.path);
            lines.insert(entry.order(), (entry, vec![None; columns.len()]));
        }
    }
    claims::distinct(lines.values_mut().map(|(entry, _)| entry));
    let mut groups: Vec<Group> = Vec::new();
    for (entry, values) in lines.into_values() {
        let row = row(&entry, &values, &failed, columns);
        match groups.last_mut().filter(|group| group.id == entry.group) {
            Some(group) => group.rows.push(row),
            None => groups.push(group(entry.group, vec![row])),
        }
    }
    debug_assert!(groups.iter().all(|group| GROUPS.iter().any(|(id, _)| *id == group.id)));
    groups.iter_mut().for_each(head);
    groups
}

/// A group with its title; what stands beside that is made by [`head`].
pub fn group(id: &str, rows: Vec<Row>) -> Group {
    let title = if id == ENVIRONMENT { "Environment" } else { claims::title(id, Layout::Compare) };
    Group { id: id.into(), title: title.into(), summary: String::new(), folded: false, rows }
}

/// Where a group stands: the environment before the noise.
pub fn place(id: &str) -> usize {
    let at = |id: &str| GROUPS.iter().position(|(other, _)| *other == id).unwrap_or(GROUPS.len()) * 2;
    if id == ENVIRONMENT { at("noise") - 1 } else { at(id) }
}

/// Makes what stands in the heading of a group, and marks the rows that differ in substance.
pub fn head(group: &mut Group) {
    let quiet = group.id == "noise" || group.id == ENVIRONMENT;
    group.rows.iter_mut().for_each(|row| row.substance = !quiet && differs(row));
    group.summary = summary(group);
    group.folded = group.rows.iter().all(|row| !row.failed_check) && (quiet || !group.rows.iter().any(differs));
}

/// Whether any column has another value than the first.
pub fn differs(row: &Row) -> bool {
    matters(row.change)
}

/// Whether a change is one; what cannot be read is none.
pub fn matters(change: Change) -> bool {
    !matches!(change, Change::Same | Change::Unknown)
}

/// The change of a whole row: that of the last column, else of the first that differs.
pub fn overall(changes: &[Change]) -> Change {
    // Between equal ends a token in the middle may differ; the row must not count as equal then.
    let at_end = changes.last().copied().filter(|change| matters(*change));
    let unknown = changes.iter().copied().find(|change| *change == Change::Unknown);
    at_end.or_else(|| changes.iter().copied().find(|change| matters(*change))).or(unknown).unwrap_or(Change::Same)
}

fn row(entry: &Entry, values: &[Option<Said>], failed: &[(usize, &Check)], columns: &[Column<'_>]) -> Row {
    let first = values.first().and_then(Option::as_ref);
    let last = values.last().and_then(Option::as_ref);
    let readable: Vec<bool> = columns
        .iter()
        .zip(values)
        .map(|(column, value)| match entry.is_header() {
            true => column.header.is_some(),
            // What introspection leaves out is not known to be missing.
            false => column.claims.is_some() && (value.is_some() || !column.is_told()),
        })
        .collect();
    let changes: Vec<Change> = values
        .iter()
        .enumerate()
        .map(|(index, value)| match index {
            0 => Change::Same,
            // Of a token that cannot be read nobody knows what it has.
            _ if !readable[0] || !readable[index] => Change::Unknown,
            // The verdict and this row are about one end: where a claim is missing, the response may have told it.
            _ if entry.path == "exp" && (first.is_none() || value.is_none()) => match (columns[0].end(), columns[index].end()) {
                (End::Unknown, _) | (_, End::Unknown) => Change::Unknown,
                (End::Never, End::Never) => Change::Same,
                (End::At(_), End::Never) => Change::Outlives,
                (End::Never, End::At(_)) => Change::Shorter,
                (End::At(from), End::At(to)) => match to.cmp(&from) {
                    Ordering::Greater => Change::Outlives,
                    Ordering::Less => Change::Shorter,
                    Ordering::Equal => Change::Same,
                },
            },
            _ => change(&entry.path, first, value.as_ref()),
        })
        .collect();
    let change = overall(&changes);
    let here: Vec<&(usize, &Check)> = failed.iter().filter(|(_, check)| check.path == entry.path).collect();
    let missing: Vec<Vec<&str>> = (0..values.len())
        .map(|column| {
            let of_column = here.iter().filter(|(at, _)| *at == column);
            of_column.flat_map(|(_, check)| check.missing.iter().map(String::as_str)).collect()
        })
        .collect();
    let lacks = missing.last().is_some_and(|missing| !missing.is_empty());
    Row {
        path: entry.path.clone(),
        label: entry.label.clone(),
        cells: cells(values, &missing, &readable),
        change,
        changes,
        change_text: if entry.path == "exp" {
            end_words(change, columns, first, last)
        } else {
            words(change, first, last, lacks)
        },
        meaning: claims::explained(
            &entry.path,
            &values.iter().map(|said| said.as_ref().map(|(value, _)| value)).collect::<Vec<_>>(),
        ),
        failed_check: !here.is_empty(),
        substance: false,
    }
}

/// What happened to a value from one token to another.
fn change(path: &str, from: Option<&Said>, to: Option<&Said>) -> Change {
    match (from, to) {
        (None, None) => Change::Same,
        // A token that loses its end of life outlives any other.
        (Some(_), None) if path == "exp" => Change::Outlives,
        (None, Some(_)) if path == "exp" => Change::Shorter,
        (None, Some(_)) => Change::Added,
        (Some(_), None) => Change::Removed,
        (Some((ClaimValue::Set { members: from, .. }, _)), Some((ClaimValue::Set { members: to, .. }, _))) => {
            set_change(from, to)
        }
        (Some((_, from)), Some((_, to))) if path == "exp" => match from.number().zip(to.number()).map(|(from, to)| to.cmp(&from))
        {
            Some(Ordering::Greater) => Change::Outlives,
            Some(Ordering::Less) => Change::Shorter,
            Some(Ordering::Equal) => Change::Same,
            None if from == to => Change::Same,
            None => Change::Replaced,
        },
        (Some((_, from)), Some((_, to))) if from == to => Change::Same,
        _ => Change::Replaced,
    }
}

/// What happened to a set; the order of members means nothing.
pub fn set_change<T: Eq + Hash>(from: &[T], to: &[T]) -> Change {
    // Tokens with thousands of roles exist, so members are looked up, not searched for.
    let (before, after): (HashSet<&T>, HashSet<&T>) = (from.iter().collect(), to.iter().collect());
    let lost = !before.is_subset(&after);
    let won = !after.is_subset(&before);
    match (lost, won) {
        (false, false) => Change::Same,
        (true, false) if to.is_empty() => Change::Removed,
        (false, true) if from.is_empty() => Change::Added,
        (true, false) => Change::Narrowed,
        (false, true) => Change::Widened,
        (true, true) => Change::Replaced,
    }
}

fn members(value: Option<&Said>) -> Option<&[String]> {
    match value {
        Some((ClaimValue::Set { members, .. }, _)) => Some(members),
        _ => None,
    }
}

fn cells(values: &[Option<Said>], missing: &[Vec<&str>], readable: &[bool]) -> Vec<Cell> {
    let first = values.first().and_then(Option::as_ref);
    // A column that cannot be read has lost nothing and won nothing: it stands in the chips as the first one does.
    let known = |index: usize, value: &Option<Said>| index == 0 || readable[index] || value.is_some();
    let at: Vec<usize> = (0..values.len()).filter(|index| known(*index, &values[*index])).collect();
    let sets: Vec<&[String]> = at.iter().map(|index| members(values[*index].as_ref()).unwrap_or_default()).collect();
    let place = |index: usize| at.iter().position(|one| *one == index).unwrap_or_default();
    let cell = |index: usize, value: Option<&Said>| {
        let absent: &[&str] = missing.get(index).map_or(&[], Vec::as_slice);
        let equal = index > 0 && value.is_some() && change("", first, value) == Change::Same;
        match value {
            _ if equal && absent.is_empty() => Cell::Equal,
            // Beside a token that cannot be read nothing was added.
            Some((set @ ClaimValue::Set { .. }, _)) if !readable[0] && index > 0 && absent.is_empty() => {
                Cell::Value { value: set.clone() }
            }
            Some((ClaimValue::Set { .. }, _)) => Cell::Members { members: chips(&sets, place(index), absent), more: 0 },
            None if !absent.is_empty() && readable[index] => {
                Cell::Members { members: chips(&sets, place(index), absent), more: 0 }
            }
            None if !readable[index] => Cell::Unknown,
            None => Cell::Absent,
            Some(said) => Cell::Value { value: in_its_type(said, values) },
        }
    };
    values.iter().enumerate().map(|(index, value)| cell(index, value.as_ref())).collect()
}

/// The value; a text stands in quotes where another column has what reads the same and is no text.
fn in_its_type(said: &Said, values: &[Option<Said>]) -> ClaimValue {
    let (value, key) = said;
    let mistaken = values.iter().flatten().any(|(other, by)| other == value && by != key);
    match value {
        ClaimValue::Text { text } if mistaken && key.is_text() => ClaimValue::Text { text: format!("{text:?}") },
        other => other.clone(),
    }
}

/// Chips of one cell: kept members first, then removed or added ones, then missing ones.
///
/// The first column marks what every other one lost; a later column marks what only it and not all lost,
/// and with two tokens nothing, since the first column says it already.
fn chips(sets: &[&[String]], index: usize, missing: &[&str]) -> Vec<Member> {
    let Some(first) = sets.first().copied() else {
        return Vec::new();
    };
    let known: Vec<HashSet<&String>> = sets.iter().map(|set| set.iter().collect()).collect();
    let others = &known[1..];
    let chip = |text: &str, mark: Mark| Member { text: text.into(), mark };
    let mut chips = Vec::new();
    let pick = |wanted: &dyn Fn(&String) -> bool, from: &[String], mark: Mark, chips: &mut Vec<Member>| {
        chips.extend(from.iter().filter(|member| wanted(member)).map(|member| chip(member, mark)));
    };
    let lost_by_all = |member: &String| !others.is_empty() && others.iter().all(|set| !set.contains(member));
    if index == 0 {
        pick(&|member| !lost_by_all(member), first, Mark::Kept, &mut chips);
        pick(&lost_by_all, first, Mark::Removed, &mut chips);
    } else {
        pick(&|member| known[index].contains(member), first, Mark::Kept, &mut chips);
        pick(&|member| !known[0].contains(member), sets[index], Mark::Added, &mut chips);
        let only_here =
            |member: &String| !known[index].contains(member) && !lost_by_all(member) && !missing.contains(&member.as_str());
        pick(&only_here, first, Mark::Removed, &mut chips);
    }
    chips.extend(missing.iter().map(|member| chip(member, Mark::Missing)));
    chips
}

/// The words of an end of life, by what the last column's end is known to be.
fn end_words(change: Change, columns: &[Column<'_>], first: Option<&Said>, last: Option<&Said>) -> String {
    let ends = columns.first().map(Column::end).zip(columns.last().map(Column::end));
    match (change, ends) {
        (Change::Outlives, Some((_, End::Never))) => "never ends".into(),
        (Change::Shorter, Some((End::Never, _))) => "ends now".into(),
        (Change::Outlives, Some((End::At(from), End::At(to)))) if first.is_none() || last.is_none() => {
            format!("outlives +{}", words::duration(to.saturating_sub(from)))
        }
        (Change::Shorter, Some((End::At(from), End::At(to)))) if first.is_none() || last.is_none() => {
            format!("shorter −{}", words::duration(to.saturating_sub(from)))
        }
        _ => words(change, first, last, false),
    }
}

/// The words of the last column.
fn words(change: Change, first: Option<&Said>, last: Option<&Said>, missing: bool) -> String {
    let count = |value| members(value).map(<[String]>::len);
    let sizes = match (count(first), count(last)) {
        (None, None) => None,
        (from, to) => Some(format!("{} → {}", from.unwrap_or_default(), to.unwrap_or_default())),
    };
    let sized = |word: &str| sizes.as_ref().map_or_else(|| word.to_owned(), |sizes| format!("{word} {sizes}"));
    let gap = || match (first, last) {
        (Some((ClaimValue::Time { epoch: from }, _)), Some((ClaimValue::Time { epoch: to }, _))) => {
            Some(words::duration(to.saturating_sub(*from)))
        }
        _ => None,
    };
    match change {
        Change::Unknown => "unknown".into(),
        Change::Same if missing => "missing".into(),
        Change::Same => "same".into(),
        Change::Added => sized("added"),
        Change::Removed => sized("removed"),
        Change::Narrowed => sized("narrowed"),
        Change::Widened => sized("widened"),
        Change::Replaced if first.zip(last).is_some_and(|(from, to)| from.0 == to.0) => "other type".into(),
        Change::Replaced => sizes.map_or_else(|| "changed".into(), |sizes| format!("replaced {sizes}")),
        Change::Outlives if last.is_none() => "never ends".into(),
        Change::Outlives => gap().map_or_else(|| "outlives".into(), |gap| format!("outlives +{gap}")),
        Change::Shorter if first.is_none() => "ends now".into(),
        Change::Shorter => gap().map_or_else(|| "shorter".into(), |gap| format!("shorter −{gap}")),
    }
}

/// Words beside the heading of a group.
fn summary(group: &Group) -> String {
    let changed: Vec<&Row> = group.rows.iter().filter(|row| differs(row)).collect();
    let names = || group.rows.iter().map(|row| row.label.as_str()).collect::<Vec<_>>().join(", ");
    let all = group.rows.len();
    if changed.is_empty() && group.rows.iter().any(|row| row.change == Change::Unknown) {
        return format!("{}: nothing can be said of a token that cannot be read", names());
    }
    if changed.is_empty() {
        return format!("{}: {}", names(), if all == 1 { "the same" } else { "all the same" });
    }
    if group.id == "noise" {
        return format!("{}: {} of {all} differ", names(), changed.len());
    }
    match group.rows.iter().find(|row| row.path == "exp").map(|row| row.change) {
        Some(Change::Outlives) => return "issued outlives subject".into(),
        Some(Change::Shorter) => return "issued ends before subject".into(),
        _ => {}
    }
    let kind = changed.first().map(|row| row.change).filter(|kind| changed.iter().all(|row| row.change == *kind));
    let word = match kind {
        Some(Change::Narrowed) => "narrowed",
        Some(Change::Widened) => "widened",
        Some(Change::Added) => "added",
        Some(Change::Removed) => "removed",
        _ => "changed",
    };
    format!("{} of {all} {word}", changed.len())
}
