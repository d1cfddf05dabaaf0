//! curl.exe for PowerShell.
//!
//! Two layers quote here. PowerShell's own: text in single quotes, where every kind of single quote is doubled; text with
//! variables in double quotes, where backtick, dollar and every kind of double quote take a backtick. Below it lies the
//! way arguments reach a program: Windows PowerShell 5.1 and PowerShell up to 7.2 hand an embedded `"` over unescaped,
//! 7.3 escapes it. Form values avoid the question by being encoded first. Where a quote remains (JSON bodies), the
//! command runs in a block that asks for the old way (`$PSNativeCommandArgumentPassing = 'Legacy'`, without meaning to
//! older versions) and escapes for it, so that the same text works in all of them.

use super::arguments::{Command, Piece};

pub(super) fn write(command: &Command) -> String {
    let mut text: String = command.remarks.iter().map(|remark| format!("# {remark}\n")).collect();
    let quotes = command
        .options
        .iter()
        .flat_map(|(_, pieces)| pieces)
        .any(|piece| matches!(piece, Piece::Literal(text) if text.contains('"')));
    let options: Vec<String> = command.options.iter().map(|(word, pieces)| option(word, pieces)).collect();
    let line = format!("curl.exe -sS {}", options.join(" `\n  "));
    if quotes {
        text.push_str(&format!("& {{ $PSNativeCommandArgumentPassing = 'Legacy'\n{line}\n}}"));
    } else {
        text.push_str(&line);
    }
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
    if let [Piece::Literal(text)] = pieces {
        return single(&native(text));
    }
    let inside: String = pieces
        .iter()
        .map(|piece| match piece {
            Piece::Literal(text) => double(&native(text)),
            Piece::Variable(name) => format!("${{env:{name}}}"),
            Piece::Encoded(name) => format!("$([uri]::EscapeDataString(${{env:{name}}}))"),
        })
        .collect();
    format!("\"{inside}\"")
}

/// Escapes for the program's own reading of its command line: a quote takes a backslash, and backslashes before a quote
/// or before the end are doubled.
fn native(text: &str) -> String {
    if !text.contains('"') {
        return text.into();
    }
    let mut out = String::new();
    let mut backslashes = 0;
    for c in text.chars() {
        match c {
            '\\' => backslashes += 1,
            '"' => {
                out.push_str(&"\\".repeat(backslashes * 2 + 1));
                backslashes = 0;
                out.push('"');
                continue;
            }
            _ => {
                out.push_str(&"\\".repeat(backslashes));
                backslashes = 0;
            }
        }
        if c != '\\' {
            out.push(c);
        }
    }
    out.push_str(&"\\".repeat(backslashes));
    out
}

fn single(text: &str) -> String {
    let mut out = String::from("'");
    for c in text.chars() {
        out.push(c);
        if matches!(c, '\'' | '\u{2018}' | '\u{2019}' | '\u{201a}' | '\u{201b}') {
            out.push(c);
        }
    }
    out.push('\'');
    out
}

fn double(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        if matches!(c, '`' | '$' | '"' | '\u{201c}' | '\u{201d}' | '\u{201e}') {
            out.push('`');
        }
        out.push(c);
    }
    out
}
