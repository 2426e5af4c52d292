//! Compiled queries: their text, what they find, and what is refused.

#[cfg(test)]
mod compatibility;
#[cfg(test)]
mod errors;
#[cfg(test)]
mod order;
#[cfg(test)]
mod support;
#[cfg(test)]
mod text;
#[cfg(test)]
mod views;
