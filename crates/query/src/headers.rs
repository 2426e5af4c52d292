use std::fmt;
use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use serde_json::{Map, Value};

/// The headers of a request by the names that rules know them by: in lower case and with `_` for `-`, of several of one
/// name the first.
///
/// They are read when somebody looks at them, which is seldom.
#[derive(Clone, Default)]
pub struct Headers {
    known: OnceLock<Map<String, Value>>,
    read: Option<Arc<dyn Fn() -> Map<String, Value> + Send + Sync>>,
}

impl Headers {
    /// Headers that `read` knows when they are looked at.
    pub fn new(read: impl Fn() -> Map<String, Value> + Send + Sync + 'static) -> Self {
        Self { known: OnceLock::new(), read: Some(Arc::new(read)) }
    }
}

impl From<Map<String, Value>> for Headers {
    fn from(headers: Map<String, Value>) -> Self {
        Self { known: OnceLock::from(headers), read: None }
    }
}

impl Deref for Headers {
    type Target = Map<String, Value>;

    fn deref(&self) -> &Self::Target {
        self.known.get_or_init(|| self.read.as_ref().map(|read| read()).unwrap_or_default())
    }
}

impl fmt::Debug for Headers {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(formatter)
    }
}
