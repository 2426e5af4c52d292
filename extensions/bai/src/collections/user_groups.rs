use engine::CollectionSpec;

use super::{MANAGER, written_by_managers};
use crate::names::USER_GROUPS;

/// `tbl_user_groups`: what `usergroups_id` points to.
pub(super) fn spec() -> CollectionSpec {
    written_by_managers(CollectionSpec::base(USER_GROUPS))
        .rule("listRule", MANAGER)
        .rule("viewRule", MANAGER)
        .rule("createRule", MANAGER)
        .fields("text", &["usergroups_id", "usergroups_name", "usergroups_remark"])
        .timestamps()
        .unique_index(&["usergroups_id"])
}
