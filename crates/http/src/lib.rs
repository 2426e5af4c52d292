//! The native wire protocol: routes, extractors, middleware and the error envelope.
