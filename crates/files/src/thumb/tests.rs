use image::{ImageFormat, Rgba};

use super::*;
use crate::Error;

fn picture(width: u32, height: u32) -> DynamicImage {
    RgbaImage::from_fn(width, height, |x, y| Rgba([(x * 7) as u8, (y * 5) as u8, 90, 255])).into()
}

fn encoded(image: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    let image = if format == ImageFormat::Jpeg { image.to_rgb8().into() } else { image.clone() };
    image.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

fn thumb(
    bytes: Vec<u8>,
    content_type: &str,
    size: &str,
) -> Result<(DynamicImage, ImageFormat, &'static str)> {
    let size = ThumbSize::parse(size).unwrap();
    let (bytes, content_type) = create(Encoded::new(bytes.into())?, content_type, size)?;
    let format = image::guess_format(&bytes).unwrap();
    Ok((image::load_from_memory(&bytes).unwrap(), format, content_type))
}

#[test]
fn the_format_stays_where_it_can() {
    for (format, content_type, expected, expected_type) in [
        (ImageFormat::Png, "image/png", ImageFormat::Png, "image/png"),
        (ImageFormat::Jpeg, "image/jpeg", ImageFormat::Jpeg, "image/jpeg"),
        (ImageFormat::Jpeg, "image/jpg", ImageFormat::Png, "image/png"),
        (ImageFormat::Gif, "image/gif", ImageFormat::Gif, "image/gif"),
        (ImageFormat::WebP, "image/webp", ImageFormat::Png, "image/png"),
    ] {
        let bytes = encoded(&picture(120, 80), format);
        let (image, format, content_type) = thumb(bytes, content_type, "60x20b").unwrap();
        assert_eq!((format, content_type), (expected, expected_type));
        assert_eq!((image.width(), image.height()), (60, 20));
    }
}

#[test]
fn colours_stay_and_transparency_does_not_bleed() {
    let half =
        RgbaImage::from_fn(
            200,
            200,
            |x, _| if x < 100 { Rgba([200, 10, 20, 255]) } else { Rgba([0, 255, 0, 0]) },
        );
    let bytes = encoded(&half.into(), ImageFormat::Png);
    let (image, ..) = thumb(bytes, "image/png", "19x19").unwrap();
    let image = image.to_rgba8();
    assert_eq!(image.get_pixel(2, 9).0, [200, 10, 20, 255]);
    assert_eq!(image.get_pixel(16, 9).0[3], 0);
    let [red, green, blue, alpha] = image.get_pixel(9, 9).0;
    assert!(
        (100..156).contains(&alpha) && red > 190 && green < 20 && blue < 30,
        "{:?}",
        image.get_pixel(9, 9)
    );
}

/// A JPEG whose EXIF data says how it is turned.
fn turned(image: &DynamicImage, orientation: u8) -> Vec<u8> {
    let bytes = encoded(image, ImageFormat::Jpeg);
    let exif = [
        &b"\xff\xe1\x00\x22Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0"[..],
        &[orientation],
        b"\0\0\0\0\0\0",
    ];
    [&bytes[..2], &exif.concat(), &bytes[2..]].concat()
}

#[test]
fn a_photo_is_turned_upright() {
    let left_is_dark =
        RgbImage::from_fn(160, 80, |x, _| image::Rgb([if x < 80 { 0 } else { 255 }; 3])).into();
    for (orientation, size, dark) in [
        (1, (80, 40), (10, 20)),
        (2, (80, 40), (70, 20)),
        (3, (80, 40), (70, 20)),
        (6, (40, 80), (20, 10)),
        (8, (40, 80), (20, 70)),
        (9, (80, 40), (10, 20)),
    ] {
        let (image, ..) = thumb(turned(&left_is_dark, orientation), "image/jpeg", "80x80f").unwrap();
        assert_eq!((image.width(), image.height()), size, "{orientation}");
        assert!(image.to_luma8().get_pixel(dark.0, dark.1).0[0] < 20, "{orientation}");
    }
}

#[test]
fn an_animation_shows_its_first_frame() {
    let mut bytes = Vec::new();
    let mut encoder = gif::Encoder::new(&mut bytes, 40, 30, &[255, 0, 0, 0, 0, 255]).unwrap();
    let frame = |width, height, color| gif::Frame {
        width,
        height,
        left: 5,
        buffer: vec![color; usize::from(width) * usize::from(height)].into(),
        ..gif::Frame::default()
    };
    encoder.write_frame(&frame(20, 30, 0)).unwrap();
    encoder.write_frame(&frame(35, 30, 1)).unwrap();
    drop(encoder);
    let (image, ..) = thumb(bytes, "image/gif", "0x15").unwrap();
    assert_eq!((image.width(), image.height()), (10, 15), "the first frame is smaller than the whole");
    assert!(image.to_rgb8().pixels().all(|pixel| pixel.0[0] > 200 && pixel.0[2] < 50));
}

#[test]
fn broken_images_are_refused() {
    for format in [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::Gif, ImageFormat::WebP] {
        let bytes = encoded(&picture(64, 64), format);
        for length in [0, 3, 20, bytes.len() / 2, bytes.len() - 20] {
            let result = thumb(bytes[..length].to_vec(), "image/png", "10x10");
            assert!(matches!(result, Err(Error::NoThumbnail(_))), "{format:?} {length}");
        }
    }
    assert!(thumb(b"\xff\xd8\xff\xe0no image at all".to_vec(), "image/jpeg", "10x10").is_err());
}

#[test]
fn bombs_are_refused_before_they_are_decoded() {
    // The head of a PNG of 60,000 × 60,000 pixels.
    let mut png = encoded(&picture(1, 1), ImageFormat::Png);
    png[16..24].copy_from_slice(&[0, 0, 0xea, 0x60, 0, 0, 0xea, 0x60]);
    let mut head = crc32(&png[12..29]).to_be_bytes().to_vec();
    png.splice(29..33, head.drain(..));
    let error = thumb(png, "image/png", "10x10").unwrap_err().to_string();
    assert_eq!(error, "no thumbnail: 60000x60000 are too many pixels");
    let narrow = encoded(&picture(1, 5000), ImageFormat::Png);
    let error = thumb(narrow, "image/png", "9999x0").unwrap_err().to_string();
    assert_eq!(error, "no thumbnail: 9999x49995000 are too many pixels");
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0_u32, |crc, byte| {
        (0..8)
            .fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ (0xedb8_8320 & (!(crc & 1)).wrapping_add(1)))
    })
}
