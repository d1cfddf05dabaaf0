//! A token exchange after the subject token's end, by a clock that can be set.

use record::operation::Operation;
use token::inspect::TokenKind;

use crate::support::Bench;

#[tokio::test]
async fn a_subject_token_that_ran_out_is_named_so() {
    let bench = Bench::start().await;
    let login = bench.log_in("alice").await;
    let subject = bench.made(&login, TokenKind::Access);
    bench.lab.set_clock_offset(400);
    bench.clock.set_ahead(400);
    let (_, found) = bench.refused(&bench.draft(Operation::TokenExchange, Some(&subject.id)), 400, "invalid_request").await;
    assert_eq!(found, "kc-v2-subject-expired");
}
