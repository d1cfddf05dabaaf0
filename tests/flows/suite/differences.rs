//! The page about differences says what the suite expects, and nothing else.

use crate::support::differences::ALL;

#[test]
fn the_page_shows_the_table_the_suite_reads() {
    let page = include_str!("../../../docs/keycloak-differences.md");
    let shown: Vec<&str> =
        page.lines().skip_while(|line| !line.starts_with("| What ")).skip(2).take_while(|line| line.starts_with('|')).collect();
    let expected: Vec<String> =
        ALL.iter().map(|row| format!("| {} | {} | {} | {} |", row.id, row.lab, row.keycloak, row.why)).collect();
    assert_eq!(shown, expected, "write the rows of tests/support/differences.rs into docs/keycloak-differences.md");
}
