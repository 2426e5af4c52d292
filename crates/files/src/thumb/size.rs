/// The size of a thumbnail, as PocketBase writes it: `300x200` cut from the centre, `300x200t` from the top, `300x200b`
/// from the bottom, `300x200f` fitted inside; a `0` on one side follows from the other one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ThumbSize {
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) mode: Mode,
}

/// How an image of other proportions comes into the size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    Center,
    Top,
    Bottom,
    Fit,
}

impl ThumbSize {
    /// Reads a size; `None` for a text that is none.
    pub fn parse(text: &str) -> Option<Self> {
        let (width, rest) = text.split_once('x')?;
        let (height, mode) = match rest.strip_suffix(['t', 'b', 'f']) {
            None => (rest, Mode::Center),
            Some(height) if rest.ends_with('t') => (height, Mode::Top),
            Some(height) if rest.ends_with('b') => (height, Mode::Bottom),
            Some(height) => (height, Mode::Fit),
        };
        let (width, height) = (number(width)?, number(height)?);
        (width > 0 || height > 0).then_some(Self { width, height, mode })
    }
}

fn number(text: &str) -> Option<u32> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read() {
        let cases = [
            ("100x50", Some((100, 50, Mode::Center))),
            ("100x50t", Some((100, 50, Mode::Top))),
            ("100x50b", Some((100, 50, Mode::Bottom))),
            ("100x50f", Some((100, 50, Mode::Fit))),
            ("0x50", Some((0, 50, Mode::Center))),
            ("50x0t", Some((50, 0, Mode::Top))),
            ("007x1", Some((7, 1, Mode::Center))),
            ("0x0", None),
            ("0x0f", None),
            ("", None),
            ("x", None),
            ("1x", None),
            ("x1", None),
            ("1x1x", None),
            ("1x1tt", None),
            ("+1x1", None),
            ("1 x1", None),
            ("-1x1", None),
            ("99999999999x1", None),
        ];
        for (text, expected) in cases {
            let size = ThumbSize::parse(text).map(|size| (size.width, size.height, size.mode));
            assert_eq!(size, expected, "{text:?}");
        }
    }
}
