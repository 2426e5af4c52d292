//! The BAI platform: identity, companies, attachments, documents and the dictionary.
