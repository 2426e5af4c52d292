use std::time::Duration;

use quick_cache::sync::Cache;
use sql::{Footprint, Select};
use store::Cost;
use tokio::time::Instant;

use super::versions::Stamp;
use crate::records::Access;
use crate::{Engine, Result};

/// How many totals are remembered.
const MOST: usize = 1000;

/// How long one is remembered at most: another process may write to the database, and nobody notes that.
const LONGEST: Duration = Duration::from_secs(10);

/// The largest query whose total is remembered, in bytes.
const LARGEST: usize = 16 << 10;

/// How many rows there were when somebody asked, by the query.
pub(crate) struct Totals(Cache<Vec<u8>, Total>);

#[derive(Clone, Copy)]
struct Total {
    stamp: Stamp,
    counted: Instant,
    rows: u64,
}

impl Default for Totals {
    fn default() -> Self {
        Self(Cache::new(MOST))
    }
}

impl Engine {
    /// The number that a query counts. It is counted again when somebody wrote to what the query reads.
    pub(crate) async fn total(&self, count: &Select) -> Result<u64> {
        let access = &mut Access::Store(self.store());
        let Some(Footprint { key, tables }) = count.footprint().filter(|known| known.key.len() <= LARGEST)
        else {
            return access.number(count, Cost::Scan).await;
        };
        let catalog = self.catalog();
        // What a view reads is its own affair.
        let is_table = |name| catalog.by_name(name).is_none_or(|entry| !entry.collection.is_view());
        let versions = self.versions();
        let stamp = match tables.iter().all(|table| is_table(table.as_str())) {
            true => versions.of(&tables),
            false => versions.of_everything(),
        };
        let counted = Instant::now();
        let is_good = |total: &Total| total.stamp == stamp && counted - total.counted < LONGEST;
        if let Some(total) = self.totals().0.get(&key).filter(is_good) {
            return Ok(total.rows);
        }
        let rows = access.number(count, Cost::Scan).await?;
        self.totals().0.insert(key, Total { stamp, counted, rows });
        Ok(rows)
    }
}
