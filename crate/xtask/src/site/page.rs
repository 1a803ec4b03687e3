//! What the security policy and the first paint ask of `index.html`.

use anyhow::{Context, Result, bail};

/// The inline module that trunk writes to start the page.
const START_TAG: &str = "<script type=\"module\"";

/// A page without inline scripts.
#[derive(Debug)]
pub(crate) struct Page {
    /// The page, with [`SCRIPT`] in the place of the inline module.
    pub(crate) html: String,
    /// The text of the former inline module.
    pub(crate) script: String,
}

/// The file that holds what was inline.
pub(crate) const SCRIPT: &str = "start.js";

/// Moves trunk's inline module into a file: the policy allows no inline script.
///
/// # Errors
///
/// When the page has no such module, or more scripts or styles inline.
pub(crate) fn without_inline(html: &str) -> Result<Page> {
    let (before, rest) = html
        .split_once(START_TAG)
        .context("trunk's module is not in the page")?;
    let (attributes, rest) = rest.split_once('>').context("trunk's module has no end")?;
    let (script, after) = rest
        .split_once("</script>")
        .context("trunk's module has no end")?;
    if attributes.contains("src=") {
        bail!("the first module of the page is not trunk's inline one");
    }
    let html = format!("{before}<script type=\"module\" src=\"/{SCRIPT}\"></script>{after}");
    let inline = html.split("<script").skip(1).any(|tag| {
        let head = tag.split_once('>').map_or(tag, |(head, _)| head);
        !head.contains("src=")
    });
    if inline || html.contains("<style") || html.contains(" style=\"") {
        bail!("index.html has an inline script or style, which the security policy forbids");
    }
    Ok(Page {
        html,
        script: script.trim().to_owned() + "\n",
    })
}

/// Adds links at the end of the head.
#[must_use]
pub(crate) fn with_links(html: &str, links: &[String]) -> String {
    let mut block = String::new();
    for link in links {
        block.push_str("    ");
        block.push_str(link);
        block.push('\n');
    }
    html.replacen("</head>", &format!("{block}</head>"), 1)
}

/// Takes away what trunk knew too early: its preload links, and checksums of files that are
/// rewritten after it.
#[must_use]
pub(crate) fn without_early_knowledge(html: &str) -> String {
    let mut kept = String::new();
    let mut rest = html;
    while let Some(start) = rest.find("<link") {
        let (before, tag) = rest.split_at(start);
        let end = tag.find('>').map_or(tag.len(), |end| end + 1);
        let (link, after) = tag.split_at(end);
        kept.push_str(before);
        let is_preload = ["rel=\"preload\"", "rel=\"modulepreload\""]
            .iter()
            .any(|mark| link.contains(mark));
        if !is_preload {
            kept.push_str(&without_attribute(link, "integrity"));
        }
        rest = after;
    }
    kept + rest
}

/// `tag` without ` name="…"`.
fn without_attribute(tag: &str, name: &str) -> String {
    let start = format!(" {name}=\"");
    let cut = tag.split_once(&start).and_then(|(before, rest)| {
        let (_, after) = rest.split_once('"')?;
        Some(format!("{before}{after}"))
    });
    cut.unwrap_or_else(|| tag.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const HTML: &str = "<head><link rel=\"modulepreload\" href=\"/a.js\"><link rel=\"icon\" \
        href=\"/i.svg\" integrity=\"sha384-x\"><script type=\"module\">\nimport init from '/a.js';\n</script></head>";

    #[test]
    fn the_inline_module_becomes_a_file() {
        let page = without_inline(HTML).unwrap();
        assert_eq!(page.script, "import init from '/a.js';\n");
        assert!(
            page.html
                .contains("<script type=\"module\" src=\"/start.js\"></script>")
        );
    }

    #[test]
    fn other_inline_code_is_refused() {
        let html = format!("{HTML}<script>alert(1)</script>");
        assert!(without_inline(&html).is_err());
        assert!(without_inline(&format!("{HTML}<p style=\"color: red\">")).is_err());
    }

    #[test]
    fn preloads_and_checksums_are_taken_away() {
        let html = without_early_knowledge(HTML);
        assert!(!html.contains("modulepreload"));
        assert!(
            html.contains("<link rel=\"icon\" href=\"/i.svg\">"),
            "{html}"
        );
    }

    #[test]
    fn links_are_added_to_the_head() {
        let html = with_links("<head></head>", &["<link>".to_owned()]);
        assert_eq!(html, "<head>    <link>\n</head>");
    }
}
