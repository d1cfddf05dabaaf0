//! Before anything is sent: what must not be shown is told to the tape, and a secret that may not go ends the step.

use oauth::message::Built;
use record::operation::{Draft, FieldFault};

use super::ending::{About, Ending, RunFault};
use crate::{fault::Problem, gate::AtHand, ground::Ground, tape::Tape};

/// Tells a tape what must not be shown: the secrets at hand, what was typed, and every token of the shelf by its evidence.
pub(super) fn prepare(ground: &Ground, tape: &Tape, materials: &AtHand<'_>, draft: &Draft) {
    for secret in oauth::form::secrets(draft) {
        tape.hide(&secret);
    }
    materials.hide_on(tape);
    tape.begin_with(ground.shelf.secret(ground.world.now_s()));
}

/// A request, or the end of a step whose form is complete but whose secret may not go where it was to go. Nothing was sent then.
pub(super) fn built_or_stopped(
    built: Result<Built, Vec<FieldFault>>,
    materials: &AtHand<'_>,
) -> Result<Result<Built, (About, Ending)>, RunFault> {
    match (built, materials.stopped()) {
        (Ok(built), _) => Ok(Ok(built)),
        (Err(faults), Some(crossing)) if faults.len() == 1 => {
            let about = About { client: Some(crossing.owner.client.clone()), ..About::default() };
            Ok(Err((about, Problem::from(&crossing).into())))
        }
        (Err(faults), _) => Err(RunFault::Fields(faults)),
    }
}
