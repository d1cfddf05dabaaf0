//! A desk beside a lab of its own: what tests begin with that change the lab or ask what it was sent.

use std::{
    ops::{Deref, DerefMut},
    sync::Arc,
};

use engine::workbench::Bounds;
use lab::{Lab, Options};
use tempfile::TempDir;

use super::{desk::Desk, differences::Target, world::TestClock};

/// See the module.
pub struct Bench {
    pub lab: Lab,
    desk: Desk,
}

impl Bench {
    pub async fn start() -> Self {
        Self::bounded(Bounds::default()).await
    }

    /// With other limits of time and size than a user has.
    pub async fn bounded(bounds: Bounds) -> Self {
        Self::of(Options::default(), bounds).await
    }

    /// At a lab with Keycloak's legacy exchange switched on.
    pub async fn legacy() -> Self {
        Self::of(Options { legacy_exchange: true, ..Options::default() }, Bounds::default()).await
    }

    /// Beside a lab of another kind; its clock is the bench's.
    pub async fn of(options: Options, bounds: Bounds) -> Self {
        let clock = Arc::new(TestClock::new());
        let right = Arc::clone(&clock);
        let options = Options { clock: Arc::new(move || right.right_ms()), ..options };
        let lab = Lab::start(options).await.expect("the lab starts");
        let profile = lab_profile::profile(lab.description());
        let secrets = lab_profile::secrets(lab.description());
        let desk = Desk::at(Target::Lab, profile, secrets, clock, 1, bounds).await;
        Self { lab, desk }
    }

    /// Closes the app and gives its folder.
    pub fn close(self) -> TempDir {
        self.desk.close()
    }
}

impl Deref for Bench {
    type Target = Desk;

    fn deref(&self) -> &Desk {
        &self.desk
    }
}

impl DerefMut for Bench {
    fn deref_mut(&mut self) -> &mut Desk {
        &mut self.desk
    }
}
