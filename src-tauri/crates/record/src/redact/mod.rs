//! Taking secrets out of everything that is shown, recorded or exported.
//!
//! Three nets hang below each other, so that one hole is not a leak: by **name** (a parameter called
//! `client_secret` is masked whatever it holds), by **known value** (a secret we hold is masked wherever it
//! turns up, also form- or JSON-encoded), and by **shape** (whatever looks like a JWT or credentials).
//! Redaction comes before cutting and pretty printing, so no half of a secret survives at an edge.

mod by_name;
mod commands;
mod evidence;
mod json;
mod kept;
mod layers;
mod lines;
mod markup;
mod mask;
mod message;
mod names;
mod near;
mod needles;
mod ordinary;
mod pairs;
mod part;
mod plain;
mod scan;
mod shape;
mod step;
mod tables;
mod tells;
mod value;
mod writings;

pub use evidence::evidence;
pub use kept::KeepFilter;
pub use lines::LineRange;
pub use mask::{DOTS, JWT_DOTS};
pub use message::{header_case, request, response, response_lines};
pub use names::opaque;
pub use names::{harmless_header, redeemable, sensitive_header, sensitive_member, sensitive_parameter};
pub use needles::KnownSecrets;
pub use part::response_part;
pub use plain::{claim, claim_value, text, url, url_text};
pub use step::{diagnosis, event, step};

#[cfg(test)]
mod hostile;
#[cfg(test)]
mod tests;
