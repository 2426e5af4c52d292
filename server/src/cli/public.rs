use std::path::PathBuf;

use clap::Args;
use clap::builder::BoolishValueParser;

/// What is served beside the API.
#[derive(Debug, Args)]
#[command(next_help_heading = "Static files")]
pub(crate) struct Public {
    /// Folder of files that are served where the API has no route [default: `pb_public` beside the data directory].
    #[arg(long = "publicDir", env = "BAIBASE_PUBLIC_DIR", global = true, value_name = "DIR")]
    pub(crate) public_dir: Option<PathBuf>,

    /// Whether a path without a file gets the folder's `index.html`.
    #[arg(
        long = "indexFallback",
        env = "BAIBASE_INDEX_FALLBACK",
        global = true,
        num_args = 0..=1,
        require_equals = true,
        default_value = "true",
        default_missing_value = "true",
        value_parser = BoolishValueParser::new(),
        action = clap::ArgAction::Set
    )]
    pub(crate) index_fallback: bool,
}
