//! Tokens from pasted text.

use oauth::paste::{self, FoundToken, Pasting};
use token::inspect::{Obtained, Origin, ShelfGroup};

use crate::{fault::TokenFault, ground::Ground, shelf::Held, tokens};

/// Finds tokens in pasted text, and puts none of them anywhere.
pub(crate) fn found_in(text: &str) -> Result<Pasting, TokenFault> {
    paste::find_tokens(text).map_err(|message| TokenFault {
        // The window lets go of a private key when it is closed.
        id: if message.contains(paste::NOTHING_KEPT) { "private-key" } else { "no-token" },
        message,
        advice: "Paste a token, Bearer and a token, a whole curl command or a JSON token response.".into(),
    })
}

/// Finds tokens in pasted text and puts them on the shelf.
pub(crate) fn paste(ground: &Ground, text: &str) -> Result<(Vec<String>, String), TokenFault> {
    put_pasted(ground, found_in(text)?)
}

/// Puts those of the tokens of a pasted text on the shelf that were chosen, by their places in [`Workbench::found_in`](crate::workbench::Workbench::found_in).
pub(crate) fn paste_chosen(ground: &Ground, text: &str, chosen: &[usize]) -> Result<(Vec<String>, String), TokenFault> {
    let found = found_in(text)?;
    let tokens: Vec<FoundToken> =
        found.tokens.into_iter().enumerate().filter(|(at, _)| chosen.contains(at)).map(|(_, token)| token).collect();
    if tokens.is_empty() {
        return Err(TokenFault {
            id: "none-chosen",
            message: "No token was chosen.".into(),
            advice: "Choose at least one of those that were found.".into(),
        });
    }
    let message = paste::message(&tokens);
    put_pasted(ground, Pasting { tokens, message })
}

fn put_pasted(ground: &Ground, found: Pasting) -> Result<(Vec<String>, String), TokenFault> {
    let now_s = ground.world.now_s();
    let mut ids = Vec::new();
    for token in found.tokens {
        if let Some(held) = ground.shelf.find_text(&token.text) {
            ids.push(held.id().to_owned());
            continue;
        }
        let origin = Origin {
            shelf_hint: Some(ShelfGroup::Pasted),
            ..Origin::new(tokens::new_token_id(ground), token.kind, Obtained::Pasted, "the clipboard")
        };
        let mut held = Held::live(token.text, origin);
        token.notes.into_iter().for_each(|note| held.add_finding(note));
        ids.push(held.id().to_owned());
        if let Err(fault) =
            ground.journal.keep_token(&held.kept(now_s, &tokens::known_here(ground)), ground.session, ground.world.now_ms())
        {
            return Err(TokenFault { id: "journal", message: fault.to_string(), advice: "The token was not kept.".into() });
        }
        ground.shelf.put(held);
    }
    Ok((ids, found.message))
}
