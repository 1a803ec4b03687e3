//! One style sheet in the place of all that `index.html` links: one request before the first paint.

use anyhow::{Context, Result};

/// The file that holds all of them.
pub(crate) const SHEET: &str = "style.css";

/// Replaces the links to style sheets by one, where the first was.
///
/// - `text`: gives the text of a sheet by its path from the top of the site.
///
/// Returns the page, the sheets' text in the order of their links, and their names.
///
/// # Errors
///
/// When a sheet is missing, or the page links none.
pub(crate) fn merged(
    html: &str,
    text: impl Fn(&str) -> Option<String>,
) -> Result<(String, String, Vec<String>)> {
    let (mut page, mut sheet, mut names) = (String::new(), String::new(), Vec::new());
    let mut rest = html;
    while let Some(start) = rest.find("<link") {
        let (before, tag) = rest.split_at(start);
        let (link, after) = tag.split_at(tag.find('>').map_or(tag.len(), |end| end + 1));
        page.push_str(before);
        rest = after;
        if !link.contains("rel=\"stylesheet\"") {
            page.push_str(link);
            continue;
        }
        let name = link
            .split_once("href=\"/")
            .and_then(|(_, end)| end.split_once('"'));
        let (name, _) = name.context("a link to a style sheet names none")?;
        sheet += &text(name).with_context(|| format!("style sheet {name} is missing"))?;
        sheet.push('\n');
        if names.is_empty() {
            page.extend(["<link rel=\"stylesheet\" href=\"/", SHEET, "\">"]);
        }
        names.push(name.to_owned());
    }
    page.push_str(rest);
    Ok((page, sheet, names))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HTML: &str = "<link rel=\"icon\" href=\"/i.svg\"><link rel=\"stylesheet\" \
        href=\"/b.css\"/>\n<link rel=\"stylesheet\" href=\"/a.css\"/><body>";

    #[test]
    fn sheets_become_one_in_their_order() {
        let (html, sheet, names) = merged(HTML, |name| Some(format!("{name}{{}}"))).unwrap();
        assert_eq!(
            html,
            "<link rel=\"icon\" href=\"/i.svg\"><link rel=\"stylesheet\" href=\"/style.css\">\n<body>"
        );
        assert_eq!(sheet, "b.css{}\na.css{}\n");
        assert_eq!(names, ["b.css", "a.css"]);
    }

    #[test]
    fn a_missing_sheet_is_told() {
        let error = merged(HTML, |_| None).unwrap_err().to_string();
        assert!(error.contains("b.css"), "{error}");
    }
}
