//! Settings as they are stored: plain, or encrypted with a key of the operator's.
//!
//! The form is PocketBase's: AES in Galois/Counter Mode, the nonce of 12 bytes before the text and its tag, all of it in
//! base64. Plain settings are read with a key as well, and encrypted when they are next written.

use std::fmt;

use aes_gcm::aead::consts::U12;
use aes_gcm::aead::{Aead, KeyInit};
use aes_gcm::aes::Aes192;
use aes_gcm::{Aes128Gcm, Aes256Gcm, AesGcm, Nonce};
use ambient::Entropy;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

type Aes192Gcm = AesGcm<Aes192, U12>;

const NONCE_LENGTH: usize = 12;

/// The key with which the stored settings are encrypted.
#[derive(Clone)]
pub struct EncryptionKey(Cipher);

#[derive(Clone)]
enum Cipher {
    Aes128(Box<Aes128Gcm>),
    Aes192(Box<Aes192Gcm>),
    Aes256(Box<Aes256Gcm>),
}

/// The text is no key, or not the one that something was encrypted with.
#[derive(Debug, thiserror::Error)]
pub enum EncryptionError {
    /// It has the wrong length.
    #[error("the key must have 32 bytes (16 and 24 are taken as well), and has {0}")]
    Length(usize),
    /// What was stored is not encrypted with this key, or damaged.
    #[error("they are not encrypted with this key")]
    Key,
    /// It could not be encrypted.
    #[error("it cannot be encrypted")]
    Failed,
}

impl EncryptionKey {
    /// The key that a text is: 32 bytes for AES-256, and, as PocketBase takes them too, 16 or 24 for shorter keys.
    ///
    /// # Errors
    /// [`EncryptionError::Length`]
    pub fn new(text: &str) -> Result<Self, EncryptionError> {
        let key = text.as_bytes();
        let wrong = |_| EncryptionError::Length(key.len());
        Ok(Self(match key.len() {
            16 => Cipher::Aes128(Box::new(Aes128Gcm::new_from_slice(key).map_err(wrong)?)),
            24 => Cipher::Aes192(Box::new(Aes192Gcm::new_from_slice(key).map_err(wrong)?)),
            _ => Cipher::Aes256(Box::new(Aes256Gcm::new_from_slice(key).map_err(wrong)?)),
        }))
    }

    pub(crate) fn encrypt(&self, entropy: &dyn Entropy, plain: &[u8]) -> Result<String, EncryptionError> {
        let mut nonce = [0; NONCE_LENGTH];
        entropy.fill(&mut nonce);
        let at = &Nonce::from(nonce);
        let sealed = match &self.0 {
            Cipher::Aes128(cipher) => cipher.encrypt(at, plain),
            Cipher::Aes192(cipher) => cipher.encrypt(at, plain),
            Cipher::Aes256(cipher) => cipher.encrypt(at, plain),
        };
        let sealed = sealed.map_err(|_| EncryptionError::Failed)?;
        Ok(BASE64_STANDARD.encode([&nonce[..], &sealed].concat()))
    }

    pub(crate) fn decrypt(&self, text: &str) -> Result<Vec<u8>, EncryptionError> {
        let bytes = BASE64_STANDARD.decode(text).map_err(|_| EncryptionError::Key)?;
        let (nonce, sealed) = bytes.split_first_chunk::<NONCE_LENGTH>().ok_or(EncryptionError::Key)?;
        let at = &Nonce::from(*nonce);
        let plain = match &self.0 {
            Cipher::Aes128(cipher) => cipher.decrypt(at, sealed),
            Cipher::Aes192(cipher) => cipher.decrypt(at, sealed),
            Cipher::Aes256(cipher) => cipher.decrypt(at, sealed),
        };
        plain.map_err(|_| EncryptionError::Key)
    }
}

impl fmt::Debug for EncryptionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EncryptionKey")
    }
}

#[cfg(test)]
mod tests {
    use ambient::SeededEntropy;

    use super::*;

    #[test]
    fn what_was_encrypted_comes_back_under_its_key_alone() {
        let entropy = SeededEntropy::new(1);
        for length in [16, 24, 32] {
            let key = EncryptionKey::new(&"k".repeat(length)).unwrap();
            let sealed = key.encrypt(&entropy, b"{}").unwrap();
            assert_eq!(key.decrypt(&sealed).unwrap(), b"{}");
            assert_ne!(sealed, key.encrypt(&entropy, b"{}").unwrap(), "each time with another nonce");
            let other = EncryptionKey::new(&"o".repeat(length)).unwrap();
            assert!(other.decrypt(&sealed).is_err());
            for damaged in ["", "e30=", "nonsense", &sealed.replace(['A', 'a', 'B'], "C")] {
                assert!(key.decrypt(damaged).is_err() || damaged == sealed, "{damaged}");
            }
        }
        assert!(matches!(EncryptionKey::new("short"), Err(EncryptionError::Length(5))));
        assert_eq!(format!("{:?}", EncryptionKey::new(&"k".repeat(32)).unwrap()), "EncryptionKey");
    }

    /// Made with Python's `cryptography`, apart from this code.
    #[test]
    fn the_form_is_the_documented_one() {
        let key = EncryptionKey::new("01234567890123456789012345678901").unwrap();
        let stored = "bm9uY2Utb2YtMTJiMQKSQO/7TNEX+Utyu6MefGfNgwyZ7R7Yp5lP9+pp9jEiPq6Cf/+/sg==";
        assert_eq!(key.decrypt(stored).unwrap(), br#"{"meta":{"appName":"x"}}"#);
    }
}
