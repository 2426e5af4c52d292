//! The filter, sort and fields languages: text to a spanned syntax tree.
