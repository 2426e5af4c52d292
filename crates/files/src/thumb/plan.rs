use super::ThumbSize;
use super::size::Mode;

/// Images with a shorter side are scaled before they are cut, others are cut before they are scaled: the two differ
/// in how the cut is rounded.
const CUT_FIRST: u32 = 100;

/// Which part of an image becomes a thumbnail of which size.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Plan {
    /// In pixels of the image; not always whole ones.
    pub(super) part: Part,
    /// In pixels.
    pub(super) width: u32,
    /// In pixels.
    pub(super) height: u32,
}

/// A rectangle within an image.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Part {
    pub(super) left: f64,
    pub(super) top: f64,
    pub(super) width: f64,
    pub(super) height: f64,
}

impl Plan {
    /// The plan for an image of `width` × `height` pixels, both above zero; every rounding as in PocketBase.
    pub(super) fn new(width: u32, height: u32, size: ThumbSize) -> Self {
        if size.width == 0 || size.height == 0 {
            return Self::whole((width, height), scaled((width, height), size.width, size.height));
        }
        match size.mode {
            Mode::Fit => Self::fit((width, height), size),
            _ if (width, height) == (size.width, size.height) => {
                Self::whole((width, height), (width, height))
            }
            _ if width.min(height) >= CUT_FIRST => Self::cut_then_scale((width, height), size),
            _ => Self::scale_then_cut((width, height), size),
        }
    }

    fn whole((width, height): (u32, u32), to: (u32, u32)) -> Self {
        let part = Part { left: 0.0, top: 0.0, width: width.into(), height: height.into() };
        Self { part, width: to.0, height: to.1 }
    }

    fn fit(source: (u32, u32), size: ThumbSize) -> Self {
        if source.0 <= size.width && source.1 <= size.height {
            return Self::whole(source, source);
        }
        let proportion = ratio(source);
        let (width, height) = if proportion > ratio((size.width, size.height)) {
            (size.width, (f64::from(size.width) / proportion) as u32)
        } else {
            ((f64::from(size.height) * proportion) as u32, size.height)
        };
        Self::whole(source, scaled(source, width, height))
    }

    fn cut_then_scale(source: (u32, u32), size: ThumbSize) -> Self {
        let (width, height) = (f64::from(size.width), f64::from(size.height));
        let part = if ratio(source) < ratio((size.width, size.height)) {
            let rows = f64::from(source.0) * height / width;
            (source.0, (rows.max(1.0) + 0.5) as u32)
        } else {
            let columns = f64::from(source.1) * width / height;
            ((columns.max(1.0) + 0.5) as u32, source.1)
        };
        let (left, top) = place(source, part, size.mode);
        let part = Part { left: left.into(), top: top.into(), width: part.0.into(), height: part.1.into() };
        Self { part, width: size.width, height: size.height }
    }

    fn scale_then_cut(source: (u32, u32), size: ThumbSize) -> Self {
        let whole = if ratio(source) < ratio((size.width, size.height)) {
            scaled(source, size.width, 0)
        } else {
            scaled(source, 0, size.height)
        };
        let (left, top) = place(whole, (size.width, size.height), size.mode);
        let across = f64::from(source.0) / f64::from(whole.0);
        let down = f64::from(source.1) / f64::from(whole.1);
        let part = Part {
            left: f64::from(left) * across,
            top: f64::from(top) * down,
            width: f64::from(size.width) * across,
            height: f64::from(size.height) * down,
        };
        Self { part, width: size.width, height: size.height }
    }
}

fn ratio((width, height): (u32, u32)) -> f64 {
    f64::from(width) / f64::from(height)
}

/// The size, where a side of zero follows from the other one.
fn scaled(source: (u32, u32), width: u32, height: u32) -> (u32, u32) {
    let side = |pixels: f64| (pixels + 0.5).floor().max(1.0) as u32;
    let (across, down) = (f64::from(source.0), f64::from(source.1));
    match (width, height) {
        (0, height) => (side(f64::from(height) * across / down), height),
        (width, 0) => (width, side(f64::from(width) * down / across)),
        size => size,
    }
}

/// The left and upper edge of a part in a whole.
fn place(whole: (u32, u32), part: (u32, u32), mode: Mode) -> (u32, u32) {
    let (across, down) = (whole.0.saturating_sub(part.0), whole.1.saturating_sub(part.1));
    let top = match mode {
        Mode::Top => 0,
        Mode::Bottom => down,
        Mode::Center | Mode::Fit => down / 2,
    };
    (across / 2, top)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn plan(source: (u32, u32), size: &str) -> Plan {
        Plan::new(source.0, source.1, ThumbSize::parse(size).unwrap())
    }

    #[test]
    fn sizes_follow_from_the_image() {
        for (source, size, expected) in [
            ((301, 200), "100x0", (100, 66)),
            ((301, 200), "0x100", (151, 100)),
            ((1, 500), "0x100", (1, 100)),
            ((1, 500), "100x0", (100, 50_000)),
            ((301, 200), "100x50", (100, 50)),
            ((301, 200), "100x50f", (75, 50)),
            ((20, 10), "100x100f", (20, 10)),
            ((20, 10), "100x100", (100, 100)),
            ((1000, 1), "100x100f", (100, 1)),
            ((3, 3), "3x3t", (3, 3)),
        ] {
            let plan = plan(source, size);
            assert_eq!((plan.width, plan.height), expected, "{source:?} {size}");
        }
    }

    #[test]
    fn a_part_is_at_its_edge() {
        let edges = |size: &str| {
            let part = plan((200, 400), size).part;
            (part.left, part.top, part.width, part.height)
        };
        assert_eq!(edges("100x100"), (0.0, 100.0, 200.0, 200.0));
        assert_eq!(edges("100x100t"), (0.0, 0.0, 200.0, 200.0));
        assert_eq!(edges("100x100b"), (0.0, 200.0, 200.0, 200.0));
        assert_eq!(edges("100x400"), (50.0, 0.0, 100.0, 400.0));
        let part = plan((10, 40), "20x20").part;
        assert_eq!((part.left, part.top, part.width, part.height), (0.0, 15.0, 10.0, 10.0));
    }

    proptest! {
        #[test]
        fn a_part_is_always_in_the_image(
            width in 1..3000_u32,
            height in 1..3000_u32,
            size in "[0-9]{1,4}x[0-9]{1,4}[tbf]?",
        ) {
            let Some(size) = ThumbSize::parse(&size) else { return Ok(()) };
            let Plan { part, width: to_width, height: to_height } = Plan::new(width, height, size);
            prop_assert!(to_width > 0 && to_height > 0);
            prop_assert!(part.left >= 0.0 && part.top >= 0.0 && part.width > 0.0 && part.height > 0.0);
            prop_assert!(part.left + part.width <= f64::from(width) + 1e-6);
            prop_assert!(part.top + part.height <= f64::from(height) + 1e-6);
        }
    }
}
