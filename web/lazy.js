// Modules that a page needs later or never: fetched when they are asked for.
export const webgl = () => import("xterm-addon-webgl");
export const search = () => import("xterm-addon-search");
export const editor = () => import("/editor.js");
export const local = () => import("/local.js");
export const recordings = () => import("/recordings.js");
export const images = () => import("xterm-addon-image");
export const serialize = () => import("xterm-addon-serialize");
export const schemes = () => import("/schemes.js");
export const forget = () => import("/forget.js");
export const passkey = () => import("/passkey.js");
export const offline = () => import("/offline.js");

// A file, as text.
export const german = () => fetch("/de.json").then((answer) => answer.text());
