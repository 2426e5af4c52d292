//! The application: collections, records, authentication, files and hooks.
