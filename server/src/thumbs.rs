//! How many thumbnails are made at the same time, by PocketBase's environment variables.

use std::env;
use std::time::Duration;

use files::ThumbLimits;

/// The limits of the environment; what it does not say, or not as a number above zero, is as by default.
pub(crate) fn limits() -> ThumbLimits {
    from(|name| env::var(name).ok())
}

fn from(variable: impl Fn(&str) -> Option<String>) -> ThumbLimits {
    let number = |name: &str| variable(name)?.trim().parse().ok().filter(|number: &u32| *number > 0);
    let mut limits = ThumbLimits::default();
    if let Some(workers) = number("PB_THUMBS_MAX_WORKERS") {
        limits.workers = usize::try_from(workers).unwrap_or(usize::MAX);
    }
    if let Some(seconds) = number("PB_THUMBS_MAX_WAIT") {
        limits.wait = Duration::from_secs(seconds.into());
    }
    limits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_environment_says_how_many() {
        let with = |workers: &str, wait: &str| {
            from(|name| Some(if name.ends_with("WORKERS") { workers } else { wait }.to_owned()))
        };
        assert_eq!(with("3", "7"), ThumbLimits { workers: 3, wait: Duration::from_secs(7) });
        for text in ["", "0", "-1", "many"] {
            assert_eq!(with(text, text), ThumbLimits::default());
        }
    }
}
