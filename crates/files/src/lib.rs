//! Blobs behind one interface, stored names, and content types.
