//! The ambient authorities of a program, time and randomness, as values that are passed in.
//!
//! Nothing else in the workspace may ask the operating system for them (`clippy.toml` bans the calls), so a
//! test can hold the clock still and repeat a random choice.

mod clock;
mod entropy;

pub use clock::{Clock, ManualClock, SystemClock, format_timestamp};
pub use entropy::{Entropy, EntropyExt, SeededEntropy, SystemEntropy};
