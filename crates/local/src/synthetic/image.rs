//! Images of the asked size, drawn from the prompt's dice and really encoded.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use jpeg_encoder::ColorType;
use serde_json::json;

use super::Asked;
use crate::answer::{Answer, Usage, tokens};
use crate::dice::Dice;

/// Larger than anything the service draws.
const LARGEST: u32 = 2560;

pub(super) fn draw(asked: &Asked<'_>) -> (Answer, Usage) {
    let (width, height) = size(asked);
    let steps = ["steps", "num_steps"].iter().find_map(|name| asked.input.integer(name)).unwrap_or(4);
    let given = asked.input.files.keys().filter(|name| name.starts_with("input_image")).count();
    let usage = Usage {
        input_tokens: tokens(&asked.told()),
        image: Some((width, height)),
        steps,
        input_images: u64::try_from(given).unwrap_or_default(),
        ..Usage::default()
    };
    let picture = Picture::new(asked.dice.clone(), width, height);
    let content_type = asked.content_type();
    if crate::results::replies_with(asked.model, "image") && content_type.is_none() {
        let image = BASE64_STANDARD.encode(picture.jpeg());
        return (Answer::Json(json!({"image": image})), usage);
    }
    let content_type = content_type.unwrap_or("image/png").to_owned();
    let bytes = if content_type == "image/jpeg" { picture.jpeg() } else { picture.png() };
    (Answer::Bytes { content_type, bytes: Bytes::from(bytes) }, usage)
}

fn size(asked: &Asked<'_>) -> (u32, u32) {
    let side = |name: &str| {
        asked.input.integer(name).and_then(|side| u32::try_from(side).ok()).map(|side| side.clamp(1, LARGEST))
    };
    // The defaults that are known; the older models draw 512 by 512.
    let (width, height) = match asked.model.id() {
        id if id.contains("flux-2-klein") => (1024, 768),
        id if id.contains("lucid") || id.contains("phoenix") => (1120, 1120),
        id if id.contains("flux") || id.contains("xl") => (1024, 1024),
        _ => (512, 512),
    };
    (side("width").unwrap_or(width), side("height").unwrap_or(height))
}

/// Coloured bands around a few centres, in sixteen colours.
struct Picture {
    width: u32,
    height: u32,
    palette: [[u8; 3]; 16],
    pixels: Vec<u8>,
}

impl Picture {
    fn new(mut dice: Dice, width: u32, height: u32) -> Self {
        let mut palette = [[0; 3]; 16];
        let ends: [[u32; 2]; 3] =
            std::array::from_fn(|_| std::array::from_fn(|_| u32::try_from(dice.below(256)).unwrap_or_default()));
        for (shade, colour) in (0_u32..).zip(&mut palette) {
            *colour = ends.map(|[from, to]| u8::try_from((from * (15 - shade) + to * shade) / 15).unwrap_or(u8::MAX));
        }
        let mut place = |side: u32| i64::try_from(dice.below(usize::try_from(side).unwrap_or(1))).unwrap_or_default();
        let centres: [(i64, i64); 3] = std::array::from_fn(|_| (place(width), place(height)));
        let band = i64::from(width.max(height)).max(16) / 16;
        let mut pixels = Vec::with_capacity(usize::try_from(u64::from(width) * u64::from(height)).unwrap_or_default());
        for y in 0..i64::from(height) {
            for x in 0..i64::from(width) {
                // The distance by streets, so that no root needs to be drawn for a million pixels.
                let nearest =
                    centres.iter().map(|(left, top)| (x - left).abs() + (y - top).abs()).min().unwrap_or_default();
                pixels.push(u8::try_from((nearest / band) & 15).unwrap_or_default());
            }
        }
        Self { width, height, palette, pixels }
    }

    fn png(&self) -> Vec<u8> {
        let mut file = Vec::new();
        let mut encoder = png::Encoder::new(&mut file, self.width, self.height);
        encoder.set_color(png::ColorType::Indexed);
        encoder.set_depth(png::BitDepth::Eight);
        encoder.set_palette(self.palette.concat());
        encoder.set_compression(png::Compression::Fast);
        // Writing to memory cannot fail for pixels that fill the image.
        let written = encoder.write_header().and_then(|mut writer| writer.write_image_data(&self.pixels));
        if written.is_err() {
            file.clear();
        }
        file
    }

    fn jpeg(&self) -> Vec<u8> {
        let colours: Vec<u8> =
            self.pixels.iter().filter_map(|shade| self.palette.get(usize::from(*shade))).flatten().copied().collect();
        let mut file = Vec::new();
        let side = |side: u32| u16::try_from(side).unwrap_or(u16::MAX);
        let encoder = jpeg_encoder::Encoder::new(&mut file, 75);
        if encoder.encode(&colours, side(self.width), side(self.height), ColorType::Rgb).is_err() {
            file.clear();
        }
        file
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

    use super::*;

    #[test]
    fn a_png_decodes_to_the_asked_size() {
        let file = Picture::new(Dice::new(1), 300, 200).png();
        let reader = png::Decoder::new(std::io::Cursor::new(file)).read_info().unwrap();
        assert_eq!((reader.info().width, reader.info().height), (300, 200));
    }

    #[test]
    fn a_jpeg_says_its_size() {
        let file = Picture::new(Dice::new(1), 300, 200).jpeg();
        assert!(file.starts_with(&[0xff, 0xd8, 0xff]) && file.ends_with(&[0xff, 0xd9]));
        let frame = file.windows(2).position(|marker| marker == [0xff, 0xc0]).unwrap();
        assert_eq!(file.get(frame + 5..frame + 9), Some([0, 200, 1, 44].as_slice()));
    }
}
