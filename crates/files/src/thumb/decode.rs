//! Images as they are stored, into pixels.

use std::io::Cursor;

use bytes::Bytes;
use gif::{ColorOutput, DecodeOptions, Decoder, MemoryLimit};
use image::codecs::jpeg::JpegDecoder;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits, RgbaImage};

use crate::{Error, Result};

/// The most pixels that an image may have, or all images that are worked on at the same time.
///
/// Memory is taken for this many, so it is what an attacker can make of a few bytes: a photo of 64 megapixels takes
/// 200 MB, and up to three times as much if it is turned or comes in several passes.
pub(super) const MAX_PIXELS: u64 = 1 << 26;

/// What a decoder may take beside the pixels (palettes, profiles, tables), in bytes.
const EXTRA: u64 = 1 << 20;

/// An image that was looked at, but not decoded.
pub(super) struct Encoded {
    bytes: Bytes,
    format: ImageFormat,
    pixels: u64,
}

impl Encoded {
    /// Looks at the head of an image; its content tells what it is.
    pub(super) fn new(bytes: Bytes) -> Result<Self> {
        let format = image::guess_format(&bytes).map_err(no_thumbnail)?;
        let (width, height) = match format {
            ImageFormat::Gif => frame(&bytes)?.1,
            _ => ImageReader::with_format(Cursor::new(&bytes), format)
                .into_dimensions()
                .map_err(no_thumbnail)?,
        };
        let pixels = u64::from(width) * u64::from(height);
        if pixels > MAX_PIXELS {
            return Err(no_thumbnail(format!("{width}x{height} are too many pixels")));
        }
        Ok(Self { bytes, format, pixels })
    }

    /// How many pixels it has.
    pub(super) fn pixels(&self) -> u64 {
        self.pixels
    }

    /// The image (of several the first one), turned as its EXIF data says if it is a JPEG: always with one byte for
    /// each of three or four channels.
    pub(super) fn decode(self) -> Result<DynamicImage> {
        let image = match self.format {
            ImageFormat::Gif => first_frame(&self.bytes)?,
            ImageFormat::Jpeg => jpeg(&self.bytes)?,
            format => {
                let mut reader = ImageReader::with_format(Cursor::new(&self.bytes), format);
                reader.limits(limits());
                reader.decode().map_err(no_thumbnail)?
            }
        };
        Ok(if image.color().has_alpha() { image.into_rgba8().into() } else { image.into_rgb8().into() })
    }
}

/// Why there is no thumbnail.
pub(super) fn no_thumbnail(reason: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    Error::NoThumbnail(reason.into())
}

fn limits() -> Limits {
    let mut limits = Limits::no_limits();
    // The widest pixels that are read have four channels of two bytes.
    limits.max_alloc = Some(MAX_PIXELS * 8 + EXTRA);
    limits
}

fn jpeg(bytes: &Bytes) -> Result<DynamicImage> {
    if !is_complete(bytes) {
        return Err(no_thumbnail("the image ends too early"));
    }
    let mut decoder = JpegDecoder::new(Cursor::new(bytes)).map_err(no_thumbnail)?;
    decoder.set_limits(limits()).map_err(no_thumbnail)?;
    let orientation = decoder.orientation().map_err(no_thumbnail)?;
    let mut image = DynamicImage::from_decoder(decoder).map_err(no_thumbnail)?;
    image.apply_orientation(orientation);
    Ok(image)
}

/// Whether a JPEG has its end. The decoder would fill up what is missing with grey.
fn is_complete(bytes: &[u8]) -> bool {
    const START_OF_SCAN: u8 = 0xda;
    let mut rest = bytes.get(2..).unwrap_or_default();
    loop {
        match *rest {
            [0xff, START_OF_SCAN, ..] => break,
            // A marker can be padded.
            [0xff, 0xff, ..] => rest = rest.get(1..).unwrap_or_default(),
            [0xff, _, high, low, ..] => {
                let length = usize::from(u16::from_be_bytes([high, low]));
                rest = rest.get(2 + length..).unwrap_or_default();
            }
            _ => return false,
        }
    }
    rest.windows(2).any(|pair| pair == [0xff, 0xd9])
}

type GifDecoder<'a> = Decoder<Cursor<&'a Bytes>>;

/// A decoder that stands before the first frame, and the size of it: unlike that of the whole GIF, it is what
/// PocketBase makes thumbnails of.
fn frame(bytes: &Bytes) -> Result<(GifDecoder<'_>, (u32, u32))> {
    let mut options = DecodeOptions::new();
    options.set_color_output(ColorOutput::RGBA);
    options.set_memory_limit(MemoryLimit::Bytes((MAX_PIXELS * 4).try_into().map_err(no_thumbnail)?));
    options.check_frame_consistency(true);
    let mut decoder = options.read_info(Cursor::new(bytes)).map_err(no_thumbnail)?;
    let frame = decoder.next_frame_info().map_err(no_thumbnail)?;
    let frame = frame.ok_or_else(|| no_thumbnail("the GIF has no frame"))?;
    let size = (frame.width.into(), frame.height.into());
    Ok((decoder, size))
}

fn first_frame(bytes: &Bytes) -> Result<DynamicImage> {
    let (mut decoder, (width, height)) = frame(bytes)?;
    let mut pixels = vec![0; decoder.buffer_size()];
    decoder.read_into_buffer(&mut pixels).map_err(no_thumbnail)?;
    let image = RgbaImage::from_raw(width, height, pixels);
    Ok(image.ok_or_else(|| no_thumbnail("the frame is not as large as it says"))?.into())
}
