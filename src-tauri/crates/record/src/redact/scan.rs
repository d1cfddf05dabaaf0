//! The three nets over one text: known values, names, shapes; each also over what the text says once its escapes, base64 and hex
//! are read. All finds are ranges of the text as it stands, so they are put together once and nothing is masked twice.

use super::{
    by_name, commands, layers, markup,
    mask::{DOTS, JWT_DOTS, Mask, Nets, Stand},
    near,
    needles::{Hit, Needles},
    pairs, shape, tables, writings,
};

impl From<Hit> for Mask {
    fn from(found: Hit) -> Self {
        let stand = found.evidence.map_or(Stand::Dots, Stand::Evidence);
        Self { start: found.start, end: found.end, stand }
    }
}

/// How often escapes are read: a percent escape in a JSON string in a JSON string in a page has four.
const ROUNDS: usize = 5;
/// Least bytes of a value that is looked for with its letters apart.
const APART: usize = 8;
/// How deep base64 or hex may lie in each other. What is read of ordinary text is hardly ever base64 again, so that the depth costs little.
const DEPTH: usize = 4;

/// A text with everything secret masked.
pub(super) fn redacted(text: &str, needles: &Needles, nets: Nets) -> String {
    let masks = masks(text, needles, nets);
    if masks.is_empty() {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    for mask in masks {
        out.push_str(&text[from..mask.start]);
        match mask.stand {
            Stand::Dots => out.push_str(DOTS),
            Stand::Jwt => out.push_str(JWT_DOTS),
            Stand::Evidence(index) => out.push_str(&needles.evidence(index)),
        }
        from = mask.end;
    }
    out.push_str(&text[from..]);
    out
}

/// Everything to be masked, in order, without overlaps, at the borders of characters.
pub(super) fn masks(text: &str, needles: &Needles, nets: Nets) -> Vec<Mask> {
    let mut found = Vec::new();
    // Places are kept in 32 bits; of a longer text nothing is shown.
    if u32::try_from(text.len()).is_err() {
        return vec![Mask::dots(0, text.len())];
    }
    escapes(text.as_bytes(), needles, nets, true, 0, &mut found);
    if found.is_empty() {
        return found;
    }
    for mask in &mut found {
        mask.end = mask.end.min(text.len());
        while !text.is_char_boundary(mask.start) {
            mask.start -= 1;
        }
        while !text.is_char_boundary(mask.end) {
            mask.end += 1;
        }
    }
    found.retain(|mask| mask.start < mask.end);
    united(found)
}

/// Overlapping masks as one; the longest says what stands there, and evidence says more than dots.
fn united(mut found: Vec<Mask>) -> Vec<Mask> {
    found.sort_by_key(|mask| (mask.start, std::cmp::Reverse(mask.end)));
    let mut all: Vec<Mask> = Vec::with_capacity(found.len());
    let mut weight = 0;
    for mask in found {
        let length = mask.end - mask.start;
        match all.last_mut() {
            Some(last) if mask.start < last.end => {
                last.end = last.end.max(mask.end);
                let says_more = match (last.stand, mask.stand) {
                    (_, Stand::Dots) | (Stand::Evidence(_), Stand::Jwt) => false,
                    (Stand::Jwt, Stand::Evidence(_)) => 2 * length >= weight,
                    (Stand::Dots, Stand::Evidence(_)) => true,
                    // `Bearer eyJ…` was told by the word before it.
                    (Stand::Dots, Stand::Jwt) => false,
                    (Stand::Jwt, Stand::Jwt) => false,
                    (Stand::Evidence(_), Stand::Evidence(_)) => length > weight,
                };
                if says_more {
                    (last.stand, weight) = (mask.stand, length);
                }
            }
            _ => {
                weight = length;
                all.push(mask);
            }
        }
    }
    all
}

/// The nets over a text and over it with its escapes read, round by round. `deep` says how many base64 texts it stands in.
fn escapes(text: &[u8], needles: &Needles, nets: Nets, alone: bool, deep: usize, found: &mut Vec<Mask>) {
    layer(text, needles, nets, alone, deep, found);
    let mut way: Vec<layers::Layer> = Vec::new();
    while way.len() < if deep == 0 { ROUNDS } else { 2 } {
        let Some(next) = layers::unescaped(way.last().map_or(text, |last| &last.bytes)) else { return };
        let mut inner = Vec::new();
        layer(&next.bytes, needles, nets, alone, deep, &mut inner);
        way.push(next);
        found.extend(inner.into_iter().map(|mask| way.iter().rev().fold(mask, back)));
    }
}

/// The mask in the layer's source.
fn back(mask: Mask, layer: &layers::Layer) -> Mask {
    let (start, end) = layer.source(mask.start, mask.end);
    Mask { start, end, ..mask }
}

fn layer(text: &[u8], needles: &Needles, nets: Nets, alone: bool, deep: usize, found: &mut Vec<Mask>) {
    let alone = alone && nets == Nets::All;
    found.extend(needles.find(text, alone).into_iter().map(Mask::from));
    by_name::find(text, nets, found);
    shape::find(text, nets, found);
    if nets == Nets::All {
        markup::find(text, found);
        near::find(text, found);
        pairs::find(text, found);
        pairs::sessions(text, found);
        // What was read of base64 is rarely a command or a table, and long where it is none.
        if deep <= 1 {
            commands::find(text, found);
            tables::find(text, found);
        }
    }
    if nets == Nets::All && !needles.is_empty() {
        // A value whose letters stand apart, and one that is written in another way or listed byte by byte.
        for apart in layers::squeezed(text).into_iter().chain(writings::all(text)) {
            let hits = needles.find(&apart.bytes, false).into_iter().filter(|hit| hit.end - hit.start >= APART);
            found.extend(hits.map(|hit| back(hit.into(), &apart)));
        }
    }
    if deep >= DEPTH {
        return;
    }
    for read in layers::base64(text).into_iter().chain(layers::hexadecimal(text)) {
        let mut inner = Vec::new();
        escapes(&read.bytes, needles, nets, false, deep + 1, &mut inner);
        found.extend(inner.into_iter().map(|mask| back(mask, &read)));
    }
}
