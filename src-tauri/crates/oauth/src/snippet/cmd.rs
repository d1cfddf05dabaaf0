//! curl for the prompt of cmd.exe.
//!
//! The text is meant to be pasted at the prompt, not saved as a batch file: there every `%` that is not around a
//! variable would have to be doubled. An argument stands in double quotes, inside which only `"` and `%` are special. A
//! quote is written outside of them as `\^"` (the caret for cmd, the backslash for the program); a percent sign as `^%`
//! outside, which ends the name of no variable. Line breaks can not be written at all, so no argument holds one.

use super::arguments::{Command, Piece};

pub(super) fn write(command: &Command) -> String {
    let mut text: String =
        command.remarks.iter().map(|remark| format!("rem {}\n", remark.replace(['%', '^', '&', '|', '<', '>'], " "))).collect();
    let options: Vec<String> = command.options.iter().map(|(word, pieces)| option(word, pieces)).collect();
    text.push_str(&format!("curl -sS {}", options.join(" ^\n  ")));
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
    let mut out = String::from("\"");
    let mut backslashes = 0;
    for piece in pieces {
        match piece {
            Piece::Variable(name) | Piece::Encoded(name) => {
                backslashes = 0;
                out.push_str(&format!("%{name}%"));
            }
            Piece::Literal(text) => {
                for c in text.chars() {
                    match c {
                        '"' | '%' => {
                            // The program reads backslashes before our closing quote as escapes: double them.
                            out.push_str(&"\\".repeat(backslashes));
                            out.push_str(if c == '"' { "\"\\^\"\"" } else { "\"^%\"" });
                            backslashes = 0;
                        }
                        '\\' => {
                            backslashes += 1;
                            out.push(c);
                        }
                        c => {
                            backslashes = 0;
                            out.push(if c.is_control() { ' ' } else { c });
                        }
                    }
                }
            }
        }
    }
    out.push_str(&"\\".repeat(backslashes));
    out.push('"');
    out
}
