//! Pixels, into images as they are stored.

use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::{DynamicImage, RgbaImage};

use super::decode::no_thumbnail;
use crate::Result;

/// As PocketBase encodes: hardly any loss.
const JPEG_QUALITY: u8 = 95;

/// How fast colours are chosen for a GIF, from 1 (best) to 30.
const GIF_SPEED: i32 = 10;

/// The thumbnail of an image with this content type, and its own content type: that of the image where it is JPEG or
/// GIF, otherwise PNG.
pub(super) fn encode(image: DynamicImage, content_type: &str) -> Result<(Vec<u8>, &'static str)> {
    let mut bytes = Vec::new();
    match content_type {
        "image/jpeg" => {
            let encoder = JpegEncoder::new_with_quality(&mut bytes, JPEG_QUALITY);
            image.into_rgb8().write_with_encoder(encoder).map_err(no_thumbnail)?;
            Ok((bytes, "image/jpeg"))
        }
        "image/gif" => {
            gif(image.into_rgba8(), &mut bytes)?;
            Ok((bytes, "image/gif"))
        }
        _ => {
            let image = if is_opaque(&image) { image.into_rgb8().into() } else { image };
            image.write_with_encoder(PngEncoder::new(&mut bytes)).map_err(no_thumbnail)?;
            Ok((bytes, "image/png"))
        }
    }
}

fn gif(image: RgbaImage, bytes: &mut Vec<u8>) -> Result<()> {
    let width = image.width().try_into().map_err(no_thumbnail)?;
    let height = image.height().try_into().map_err(no_thumbnail)?;
    let frame = gif::Frame::from_rgba_speed(width, height, &mut image.into_raw(), GIF_SPEED);
    let mut encoder = gif::Encoder::new(bytes, width, height, &[]).map_err(no_thumbnail)?;
    encoder.write_frame(&frame).map_err(no_thumbnail)
}

fn is_opaque(image: &DynamicImage) -> bool {
    image.as_rgba8().is_none_or(|image| image.pixels().all(|pixel| pixel.0[3] == u8::MAX))
}
