use jiff::Timestamp;

/// What the names of backups begin with that are made by themselves.
pub(super) const AUTOMATIC: &str = "@auto_pb_backup_";

/// What those begin with that nobody named.
pub(super) const UNNAMED: &str = "pb_backup_";

/// How much of the name of the application is in them, in bytes.
const MAX_APP_NAME: usize = 50;

/// The name of a backup of this application at this time, for example `pb_backup_my_app_20260102030405.zip`.
pub(super) fn generate(prefix: &str, app_name: &str, at: Timestamp) -> String {
    let mut name = snake_case(app_name);
    name.truncate(MAX_APP_NAME);
    format!("{prefix}{name}_{}.zip", at.strftime("%Y%m%d%H%M%S"))
}

/// The words of ASCII in a text, in lower case and joined by `_`; a capital begins a word.
fn snake_case(text: &str) -> String {
    let mut result = String::with_capacity(text.len() + 8);
    for word in text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()) {
        if !result.is_empty() {
            result.push('_');
        }
        let mut previous = 'A';
        for c in word.chars() {
            if c.is_ascii_uppercase() && !previous.is_ascii_uppercase() {
                result.push('_');
            }
            result.push(c.to_ascii_lowercase());
            previous = c;
        }
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_backup_is_named_after_the_application() {
        let at = "2026-01-02T03:04:05.9Z".parse().unwrap();
        for (app, name) in [
            ("Acme", "pb_backup_acme_20260102030405.zip"),
            ("My App", "pb_backup_my_app_20260102030405.zip"),
            ("myAppURL v2", "pb_backup_my_app_url_v2_20260102030405.zip"),
            ("a1B --_c", "pb_backup_a1_b_c_20260102030405.zip"),
            ("测试", "pb_backup__20260102030405.zip"),
        ] {
            assert_eq!(generate(UNNAMED, app, at), name);
        }
        assert_eq!(generate(AUTOMATIC, &"x".repeat(60), at).len(), 16 + 50 + 1 + 14 + 4);
    }
}
