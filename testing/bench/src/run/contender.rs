use std::cell::Cell;
use std::rc::Rc;

use test_postgres::TestDatabase;

use crate::data::Sizes;
use crate::error::Result;
use crate::report::Role;
use crate::server::{Program, Server};
use crate::work::Context;

/// How many users have tokens.
const TOKENS: u64 = 5;

/// A server in the run.
#[derive(Debug)]
pub(crate) struct Contender {
    pub(crate) server: Server,
    pub(crate) role: Role,
    pub(crate) context: Context,
    /// Memory at rest, in MiB.
    pub(crate) rest: f64,
    /// The most memory so far, in MiB.
    pub(crate) peak: Cell<f64>,
    /// Its rows, when they are in a database of their own; dropped after the server.
    pub(super) _database: Option<TestDatabase>,
}

/// A server that can be started again.
#[derive(Debug)]
pub(crate) struct Startable {
    pub(crate) name: String,
    pub(crate) role: Role,
    pub(crate) program: Program,
}

impl Contender {
    /// A server with what is needed to make requests of it.
    pub(super) async fn new(
        server: Server,
        role: Role,
        sizes: Sizes,
        database: Option<TestDatabase>,
    ) -> Result<Self> {
        let mut tokens = Vec::new();
        if role != Role::Floor {
            for user in 0..TOKENS {
                tokens.push(server.user(user).await?);
            }
        }
        let context = Context { sizes, tokens: Rc::from(tokens) };
        Ok(Self { server, role, context, rest: 0.0, peak: Cell::new(0.0), _database: database })
    }

    /// Notes the peak of its memory since it was last reset.
    pub(crate) fn note_peak(&self) -> Result<()> {
        self.peak.set(self.peak.get().max(self.server.process.peak_memory()?));
        Ok(())
    }
}
