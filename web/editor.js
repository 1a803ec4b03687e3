// The editor of texts: CodeMirror with a handful of languages. Fetched when a person edits a file
// (service/editor.rs); the build joins what it imports into it.
import {
  defaultKeymap, history, historyKeymap, indentWithTab, insertNewlineKeepIndent, isolateHistory,
} from "@codemirror/commands";
import { HighlightStyle, StreamLanguage, bracketMatching, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { css } from "@codemirror/legacy-modes/mode/css";
import { dockerFile } from "@codemirror/legacy-modes/mode/dockerfile";
import { javascript, json, typescript } from "@codemirror/legacy-modes/mode/javascript";
import { nginx } from "@codemirror/legacy-modes/mode/nginx";
import { properties } from "@codemirror/legacy-modes/mode/properties";
import { python } from "@codemirror/legacy-modes/mode/python";
import { shell } from "@codemirror/legacy-modes/mode/shell";
import { toml } from "@codemirror/legacy-modes/mode/toml";
import { html, xml } from "@codemirror/legacy-modes/mode/xml";
import { yaml } from "@codemirror/legacy-modes/mode/yaml";
import { MergeView } from "@codemirror/merge";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { EditorState } from "@codemirror/state";
import {
  EditorView, drawSelection, highlightActiveLine, highlightActiveLineGutter, highlightSpecialChars, keymap,
  lineNumbers,
} from "@codemirror/view";
import { tags } from "@lezer/highlight";

const LANGUAGES = [
  [/\.(sh|bash|zsh|ksh|env)$|^\.(bash|zsh|k?sh)\w*$|^\.profile$/i, shell],
  [/\.ya?ml$/i, yaml],
  [/\.toml$|^cargo\.lock$/i, toml],
  [/\.(conf|cfg|cnf|ini|properties|service|socket|timer|mount|target|network|desktop)$/i, properties],
  [/\.pyw?$/i, python],
  [/\.jsonc?$/i, json],
  [/\.[cm]?jsx?$/i, javascript],
  [/\.[cm]?tsx?$/i, typescript],
  [/\.css$/i, css],
  [/\.html?$/i, html],
  [/\.(xml|svg|plist)$/i, xml],
  [/^(dockerfile|containerfile)/i, dockerFile],
];

// What runs a script, by its first line.
const PROGRAMS = [
  [/^#!.*\b(ba|z|k|da)?sh\b/, shell],
  [/^#!.*\bpython/, python],
  [/^#!.*\bnode\b/, javascript],
];

// Only what is in it tells whose settings these are.
const NGINX = /^\s*(server|http|events|upstream\s+\S+)\s*\{/m;

function language(name, text) {
  const start = text.slice(0, 4000);
  if (/\.conf$/i.test(name) && NGINX.test(start)) return StreamLanguage.define(nginx);
  const named = LANGUAGES.find(([names]) => names.test(name)) ?? PROGRAMS.find(([first]) => first.test(start));
  return named ? StreamLanguage.define(named[1]) : [];
}

// What lines of this text are indented by.
function unit(text) {
  const first = /^(\t| +)\S/m.exec(text)?.[1] ?? "    ";
  return first[0] === "\t" ? "\t" : " ".repeat(Math.min(Math.max(first.length, 2), 8));
}

// The page's policy allows no style elements. CodeMirror gives its rules to constructed style sheets
// where the root has no head, as that of a shadow tree: here it is the document without its head.
const root = new Proxy(document, {
  get(target, name) {
    if (name === "head") return undefined;
    const value = target[name];
    return typeof value === "function" ? value.bind(target) : value;
  },
  set: (target, name, value) => Reflect.set(target, name, value),
});

// Colours are the page's, so that they follow its theme.
const theme = EditorView.theme({
  "&": { height: "100%", backgroundColor: "var(--bg)", color: "var(--text)", fontSize: "13px" },
  "&.cm-focused": { outline: "2px solid var(--accent)", outlineOffset: "-1px" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "18px" },
  ".cm-content": { caretColor: "var(--accent)" },
  "&.cm-focused .cm-cursor": { borderLeftColor: "var(--accent)", borderLeftWidth: "2px" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "color-mix(in srgb, var(--accent) 28%, transparent)",
  },
  ".cm-gutters": { backgroundColor: "var(--surface)", color: "var(--muted)", borderRight: "1px solid var(--line)" },
  ".cm-activeLine, .cm-activeLineGutter": {
    // Any more, and the colours of words on it are too faint on paper.
    backgroundColor: "color-mix(in srgb, var(--muted) 6%, transparent)",
  },
  ".cm-panels": { backgroundColor: "var(--surface)", color: "var(--text)" },
  ".cm-panels.cm-panels-top": { borderBottom: "1px solid var(--line)" },
  ".cm-panel.cm-search": {
    display: "flex", flexWrap: "wrap", alignItems: "center", gap: "8px", padding: "8px 44px 8px 8px",
    "& br": { display: "none" },
    "& input, & button, & label": { margin: "0" },
    "& input[type=checkbox]": { marginRight: "8px" },
    "& label": { display: "inline-flex", alignItems: "center", minHeight: "28px", fontSize: "12px" },
    "& .cm-textfield": { flex: "1 1 200px", width: "auto", maxWidth: "400px", minHeight: "28px", fontSize: "13px" },
    "& .cm-button": { minHeight: "28px", padding: "0 12px", fontSize: "12px" },
    "& [name=close]": { top: "8px", right: "8px", minHeight: "28px", fontSize: "15px" },
  },
  ".cm-textfield": { backgroundColor: "var(--bg)", border: "1px solid var(--border)", borderRadius: "6px" },
  ".cm-button": {
    backgroundImage: "none", backgroundColor: "var(--raised)", color: "var(--text)",
    border: "1px solid var(--border)", borderRadius: "6px",
  },
  ".cm-panel.cm-search [name=close]": { color: "var(--muted)", minWidth: "24px", minHeight: "24px" },
  ".cm-searchMatch": { backgroundColor: "color-mix(in srgb, var(--warn) 35%, transparent)" },
  ".cm-searchMatch.cm-searchMatch-selected": { outline: "1px solid var(--warn)" },
  ".cm-selectionMatch": { backgroundColor: "color-mix(in srgb, var(--muted) 25%, transparent)" },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: "color-mix(in srgb, var(--accent) 25%, transparent)" },
  ".cm-specialChar": { color: "var(--danger)" },
});

const colours = syntaxHighlighting(HighlightStyle.define([
  { tag: tags.comment, color: "var(--muted)", fontStyle: "italic" },
  { tag: [tags.keyword, tags.tagName, tags.operatorKeyword, tags.heading], color: "var(--accent)" },
  { tag: [tags.string, tags.special(tags.string), tags.attributeValue], color: "var(--ok)" },
  { tag: [tags.number, tags.bool, tags.null, tags.atom, tags.literal], color: "var(--warn)" },
  { tag: [tags.propertyName, tags.attributeName, tags.definition(tags.variableName)], fontWeight: "600" },
  { tag: tags.invalid, color: "var(--danger)" },
]));

function looks(name, text, words) {
  return [
    lineNumbers(), highlightActiveLineGutter(), highlightSpecialChars(), drawSelection(), bracketMatching(),
    highlightActiveLine(), highlightSelectionMatches(), search({ top: true }), language(name, text), theme, colours,
    // What can be edited has the keyboard anyway; what is only compared is scrolled by it, too.
    EditorView.contentAttributes.of({ tabindex: "0" }),
    // The page takes care of the ends of lines: what is no line feed here is a character.
    EditorState.lineSeparator.of("\n"), EditorState.phrases.of(words.phrases ?? {}),
  ];
}

// Opens a text in an element; `kept`, where there is one, stands in its place from the start and is not
// saved. `on` hears of `changed(whether it differs from what was saved)` and of
// `leave()`, when Esc leads out of the text.
export function open(parent, name, text, words, on, kept) {
  let [saved, taken, differed] = [null, null, false];
  const tell = (doc) => {
    const differs = !doc.eq(saved);
    if (differs !== differed) on.changed((differed = differs));
  };
  const leave = () => {
    on.leave();
    return true;
  };
  const view = new EditorView({
    parent, root,
    state: EditorState.create({
      doc: text,
      extensions: [
        looks(name, text, words), history(), indentUnit.of(unit(text)),
        keymap.of([
          { key: "Enter", run: insertNewlineKeepIndent },
          ...searchKeymap, ...historyKeymap, ...defaultKeymap, indentWithTab,
          { key: "Escape", run: leave },
        ]),
        EditorView.clipboardInputFilter.of((pasted) => pasted.replace(/\r\n?/g, "\n")),
        EditorView.contentAttributes.of({ "aria-label": words.label, "aria-describedby": words.hint }),
        EditorView.updateListener.of((update) => update.docChanged && tell(update.state.doc)),
      ],
    }),
  });
  saved = view.state.doc;
  if (kept !== undefined) view.dispatch({ changes: { from: 0, to: saved.length, insert: kept } });
  view.focus();
  return {
    // The whole text; what is saved, if `saved` is called next.
    take: () => (taken = view.state.doc).toString(),
    saved: () => {
      saved = taken;
      tell(view.state.doc);
    },
    // Another text, which Ctrl+Z takes back: alone, however short before it something was typed.
    replace: (other) => {
      view.dispatch({
        changes: { from: 0, to: view.state.doc.length, insert: other },
        annotations: isolateHistory.of("full"),
      });
      saved = view.state.doc;
      tell(saved);
    },
    focus: () => view.focus(),
    close: () => view.destroy(),
  };
}

// Shows two texts side by side, and where they differ.
export function compare(parent, name, theirs, mine, words) {
  const side = (doc, label) => ({
    doc,
    extensions: [
      looks(name, doc, words), EditorState.readOnly.of(true),
      EditorView.contentAttributes.of({ "aria-label": label }),
    ],
  });
  const view = new MergeView({
    parent, root, a: side(theirs, words.theirs), b: side(mine, words.mine),
    collapseUnchanged: { margin: 2, minSize: 4 },
  });
  return { close: () => view.destroy() };
}
