//! Thumbnails of images: which size, which part, in which format.

mod decode;
mod encode;
mod plan;
mod pool;
mod size;
#[cfg(test)]
mod tests;

use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};
use image::{DynamicImage, RgbImage, RgbaImage};

pub use pool::{ThumbLimits, Thumbs};
pub use size::ThumbSize;

use crate::Result;
use decode::{Encoded, MAX_PIXELS, no_thumbnail};
use plan::Plan;

/// The thumbnail of an image in this size, and its content type. Takes a while: for threads that may.
fn create(image: Encoded, content_type: &str, size: ThumbSize) -> Result<(Vec<u8>, &'static str)> {
    encode::encode(resize(image.decode()?, size)?, content_type)
}

fn resize(image: DynamicImage, size: ThumbSize) -> Result<DynamicImage> {
    let plan = Plan::new(image.width(), image.height(), size);
    if u64::from(plan.width) * u64::from(plan.height) > MAX_PIXELS {
        return Err(no_thumbnail(format!("{}x{} are too many pixels", plan.width, plan.height)));
    }
    if (plan.width, plan.height) == (image.width(), image.height()) {
        return Ok(image);
    }
    let alpha = image.color().has_alpha();
    let pixel_type = if alpha { PixelType::U8x4 } else { PixelType::U8x3 };
    let source = ImageRef::new(image.width(), image.height(), image.as_bytes(), pixel_type);
    let mut target = Image::new(plan.width, plan.height, pixel_type);
    Resizer::new()
        .resize(&source.map_err(no_thumbnail)?, &mut target, &options(&image, plan))
        .map_err(no_thumbnail)?;
    let pixels = target.into_vec();
    let resized = if alpha {
        RgbaImage::from_raw(plan.width, plan.height, pixels).map(DynamicImage::from)
    } else {
        RgbImage::from_raw(plan.width, plan.height, pixels).map(DynamicImage::from)
    };
    resized.ok_or_else(|| no_thumbnail("the image was not resized to its size"))
}

fn options(image: &DynamicImage, Plan { part, .. }: Plan) -> ResizeOptions {
    // What was rounded up must not lead out of the image.
    let width = part.width.min(f64::from(image.width()) - part.left);
    let height = part.height.min(f64::from(image.height()) - part.top);
    ResizeOptions::new()
        .resize_alg(ResizeAlg::Convolution(FilterType::Bilinear))
        .crop(part.left, part.top, width, height)
}
