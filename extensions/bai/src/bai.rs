use std::sync::Arc;

use async_trait::async_trait;
use engine::{CollectionSpec, Extension, HookRegistry};

use crate::guard::{Duplicates, PasswordThrottle};
use crate::{Config, Registration, collections, hooks};

/// The business: its collections, its hooks, and what its routes share.
pub struct Bai {
    pub(crate) registration: Registration,
    pub(crate) wechat: wechat::Client,
    pub(crate) duplicates: Duplicates,
    pub(crate) passwords: PasswordThrottle,
}

impl Bai {
    /// The business with this configuration and this way to WeChat ([`wechat::Client::unconfigured`] for none).
    pub fn new(config: &Config, wechat: wechat::Client) -> Arc<Self> {
        Arc::new(Self {
            registration: config.registration,
            wechat,
            duplicates: Duplicates::new(config.duplicate_window),
            passwords: PasswordThrottle::default(),
        })
    }
}

#[async_trait]
impl Extension for Bai {
    fn name(&self) -> &'static str {
        "bai"
    }

    fn collections(&self) -> Vec<CollectionSpec> {
        collections::all()
    }

    fn hooks(&self, registry: &mut HookRegistry) {
        hooks::register(registry);
    }
}
