//! A text as a QR code: as SVG, and as a PNG in a data URL.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use png::{BitDepth, ColorType, Encoder};
use qrcodegen::{QrCode, QrCodeEcc};
use socle_kit::kernel::{Error, Result};

/// The quiet zone around the code, in modules (ISO/IEC 18004 asks for four).
const QUIET: i32 = 4;
/// The side of a module in the PNG, in pixels.
const SCALE: i32 = 6;

/// A QR code.
pub(crate) struct Picture(QrCode);

impl Picture {
    /// The code of this text; it corrects a sixth of its area.
    pub(crate) fn of(text: &str) -> Result<Self> {
        QrCode::encode_text(text, QrCodeEcc::Medium).map(Self).map_err(Error::internal)
    }

    /// The side with the quiet zone, in modules.
    fn side(&self) -> i32 {
        self.0.size() + 2 * QUIET
    }

    fn is_dark(&self, x: i32, y: i32) -> bool {
        self.0.get_module(x - QUIET, y - QUIET)
    }

    /// As SVG: black on white, whatever the page looks like.
    pub(crate) fn svg(&self) -> String {
        let side = self.side();
        let modules = (0..side).flat_map(|y| (0..side).map(move |x| (x, y)));
        let path: String =
            modules.filter(|(x, y)| self.is_dark(*x, *y)).map(|(x, y)| format!("M{x},{y}h1v1h-1z")).collect();
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" shape-rendering=\"crispEdges\">\
             <path fill=\"#fff\" d=\"M0,0h{side}v{side}h-{side}z\"/><path d=\"{path}\"/></svg>"
        )
    }

    /// As a PNG in a data URL.
    pub(crate) fn data_url(&self) -> Result<String> {
        let side = self.side() * SCALE;
        let mut bits = Vec::new();
        for y in 0..side {
            for byte in 0..(side + 7) / 8 {
                let dark = |bit: i32| self.is_dark((byte * 8 + bit) / SCALE, y / SCALE);
                // One bit a pixel, white is 1, the leftmost pixel first.
                bits.push((0..8).fold(0_u8, |bits, bit| (bits << 1) | u8::from(!dark(bit))));
            }
        }
        let mut file = Vec::new();
        let side = u32::try_from(side).map_err(Error::internal)?;
        let mut encoder = Encoder::new(&mut file, side, side);
        encoder.set_color(ColorType::Grayscale);
        encoder.set_depth(BitDepth::One);
        let mut writer = encoder.write_header().map_err(Error::internal)?;
        writer.write_image_data(&bits).map_err(Error::internal)?;
        writer.finish().map_err(Error::internal)?;
        Ok(format!("data:image/png;base64,{}", STANDARD.encode(file)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r1_167_both_pictures_have_the_finder_pattern_in_their_corner_and_a_quiet_zone() {
        let picture = Picture::of("otpauth://totp/Socle:1?secret=A").unwrap();
        assert!(picture.svg().contains("M4,4h1v1h-1z") && !picture.svg().contains("M3,4h"));
        let url = picture.data_url().unwrap();
        let file = STANDARD.decode(url.strip_prefix("data:image/png;base64,").unwrap()).unwrap();
        let mut reader = png::Decoder::new(std::io::Cursor::new(file)).read_info().unwrap();
        let mut bits = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut bits).unwrap();
        assert_eq!(i32::try_from(info.width).unwrap(), picture.side() * SCALE);
        let pixel = |x: usize, y: usize| bits[y * info.line_size + x / 8] >> (7 - x % 8) & 1;
        assert_eq!((pixel(0, 0), pixel(23, 24), pixel(24, 24), pixel(30, 30)), (1, 1, 0, 1));
    }
}
