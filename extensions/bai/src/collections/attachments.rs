use engine::CollectionSpec;

use super::{long, read_by_all, required};
use crate::names::ATTACHMENTS;

/// The greatest size of a file, in bytes.
const MAX_FILE: i64 = 4 << 30;

/// `tbl_attachments`: one file a record, which other collections name by its `attachments_id`.
pub(super) fn spec() -> CollectionSpec {
    read_by_all(CollectionSpec::base(ATTACHMENTS))
        .field("text", "attachments_id", required())
        .field("file", "attachments_link", [("maxSelect", 1), ("maxSize", MAX_FILE)])
        .fields("text", &["attachments_filename", "attachments_filetype"])
        .fields("number", &["attachments_size"])
        .fields("text", &["attachments_owner", "attachments_md5"])
        .field("text", "attachments_ocr", long())
        .fields("text", &["attachments_status", "attachments_remark"])
        .timestamps()
        .unique_index(&["attachments_id"])
        .index(&["attachments_owner"])
        .index(&["attachments_status"])
}
