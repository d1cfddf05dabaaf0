//! A draft as it would be sent, before it is.

use oauth::{form::Preview, profile::Profile};
use record::operation::Draft;

use crate::{
    gate,
    ground::Ground,
    secrets::{Crossing, SecretFault},
};

/// The live preview of a draft.
pub(crate) async fn preview(ground: &Ground, draft: &Draft, profile: &Profile) -> Result<Preview, SecretFault> {
    let materials = gate::materials_to_show(ground, draft, profile).await?;
    let mut preview = oauth::form::preview(draft, profile, &materials);
    preview.questions = materials.questions_of(draft).iter().map(Crossing::beforehand).collect();
    Ok(preview)
}

/// The draft with the tokens of other environments in it confirmed, as somebody does who was asked about each.
pub(crate) async fn confirmed(ground: &Ground, draft: &Draft, profile: &Profile) -> Result<Draft, SecretFault> {
    let materials = gate::materials(ground, draft, profile).await?;
    Ok(oauth::form::confirmed(draft, profile, &materials))
}
