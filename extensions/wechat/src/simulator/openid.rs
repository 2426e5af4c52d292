use base64::{Engine, engine::general_purpose};
use sha2::{Digest, Sha256};

/// The openid of a name: always the same, and shaped like a real one (`o` and 27 characters).
pub(super) fn openid(name: &str) -> String {
    let hash = Sha256::digest(format!("openid of {name}"));
    let text = general_purpose::URL_SAFE_NO_PAD.encode(hash);
    "o".chars().chain(text.chars().take(27)).collect()
}

/// The openid of a name in a website app, which is another app.
pub(super) fn site_openid(name: &str) -> String {
    openid(&format!("{name} of the website"))
}

/// The unionid of a name, the same in all apps.
pub(super) fn unionid(name: &str) -> String {
    openid(&format!("{name} of all apps"))
}

/// The session key of a code: shaped like a real one (16 bytes in base64).
pub(super) fn session_key(code: &str) -> String {
    let hash = Sha256::digest(format!("session key of {code}"));
    let bytes: Vec<u8> = hash.iter().copied().take(16).collect();
    general_purpose::STANDARD.encode(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_openid_is_stable_and_looks_real() {
        // Pinned: data that a developer keeps must find its user again after an upgrade.
        assert_eq!(openid("alice"), "oVVZ9GsTQE195RLveDwV1A7fLhOY");
        assert_eq!(openid("alice").len(), 28);
        assert_ne!(openid("alice"), openid("Alice"));
    }

    #[test]
    fn a_session_key_has_the_length_of_a_real_one() {
        assert_eq!(session_key("dev-alice").len(), 24);
    }
}
