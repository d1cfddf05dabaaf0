//! Comparison by meaning: what an exchange changed, claim by claim, with verdicts.
//!
//! Not a text diff: sets are compared as sets, times as durations, and every statement names the rows that
//! made it (product.md, "What a token comparison must say").

mod attenuation;
mod columns;
mod comparison;
mod environment;
mod rows;
mod table;
#[cfg(test)]
mod tests;
mod verdict;

pub use attenuation::findings as attenuation;
pub use columns::Column;
pub use comparison::{Against, Comparison};
pub use table::{Cell, Change, Group, Mark, Member, Row};
pub use verdict::{Verdict, VerdictTone};

use crate::{check::Report, lineage::Kinship};

/// Compares tokens, the subject first; a `report` marks what the last column is missing. For tokens whose kinship is not known.
pub fn compare(columns: &[Column<'_>], report: Option<&Report>) -> Comparison {
    let last = columns.len().saturating_sub(1);
    let reports: Vec<Option<&Report>> = (0..columns.len()).map(|index| report.filter(|_| index == last)).collect();
    compare_all(columns, &reports, &vec![Kinship::Unknown; columns.len()])
}

/// Compares tokens, each against the first. `reports` and `kin` go with the columns: the checks of each, and how it is related
/// to the first; what stands for the first itself is not read.
pub fn compare_all(columns: &[Column<'_>], reports: &[Option<&Report>], kin: &[Kinship]) -> Comparison {
    let mut table = rows::table(columns, reports);
    let kinship = |index: usize| kin.get(index).copied().unwrap_or_default();
    let apart: Vec<bool> = match columns.split_first() {
        Some((first, others)) => {
            others.iter().enumerate().map(|(index, other)| environment::apart(first, other, kinship(index + 1))).collect()
        }
        None => Vec::new(),
    };
    let environments = apart.contains(&true);
    if environments {
        environment::fold(&mut table, columns, &apart);
    }
    let all = table.iter().flat_map(|group| &group.rows);
    let pairs = match columns.split_first() {
        Some((first, others)) => others
            .iter()
            .enumerate()
            .map(|(index, other)| {
                let kinship = kinship(index + 1);
                let mut verdicts = verdict::verdicts(first, other, &table);
                let mut environment = Vec::new();
                if apart[index] {
                    environment::substance(
                        &mut verdicts,
                        first,
                        other,
                        ["B", "C", "D"].get(index).copied().unwrap_or("the other"),
                    );
                    environment = environment::statements(first, other, &table);
                }
                Against {
                    kinship,
                    verdicts,
                    environment,
                    // What one environment grants is no attenuation of what another does.
                    findings: if apart[index] { Vec::new() } else { attenuation::findings(first, other, kinship) },
                    changes: all
                        .clone()
                        .filter(|row| row.changes.get(index + 1).is_some_and(|change| rows::matters(*change)))
                        .count(),
                }
            })
            .collect(),
        None => Vec::new(),
    };
    Comparison {
        columns: columns.iter().map(|column| column.view.clone()).collect(),
        pairs,
        environments,
        rows: all.clone().count(),
        changes: all.clone().filter(|row| rows::differs(row)).count(),
        substance: all.filter(|row| row.substance).count(),
        left_out: 0,
        groups: table,
    }
}
