//! [`Accent`]: a bank's colour, legible on white.

/// A colour of sRGB in which small text on white can be read by people who see badly (WCAG 2.2, 1.4.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Accent([u8; 3]);

/// The colour is none, or too pale.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum AccentError {
    /// Not six hexadecimal digits.
    #[error("a colour is written as #RRGGBB")]
    Form,
    /// Text in it would be hard to read.
    #[error(
        "this colour has a contrast of {contrast:.2}:1 with white, and text needs {}:1: take a darker one",
        Accent::CONTRAST
    )]
    Pale {
        /// What it has.
        contrast: f64,
    },
}

impl Accent {
    /// The contrast with white that it has at least.
    pub const CONTRAST: f64 = 4.5;

    /// The colour of a mark whose bank has none.
    pub const TAMGA: Self = Self([0x0B, 0x4F, 0x6C]);

    /// Takes a colour.
    pub fn new(colour: [u8; 3]) -> Result<Self, AccentError> {
        let contrast = 1.05 / (luminance(colour) + 0.05);
        if contrast < Self::CONTRAST {
            return Err(AccentError::Pale { contrast });
        }
        Ok(Self(colour))
    }

    /// Takes a colour as style sheets write it.
    pub fn parse(text: &str) -> Result<Self, AccentError> {
        let digits = text
            .strip_prefix('#')
            .filter(|digits| digits.len() == 6 && digits.bytes().all(|digit| digit.is_ascii_hexdigit()))
            .ok_or(AccentError::Form)?;
        let [_, red, green, blue] = u32::from_str_radix(digits, 16)
            .map_err(|_| AccentError::Form)?
            .to_be_bytes();
        Self::new([red, green, blue])
    }

    /// Its red, green and blue.
    pub const fn rgb(self) -> [u8; 3] {
        self.0
    }
}

/// Relative luminance, by WCAG's definition.
fn luminance(colour: [u8; 3]) -> f64 {
    let [red, green, blue] = colour.map(|part| {
        let part = f64::from(part) / 255.0;
        if part <= 0.04045 {
            part / 12.92
        } else {
            ((part + 0.055) / 1.055).powf(2.4)
        }
    });
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pale_colours_are_refused_with_their_contrast() {
        for (text, contrast) in [("#777777", 4.48), ("#FFFFFF", 1.0), ("#ffcc00", 1.51)] {
            match Accent::parse(text) {
                Err(AccentError::Pale { contrast: found }) => {
                    assert!((found - contrast).abs() < 0.01, "{text}: {found}");
                }
                other => panic!("{text}: {other:?}"),
            }
        }
        for text in ["#767676", "#000000", "#0b4f6c"] {
            assert!(Accent::parse(text).is_ok(), "{text}");
        }
        assert_eq!(Accent::new(Accent::TAMGA.rgb()), Ok(Accent::TAMGA));
        for text in ["", "#fff", "767676", "#76767", "#7676767", "#+76767", "#ққ"] {
            assert_eq!(Accent::parse(text), Err(AccentError::Form), "{text}");
        }
    }
}
