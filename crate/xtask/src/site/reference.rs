//! Names of other files inside a file: found, and rewritten to their names by content.

/// Every way in which a file of the site may name another one.
///
/// - `from`, `to`: paths from the top of the site, without a leading slash.
///
/// Relative ones come with and without `./`, absolute ones begin with a slash.
#[must_use]
pub(crate) fn spellings(from: &str, to: &str) -> Vec<String> {
    let relative = relative(from, to);
    let mut all = vec![format!("/{to}")];
    if !relative.starts_with("../") {
        all.push(format!("./{relative}"));
    }
    all.push(relative);
    all
}

/// Whether `text` names a file by `spelling`: between quotes, or as a CSS `url(…)`.
#[must_use]
pub(crate) fn mentions(text: &str, spelling: &str) -> bool {
    delimited(spelling)
        .iter()
        .any(|(before, _, after)| text.contains(&format!("{before}{spelling}{after}")))
}

/// Whether `text` only ever fetches the file by `spelling` when it is asked for: by `import(…)` or
/// `fetch(…)`, or by `later(…, …)` of `later.js`.
#[must_use]
pub(crate) fn defers(text: &str, spelling: &str) -> bool {
    let others = text
        .replace(&format!("import(\"{spelling}\")"), "")
        .replace(&format!("fetch(\"{spelling}\")"), "")
        .replace(&format!("later(\"{spelling}\","), "");
    mentions(text, spelling) && !mentions(&others, spelling)
}

/// Replaces `spelling` by `new` wherever it names a file.
#[must_use]
pub(crate) fn rewrite(text: &str, spelling: &str, new: &str) -> String {
    delimited(spelling)
        .iter()
        .fold(text.to_owned(), |text, (before, old, after)| {
            text.replace(
                &format!("{before}{old}{after}"),
                &format!("{before}{new}{after}"),
            )
        })
}

fn delimited(spelling: &str) -> [(&str, &str, &str); 4] {
    [
        ("\"", spelling, "\""),
        ("'", spelling, "'"),
        ("`", spelling, "`"),
        ("(", spelling, ")"),
    ]
}

/// The path of `to` as seen from the folder of `from`.
#[must_use]
pub(crate) fn relative(from: &str, to: &str) -> String {
    let from: Vec<&str> = from.split('/').collect();
    let to: Vec<&str> = to.split('/').collect();
    let folders = from.len().saturating_sub(1).min(to.len().saturating_sub(1));
    let common = (0..folders)
        .take_while(|at| from.get(*at) == to.get(*at))
        .count();
    let up = from.len().saturating_sub(1 + common);
    let down = to.iter().skip(common).copied();
    std::iter::repeat_n("..", up)
        .chain(down)
        .collect::<Vec<_>>()
        .join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_seen_from_the_other_files_folder() {
        assert_eq!(relative("a.js", "b.js"), "b.js");
        assert_eq!(relative("a.js", "v/b.js"), "v/b.js");
        assert_eq!(relative("v/a.js", "b.js"), "../b.js");
        assert_eq!(relative("v/w/a.js", "v/x/b.js"), "../x/b.js");
    }

    #[test]
    fn only_whole_names_are_rewritten() {
        let text = "import './a.js'; url(a.js); 'x/a.js'; a.js";
        let text = rewrite(text, "./a.js", "./a-1.js");
        let text = rewrite(&text, "a.js", "a-1.js");
        assert_eq!(text, "import './a-1.js'; url(a-1.js); 'x/a.js'; a.js");
        assert!(!mentions(&text, "b.js"));
    }

    #[test]
    fn what_is_imported_on_demand_is_deferred() {
        let lazy = "export const a = () => import(\"./a.js\");";
        assert!(defers(lazy, "./a.js"));
        assert!(!defers(&format!("import \"./a.js\"; {lazy}"), "./a.js"));
        assert!(defers("later(\"./a.wasm\", base)", "./a.wasm"));
        assert!(defers("() => fetch(\"/a.json\").then(read)", "/a.json"));
        assert!(!defers("", "./a.js"));
    }

    #[test]
    fn every_spelling_of_a_neighbour_is_known() {
        assert_eq!(spellings("a.js", "b.js"), ["/b.js", "./b.js", "b.js"]);
        assert_eq!(spellings("v/a.js", "b.js"), ["/b.js", "../b.js"]);
    }
}
