//! Prints what changed between tokens, the first against each of the others: `compare BEFORE.txt AFTER.txt`.

use std::error::Error;

use token::{
    compare::{self, Column},
    decode::{Decoded, decode, json::Exact},
    inspect::{self, Obtained, Origin, TokenView},
    markdown,
    verify::verify,
};

fn main() -> Result<(), Box<dyn Error>> {
    let paths: Vec<String> = std::env::args().skip(1).collect();
    if !(2..=4).contains(&paths.len()) {
        return Err("two to four files, each with one token".into());
    }
    let mut tokens: Vec<(TokenView, Decoded, Exact)> = Vec::new();
    for path in paths {
        let decoded = decode(&std::fs::read_to_string(&path)?);
        let (header, claims) = (decoded.header.as_ref(), decoded.claims.as_ref());
        let origin = Origin::new(&path, inspect::kind_of(header, claims), Obtained::Pasted, &path);
        let view = inspect::view(&origin, header, claims, decoded.format, decoded.size, &verify(&decoded, None), 0);
        let exact = decoded.exact();
        tokens.push((view, decoded, exact));
    }
    let columns: Vec<Column<'_>> = tokens
        .iter()
        .map(|(view, decoded, exact)| Column {
            view: view.clone(),
            header: decoded.header.as_ref(),
            claims: decoded.claims.as_ref(),
            exact,
        })
        .collect();
    println!("{}", markdown::comparison(&compare::compare(&columns, None), &[], |_, value| value));
    Ok(())
}
