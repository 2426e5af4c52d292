use std::collections::HashMap;

use parking_lot::RwLock;
use sql::Ident;

/// How often tables were written since the start.
#[derive(Default)]
pub(crate) struct Versions(RwLock<Counters>);

#[derive(Default)]
struct Counters {
    /// Each write counts.
    all: u64,
    /// Writes of which nobody knows what they were to.
    anything: u64,
    tables: HashMap<Ident, u64>,
}

/// What a transaction wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Written {
    Tables(Vec<Ident>),
    /// The schema, or what nobody knows.
    Anything,
}

/// The state of some tables: equal as long as nobody writes to them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stamp(u64);

impl Default for Written {
    fn default() -> Self {
        Self::Tables(Vec::new())
    }
}

impl Written {
    /// Whether there is nothing to take down.
    pub(crate) fn is_empty(&self) -> bool {
        matches!(self, Self::Tables(tables) if tables.is_empty())
    }
}

impl Versions {
    /// Takes down a write that was committed.
    pub(crate) fn note(&self, written: &Written) {
        let mut counters = self.0.write();
        counters.all += 1;
        match written {
            Written::Anything => counters.anything += 1,
            Written::Tables(tables) => {
                for table in tables {
                    *counters.tables.entry(table.clone()).or_default() += 1;
                }
            }
        }
    }

    /// The state of these tables. It has to be asked for before they are read.
    pub(crate) fn of(&self, tables: &[Ident]) -> Stamp {
        let counters = self.0.read();
        // Counters only grow: their sum is the same only as long as all of them are.
        let sum: u64 = tables.iter().filter_map(|table| counters.tables.get(table)).sum();
        Stamp(counters.anything + sum)
    }

    /// The state of everything.
    pub(crate) fn of_everything(&self) -> Stamp {
        Stamp(self.0.read().all)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tables(names: &[&'static str]) -> Vec<Ident> {
        names.iter().copied().map(Ident::from).collect()
    }

    #[test]
    fn a_write_changes_the_state_of_its_tables() {
        let versions = Versions::default();
        let (a, b) = (tables(&["a"]), tables(&["b"]));
        let before = (versions.of(&a), versions.of(&b), versions.of_everything());
        versions.note(&Written::Tables(tables(&["a", "c"])));
        assert_ne!(versions.of(&a), before.0);
        assert_eq!(versions.of(&b), before.1);
        assert_ne!(versions.of(&tables(&["b", "c"])), before.1);
        assert_ne!(versions.of_everything(), before.2);
    }

    #[test]
    fn a_write_to_anything_changes_all() {
        let versions = Versions::default();
        let before = (versions.of(&tables(&["a"])), versions.of_everything());
        versions.note(&Written::Anything);
        assert_ne!(versions.of(&tables(&["a"])), before.0);
        assert_ne!(versions.of_everything(), before.1);
    }
}
