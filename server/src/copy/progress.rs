use std::io::{self, IsTerminal};

use ::copy::Progress;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use parking_lot::Mutex;

use crate::print;

/// Shows people how far it is: a bar for each step on a terminal, otherwise a line for each step that is done.
pub(super) struct Shown {
    step: Mutex<Option<ProgressBar>>,
    is_terminal: bool,
}

impl Shown {
    pub(super) fn new() -> Self {
        Self { step: Mutex::new(None), is_terminal: io::stderr().is_terminal() }
    }

    /// Takes an unfinished step away.
    pub(super) fn clear(&self) {
        if let Some(bar) = self.step.lock().take() {
            bar.finish_and_clear();
        }
    }
}

impl Progress for Shown {
    fn begin(&self, what: &str, total: u64) {
        let target =
            if self.is_terminal { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(Some(total), target).with_message(what.to_owned());
        if let Ok(style) = ProgressStyle::with_template("{msg:40!} {bar:30} {human_pos}/{human_len} {eta}") {
            bar.set_style(style);
        }
        *self.step.lock() = Some(bar);
    }

    fn advance(&self, done: u64) {
        if let Some(bar) = &*self.step.lock() {
            bar.inc(done);
        }
    }

    fn end(&self) {
        let Some(bar) = self.step.lock().take() else { return };
        let line = format!("{}: {}", bar.message(), bar.position());
        bar.finish_and_clear();
        print(&mut io::stderr(), line);
    }
}
