//! Expressions give the same in SQLite and in PostgreSQL, whatever values they meet.

#[cfg(test)]
mod differences;
#[cfg(test)]
mod expressions;
#[cfg(test)]
mod mathematics;
#[cfg(test)]
mod numbers;
#[cfg(test)]
mod random;
#[cfg(test)]
mod rows;
#[cfg(test)]
mod setup;
#[cfg(test)]
mod stores;
#[cfg(test)]
mod times;
