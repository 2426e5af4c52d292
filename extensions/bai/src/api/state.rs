use std::sync::Arc;

use axum::extract::FromRef;
use engine::Engine;
use http_api::App;

use super::call::Call;
use crate::Bai;
use crate::error::Error;

/// What the handlers share. Cheap to clone.
#[derive(Clone)]
pub(super) struct Shared {
    pub(super) app: App,
    pub(super) bai: Arc<Bai>,
}

impl FromRef<Shared> for App {
    fn from_ref(shared: &Shared) -> Self {
        shared.app.clone()
    }
}

impl Shared {
    pub(super) fn engine(&self) -> &Engine {
        self.app.engine()
    }

    /// Refuses a call that was made just before. `route` tells the routes apart.
    pub(super) fn refuse_duplicate(&self, route: &str, call: &Call) -> Result<(), Error> {
        self.bai
            .duplicates
            .admit(call.fingerprint(route), self.engine().clock().now())
            .map_err(Error::Duplicate)
    }
}
