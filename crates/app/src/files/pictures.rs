//! Photographs as people take them with a phone. Each is drawn anew from its points: upright, no larger than a page shows it, and
//! without anything else that was in the file, such as where and when it was taken.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;
use image::{DynamicImage, ImageDecoder, ImageReader, Limits};

/// The longer side of what is kept, in points.
const LONGEST_SIDE: u32 = 1_600;
/// Of what is sent: more than any phone takes, and no more than is good for the server.
const LONGEST_SENT: u32 = 16_000;
const MOST_MEMORY: u64 = 400_000_000;
const QUALITY: u8 = 82;

/// A photograph that is drawn anew, as JPEG.
pub(super) struct Drawn {
    pub bytes: Vec<u8>,
    pub width: u32,
    pub height: u32,
}

/// Draws a photograph anew.
///
/// # Errors
/// Why it cannot be, in a sentence for whoever chose it.
pub(super) fn drawn(bytes: &[u8]) -> Result<Drawn, &'static str> {
    const NONE: &str = "This is no photograph that can be read. Choose one of the kind JPEG or PNG";
    const LARGE: &str = "This picture has more points than can be looked at. Make it smaller, or take it anew";
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().map_err(|_| NONE)?;
    let mut limits = Limits::default();
    limits.max_alloc = Some(MOST_MEMORY);
    (limits.max_image_width, limits.max_image_height) = (Some(LONGEST_SENT), Some(LONGEST_SENT));
    reader.limits(limits);
    let refused = |e: image::ImageError| if matches!(e, image::ImageError::Limits(_)) { LARGE } else { NONE };
    let mut decoder = reader.into_decoder().map_err(refused)?;
    let upright = decoder.orientation().map_err(refused)?;
    let mut picture = DynamicImage::from_decoder(decoder).map_err(refused)?;
    picture.apply_orientation(upright);
    if picture.width().max(picture.height()) > LONGEST_SIDE {
        picture = picture.resize(LONGEST_SIDE, LONGEST_SIDE, FilterType::Triangle);
    }
    let points = on_white(&picture);
    let mut out = Vec::new();
    points.write_with_encoder(JpegEncoder::new_with_quality(&mut out, QUALITY)).map_err(|_| NONE)?;
    Ok(Drawn { bytes: out, width: points.width(), height: points.height() })
}

/// JPEG knows no glass: what can be seen through stands on white, as on the page.
fn on_white(picture: &DynamicImage) -> image::RgbImage {
    let through = picture.to_rgba8();
    image::RgbImage::from_fn(through.width(), through.height(), |x, y| {
        let [r, g, b, a] = through.get_pixel(x, y).0;
        let over = |c: u8| u8::try_from((u32::from(c) * u32::from(a) + 255 * (255 - u32::from(a))) / 255).unwrap_or(255);
        image::Rgb([over(r), over(g), over(b)])
    })
}

#[cfg(test)]
mod tests {
    use image::{ImageEncoder, Rgb, RgbImage, Rgba, RgbaImage};

    use super::*;

    /// A JPEG that says in its EXIF that it lies on its side, and where it was taken.
    fn sideways() -> Vec<u8> {
        let picture = RgbImage::from_fn(40, 20, |x, _| if x < 20 { Rgb([250, 0, 0]) } else { Rgb([0, 0, 250]) });
        // TIFF, big-endian, one entry: orientation 6, a quarter turn to the right.
        let mut exif =
            b"MM\x00\x2a\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00\x06\x00\x00\x00\x00\x00\x00".to_vec();
        exif.extend(b"53.4808 N 2.2426 W");
        let mut out = Vec::new();
        let mut encoder = JpegEncoder::new_with_quality(&mut out, 90);
        encoder.set_exif_metadata(exif).expect("metadata");
        encoder.write_image(picture.as_raw(), 40, 20, image::ExtendedColorType::Rgb8).expect("a picture");
        out
    }

    #[test]
    fn a_photograph_stands_upright_and_tells_nothing_of_where_it_was_taken() {
        let sent = sideways();
        assert!(sent.windows(7).any(|w| w == b"53.4808"));
        let drawn = drawn(&sent).unwrap_or_else(|e| panic!("{e}"));
        assert_eq!((drawn.width, drawn.height), (20, 40));
        assert!(!drawn.bytes.windows(4).any(|w| w == b"Exif") && !drawn.bytes.windows(7).any(|w| w == b"53.4808"));
        let seen = image::load_from_memory(&drawn.bytes).expect("a picture").to_rgb8();
        let (top, foot) = (seen.get_pixel(10, 2).0, seen.get_pixel(10, 37).0);
        assert!(top[0] > 200 && foot[2] > 200, "{top:?} {foot:?}");
    }

    #[test]
    fn a_large_one_is_made_smaller_and_glass_stands_on_white() {
        let glass = RgbaImage::from_pixel(3_200, 800, Rgba([0, 0, 0, 0]));
        let mut sent = Vec::new();
        glass.write_to(&mut Cursor::new(&mut sent), image::ImageFormat::Png).expect("a picture");
        let drawn = drawn(&sent).unwrap_or_else(|e| panic!("{e}"));
        assert_eq!((drawn.width, drawn.height), (1_600, 400));
        assert!(image::load_from_memory(&drawn.bytes).expect("a picture").to_rgb8().get_pixel(9, 9).0.iter().all(|c| *c > 250));
    }

    #[test]
    fn what_is_no_photograph_is_refused() {
        let mut cut = sideways();
        cut.truncate(40);
        for bytes in [&b""[..], b"hello", b"%PDF-1.7", b"\xff\xd8\xff\xe0", &cut] {
            assert!(drawn(bytes).is_err());
        }
        // A picture that says it is larger than any is.
        let mut huge = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR".to_vec();
        huge.extend([0x7f, 0xff, 0xff, 0xff, 0x7f, 0xff, 0xff, 0xff, 8, 6, 0, 0, 0, 0, 0, 0, 0]);
        assert!(drawn(&huge).is_err());
    }
}
