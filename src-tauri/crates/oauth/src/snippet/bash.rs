//! curl for POSIX shells.
//!
//! Literal text stands in single quotes, where only the quote itself is special (`'\''`); a variable stands in double
//! quotes, so that its value is neither split nor expanded again.

use super::arguments::{Command, Piece};

pub(super) fn write(command: &Command) -> String {
    let mut text: String = command.remarks.iter().map(|remark| format!("# {remark}\n")).collect();
    let options: Vec<String> = command.options.iter().map(|(word, pieces)| option(word, pieces)).collect();
    text.push_str(&format!("curl -sS {}", options.join(" \\\n  ")));
    text
}

fn option(word: &str, pieces: &[Piece]) -> String {
    match (word, pieces) {
        ("", pieces) => argument(pieces),
        (word, []) => word.into(),
        (word, pieces) => format!("{word} {}", argument(pieces)),
    }
}

fn argument(pieces: &[Piece]) -> String {
    // `"Authorization: Bearer $CLAIMSCOPE_TOKEN"` reads better than three quoted parts, where the text allows it.
    let calm = |text: &str| !text.contains(['"', '$', '`', '\\', '!']);
    let has_variable = pieces.iter().any(|piece| !matches!(piece, Piece::Literal(_)));
    if has_variable && pieces.iter().all(|piece| !matches!(piece, Piece::Literal(text) if !calm(text))) {
        let mut inside = String::new();
        for (index, piece) in pieces.iter().enumerate() {
            match piece {
                Piece::Literal(text) => inside.push_str(text),
                Piece::Variable(name) | Piece::Encoded(name) => {
                    let glued = matches!(pieces.get(index + 1), Some(Piece::Literal(next)) if next.starts_with(|c: char| c.is_alphanumeric() || c == '_' || c == '['));
                    inside.push_str(&if glued { format!("${{{name}}}") } else { format!("${name}") });
                }
            }
        }
        return format!("\"{inside}\"");
    }
    pieces
        .iter()
        .map(|piece| match piece {
            Piece::Literal(text) => quote(text),
            Piece::Variable(name) | Piece::Encoded(name) => format!("\"${name}\""),
        })
        .collect()
}

/// Text in single quotes; plain words need none.
pub(super) fn quote(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/' | ':' | '@' | '%' | '+' | '=' | ',');
    if !text.is_empty() && text.chars().all(plain) && !text.starts_with('=') {
        return text.into();
    }
    format!("'{}'", text.replace('\'', "'\\''"))
}
