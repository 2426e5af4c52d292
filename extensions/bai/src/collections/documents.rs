use engine::CollectionSpec;

use super::{long, read_by_all, required};
use crate::model::document_status::{EXPIRED, VALID};
use crate::names::DOCUMENTS;

/// `tbl_document`: published documents.
///
/// `document_type` holds `system_dict_id@dict_word_enum`, several joined by `|`; so do the lists of attachments and of
/// words.
pub(super) fn spec() -> CollectionSpec {
    read_by_all(CollectionSpec::base(DOCUMENTS))
        .field("text", "document_id", required())
        .field("autodate", "document_create", [("onCreate", true)])
        .fields("date", &["document_effect_date", "document_expiry_date"])
        .field("text", "document_type", required())
        .field("text", "document_title", required())
        .fields("text", &["document_subtitle", "document_summary"])
        .field("text", "document_content", long())
        .fields(
            "text",
            &[
                "document_image",
                "document_video",
                "document_file",
                "document_owner",
                "document_relation_model",
                "document_keywords",
                "document_product_categories",
                "document_application_scenarios",
                "document_hotel_type",
            ],
        )
        .field("text", "document_status", [("pattern", format!("^({VALID}|{EXPIRED})$"))])
        .fields("number", &["document_share_count", "document_download_count", "document_favorite_count"])
        .fields(
            "text",
            &[
                "document_remark",
                "document_embedding_status",
                "document_embedding_error",
                "document_vector_version",
            ],
        )
        .fields("date", &["document_embedding_lasttime"])
        .timestamps()
        .unique_index(&["document_id"])
}
