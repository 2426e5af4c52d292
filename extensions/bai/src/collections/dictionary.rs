use engine::CollectionSpec;

use super::read_by_all;
use crate::names::DICTIONARY;

/// `tbl_system_dict`: the data dictionary that `document_type` points into.
pub(super) fn spec() -> CollectionSpec {
    read_by_all(CollectionSpec::base(DICTIONARY))
        .fields(
            "text",
            &[
                "system_dict_id",
                "dict_name",
                "dict_word_enum",
                "dict_word_description",
                "dict_word_parent_id",
                "dict_word_remark",
            ],
        )
        .fields("bool", &["dict_word_is_enabled"])
        .fields("number", &["dict_word_sort_order"])
        .timestamps()
        .unique_index(&["system_dict_id"])
        .unique_index(&["dict_name"])
        .index(&["dict_word_parent_id"])
}
