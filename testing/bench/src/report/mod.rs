//! What is told about a run: a table, the results as data, and a plot.

mod machine;
mod plot;
mod results;
mod table;

use std::fs;
use std::io::Write as _;
use std::path::Path;

pub(crate) use machine::Machine;
pub(crate) use results::{Bound, Figure, LoadFigure, Outcome, Results, Role, Unit, Verdict};

use crate::error::{Result, What};

/// A line for who waits.
pub(crate) fn say(line: &str) -> Result<()> {
    writeln!(std::io::stderr(), "{line}").what("writing to the terminal")
}

/// Prints an outcome as soon as it is there.
pub(crate) fn print(outcome: &Outcome) -> Result<()> {
    writeln!(std::io::stdout(), "{}", table::outcome(outcome)).what("writing to the terminal")
}

/// Prints what came of the targets.
pub(crate) fn summary(results: &Results) -> Result<()> {
    write!(std::io::stdout(), "{}", table::summary(results)).what("writing to the terminal")
}

/// Writes the results and the plot into a folder: `DATE-NAME.json` and `DATE-NAME.svg`.
pub(crate) fn save(results: &Results, folder: &Path, name: &str) -> Result<()> {
    fs::create_dir_all(folder).what("the folder of the results")?;
    let file = |extension: &str| folder.join(format!("{}-{name}.{extension}", results.date));
    let mut json = serde_json::to_string_pretty(results)?;
    json.push('\n');
    fs::write(file("json"), json).what("the results")?;
    fs::write(file("svg"), plot::draw(results)).what("the plot")
}
