//! Writes the page of refusals: `cargo run -p oauth --example refusals > docs/refusals.md`.

fn main() {
    print!("{}", oauth::refusal::document::page());
}
