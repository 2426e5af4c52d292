//! What every implementation of [`Store`](crate::Store) must do, as tests.
//!
//! An implementation's test names a function that opens a store of its own with nothing in it:
//!
//! ```ignore
//! store::contract_tests!(open_empty_store);
//! ```

#![expect(clippy::unwrap_used, clippy::panic, reason = "these are tests")]

mod errors;
mod items;
mod reads;
mod values;
mod writes;

pub use errors::*;
pub use reads::*;
pub use values::*;
pub use writes::*;

/// Makes a test of each part of the contract. `$open` is an `async fn() -> (Arc<dyn Store>, T)`; the `T` is dropped
/// after the test and can clean up.
#[macro_export]
macro_rules! contract_tests {
    ($open:path) => {
        $crate::contract_tests!(@each $open:
            reads_see_commits,
            reads_do_not_see_what_is_under_way,
            a_transaction_sees_its_own_changes,
            a_sink_can_end_a_query,
            many_reads_run_at_once,
            a_row_has_no_columns_but_its_own,
            a_dropped_transaction_is_rolled_back,
            a_rollback_drops_changes,
            concurrent_writers_all_succeed,
            a_rollback_leaves_its_neighbours_alone,
            tables_change_in_transactions,
            prepared_statements_follow_the_schema,
            a_failed_statement_changes_nothing,
            a_duplicate_names_the_key,
            of_several_keys_the_newest_or_the_oldest_is_named,
            a_missing_value_is_a_constraint,
            a_wrong_statement_is_told_apart,
            a_waiting_transaction_gets_its_turn,
            a_last_statement_lasts_with_what_was_before_it,
            a_last_statement_that_fails_leaves_nothing,
            a_closed_store_refuses_everything,
            values_come_back,
            upserts_replace_and_keep,
            changed_rows_are_counted,
            defaults_are_filled_in,
            the_catalogue_knows_the_tables,
        );
    };
    (@each $open:path: $($name:ident),* $(,)?) => {$(
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $name() {
            let (store, _clean_up) = $open().await;
            $crate::contract::$name(store).await;
        }
    )*};
}
