//! A client for WeChat's server API, and a simulator of it.
