use schema::CollectionKind;
use schema::collection::AuthOptions;
use sha2::{Digest, Sha256};

use super::Run;
use crate::Result;

/// SHA-256 of the alert's text that PocketBase gave to new collections before v0.33. It did not say where the login
/// came from.
const FORMER: &str = "ba5c60f52c2370c3c8cbbf54cbca348bde1dfd6ccdca01b06d32524139312d28";

/// Gives collections whose alert has the former text the present one. Texts that somebody changed stay.
pub(super) async fn renew(run: &mut Run<'_>) -> Result<Vec<String>> {
    let present = AuthOptions::with_defaults(run.tx.engine().entropy()).auth_alert.email_template.body;
    let mut changes = Vec::new();
    for old in run.collections() {
        let mut new = (*old).clone();
        let CollectionKind::Auth(options) = &mut new.kind else { continue };
        let body = &mut options.auth_alert.email_template.body;
        if !has_digest(body, FORMER) {
            continue;
        }
        *body = present.clone();
        changes.extend(run.save(&old, new).await?);
    }
    Ok(changes)
}

/// Whether a text has this digest, in hexadecimal.
fn has_digest(text: &str, digest: &str) -> bool {
    let bytes = Sha256::digest(text.as_bytes());
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    hex == digest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_known_by_its_digest() {
        let digest = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";
        assert!(has_digest("hello", digest));
        assert!(!has_digest("hello ", digest));
    }
}
