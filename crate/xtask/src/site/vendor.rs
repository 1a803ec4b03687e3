//! The npm modules that the page imports by bare names, which a browser cannot resolve.
//!
//! An import map would have to stand inline in the page, which its security policy forbids;
//! so the names in the JavaScript are rewritten to files of ours.

use anyhow::{Context, Result};

use crate::{place, run};

/// Bare name in the bindings → module in `node_modules/`. The bindings' crate knows xterm.js 4,
/// whose packages had no scope.
const MODULES: &[(&str, &str)] = &[
    (
        "asciinema-player",
        "asciinema-player/dist/bundle/asciinema-player.min.js",
    ),
    ("xterm", "@xterm/xterm/lib/xterm.mjs"),
    ("xterm-addon-fit", "@xterm/addon-fit/lib/addon-fit.mjs"),
    (
        "xterm-addon-image",
        "@xterm/addon-image/lib/addon-image.mjs",
    ),
    (
        "xterm-addon-search",
        "@xterm/addon-search/lib/addon-search.mjs",
    ),
    (
        "xterm-addon-serialize",
        "@xterm/addon-serialize/lib/addon-serialize.mjs",
    ),
    (
        "xterm-addon-unicode11",
        "@xterm/addon-unicode11/lib/addon-unicode11.mjs",
    ),
    (
        "xterm-addon-unicode-graphemes",
        "@xterm/addon-unicode-graphemes/lib/addon-unicode-graphemes.mjs",
    ),
    (
        "xterm-addon-web-links",
        "@xterm/addon-web-links/lib/addon-web-links.mjs",
    ),
    (
        "xterm-addon-webgl",
        "@xterm/addon-webgl/lib/addon-webgl.mjs",
    ),
];

/// Modules that are scripts, and the line that makes modules of them.
const SCRIPTS: &[(&str, &str)] = &[(
    "asciinema-player",
    "export const { create } = AsciinemaPlayer;\n",
)];

/// A module that some script imports: its file in the site and its text.
#[derive(Debug)]
pub(crate) struct Module {
    /// `vendor/xterm.js`
    pub(crate) path: String,
    /// The module without its reference to a source map.
    pub(crate) text: String,
}

/// Rewrites the bare names that `script` imports to `{up}vendor/…`, and gives those modules.
///
/// - `up`: how `script` reaches the top of the site: `./`, `../` and so on.
///
/// # Errors
///
/// When a module is not in `node_modules/`.
pub(crate) fn resolve(script: &mut String, up: &str) -> Result<Vec<Module>> {
    let mut found = Vec::new();
    for (name, file) in MODULES {
        for quote in ['"', '\''] {
            for keyword in ["from ", "from", "import ", "import(", "import"] {
                let bare = format!("{keyword}{quote}{name}{quote}");
                if script.contains(&bare) {
                    let path = format!("{keyword}{quote}{up}vendor/{name}.js{quote}");
                    *script = script.replace(&bare, &path);
                    found.push((*name, *file));
                }
            }
        }
    }
    found.dedup();
    found
        .iter()
        .map(|(name, file)| module(name, file))
        .collect()
}

fn module(name: &str, file: &str) -> Result<Module> {
    let path = place::root().join("node_modules").join(file);
    let text = run::read(&path).with_context(|| format!("module {name} is missing"))?;
    let lines = text
        .lines()
        .filter(|line| !line.starts_with("//# sourceMappingURL="));
    let export = SCRIPTS.iter().filter(|(script, _)| *script == name);
    let exports = export.map(|(_, line)| *line);
    Ok(Module {
        path: format!("vendor/{name}.js"),
        text: lines.flat_map(|line| [line, "\n"]).chain(exports).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_only_begin_alike_are_not_rewritten() {
        let mut script = String::from("import { x } from \"xterm-other\"; f('xterm');");
        let before = script.clone();
        assert!(resolve(&mut script, "./").unwrap().is_empty());
        assert_eq!(script, before);
    }
}
