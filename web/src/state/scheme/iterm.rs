//! Schemes of iTerm2: property lists (`.itermcolors`) of colours as parts from 0 to 1.

use crate::state::scheme::Scheme;

/// Reads the one scheme that a file is; nothing is checked yet. `None` where it is no property
/// list of colours.
///
/// Only the elements that these files have are looked for: a key with a colour's name, and the
/// dictionary behind it. No entity is expanded and nothing is fetched.
pub(super) fn read(name: &str, text: &str) -> Option<Scheme> {
    let colour = |name: &str| colour(text, name).unwrap_or_default();
    let scheme = Scheme {
        name: name.to_owned(),
        background: colour("Background Color"),
        foreground: colour("Foreground Color"),
        cursor: colour("Cursor Color"),
        selection: colour("Selection Color"),
        ansi: core::array::from_fn(|place| colour(&format!("Ansi {place} Color"))),
    };
    (!scheme.background.is_empty()).then_some(scheme)
}

fn colour(text: &str, name: &str) -> Option<String> {
    let (_, rest) = text.split_once(&format!("<key>{name}</key>"))?;
    let (parts, _) = rest.split_once("</dict>")?;
    let [red, green, blue] = ["Red", "Green", "Blue"].map(|part| component(parts, part));
    Some(format!("#{:02x}{:02x}{:02x}", red?, green?, blue?))
}

fn component(parts: &str, name: &str) -> Option<u8> {
    let (_, rest) = parts.split_once(&format!("<key>{name} Component</key>"))?;
    let (_, rest) = rest.split_once('>')?;
    let (number, _) = rest.split_once('<')?;
    let part: f64 = number.trim().parse().ok()?;
    (0..=u8::MAX).min_by(|a, b| {
        let off = |value: u8| (f64::from(value) / 255.0 - part).abs();
        off(*a).total_cmp(&off(*b))
    })
}

#[cfg(test)]
mod tests {
    use crate::state::scheme;

    fn entry(name: &str, parts: [f64; 3]) -> String {
        let [red, green, blue] = parts;
        format!(
            "<key>{name}</key>\n<dict>\n<key>Alpha Component</key>\n<real>1</real>\n\
             <key>Blue Component</key>\n<real>{blue}</real>\n\
             <key>Color Space</key>\n<string>sRGB</string>\n\
             <key>Green Component</key>\n<real>{green}</real>\n\
             <key>Red Component</key>\n<real>{red}</real>\n</dict>\n"
        )
    }

    #[test]
    fn the_colours_of_a_property_list_are_read() {
        let mut text = "<?xml version=\"1.0\"?>\n<plist version=\"1.0\"><dict>\n".to_owned();
        for place in 0..16 {
            text += &entry(&format!("Ansi {place} Color"), [0.0, 0.502, 1.0]);
        }
        text += &entry("Background Color", [0.113_725, 0.121_568, 0.129_411]);
        text += &entry("Foreground Color", [0.77, 0.78, 0.776]);
        let schemes = scheme::read("Night.itermcolors", &text);
        assert_eq!(schemes.len(), 1);
        assert_eq!(schemes[0].name, "Night");
        assert_eq!(schemes[0].background, "#1d1f21");
        assert_eq!(schemes[0].ansi[15], "#0080ff");
        // A number that is none leaves the colour out, and with it the scheme.
        let damaged = text.replace("0.113725", "much");
        assert!(scheme::read("Night.itermcolors", &damaged).is_empty());
        assert!(scheme::read("x", "<plist></plist>").is_empty());
    }
}
