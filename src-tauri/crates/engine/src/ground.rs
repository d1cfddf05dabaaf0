//! The parts every flow stands on. They are put together once, by the workbench; no flow is known here.

use std::sync::Arc;

use crate::{
    bodies::Bodies,
    events::Readers,
    gate::Gate,
    http::{Bounds, Http},
    journal::Journal,
    keys::Keys,
    running::Runs,
    shelf::Shelf,
    vault::Vault,
    world::World,
};

/// See the module.
pub(crate) struct Ground {
    pub(crate) world: World,
    pub(crate) http: Http,
    pub(crate) bounds: Bounds,
    pub(crate) keys: Keys,
    pub(crate) shelf: Shelf,
    pub(crate) bodies: Bodies,
    pub(crate) runs: Runs,
    pub(crate) readers: Readers,
    pub(crate) vault: Vault,
    pub(crate) gate: Gate,
    pub(crate) journal: Arc<Journal>,
    /// Which run of the app this is, in the journal.
    pub(crate) session: i64,
}
