use std::io::{self, IsTerminal};

use tracing_subscriber::EnvFilter;

use crate::cli::LogFormat;

/// Sends log lines to standard error. `RUST_LOG` overrides what is logged.
pub(crate) fn start(format: LogFormat, dev: bool) {
    let default = match format {
        _ if dev => "info,baibase=debug",
        LogFormat::Json => "info",
        // The stored logs have each request: to write a line for people as well would cost as much as a quick request.
        LogFormat::Text => "info,request=error",
    };
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(default));
    let lines = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr)
        // When nobody reads the log any more, saying so there would be a panic.
        .log_internal_errors(false);
    match format {
        LogFormat::Text => lines.with_target(false).with_ansi(io::stderr().is_terminal()).init(),
        LogFormat::Json => {
            lines.json().flatten_event(true).with_current_span(true).with_span_list(false).init();
        }
    }
}
