// Colours of well-known terminal schemes: background, foreground, cursor, selection, then the
// sixteen. Fetched when somebody opens the settings.
const scheme = (name, [background, foreground, cursor, selection], ansi) => ({
  name,
  background: `#${background}`,
  foreground: `#${foreground}`,
  cursor: `#${cursor}`,
  selection: `#${selection}`,
  ansi: ansi.split(" ").map((colour) => `#${colour}`),
});

export const list = JSON.stringify([
  scheme("Solarized Dark", ["002b36", "839496", "839496", "073642"],
    "073642 dc322f 859900 b58900 268bd2 d33682 2aa198 eee8d5 002b36 cb4b16 586e75 657b83 839496 6c71c4 93a1a1 fdf6e3"),
  scheme("Solarized Light", ["fdf6e3", "657b83", "657b83", "eee8d5"],
    "073642 dc322f 859900 b58900 268bd2 d33682 2aa198 eee8d5 002b36 cb4b16 586e75 657b83 839496 6c71c4 93a1a1 fdf6e3"),
  scheme("Dracula", ["282a36", "f8f8f2", "f8f8f2", "44475a"],
    "21222c ff5555 50fa7b f1fa8c bd93f9 ff79c6 8be9fd f8f8f2 6272a4 ff6e6e 69ff94 ffffa5 d6acff ff92df a4ffff ffffff"),
  scheme("Nord", ["2e3440", "d8dee9", "d8dee9", "434c5e"],
    "3b4252 bf616a a3be8c ebcb8b 81a1c1 b48ead 88c0d0 e5e9f0 4c566a bf616a a3be8c ebcb8b 81a1c1 b48ead 8fbcbb eceff4"),
  scheme("Gruvbox Dark", ["282828", "ebdbb2", "ebdbb2", "504945"],
    "282828 cc241d 98971a d79921 458588 b16286 689d6a a89984 928374 fb4934 b8bb26 fabd2f 83a598 d3869b 8ec07c ebdbb2"),
  scheme("Gruvbox Light", ["fbf1c7", "3c3836", "3c3836", "d5c4a1"],
    "fbf1c7 cc241d 98971a d79921 458588 b16286 689d6a 7c6f64 928374 9d0006 79740e b57614 076678 8f3f71 427b58 3c3836"),
  scheme("One Dark", ["282c34", "abb2bf", "528bff", "3e4451"],
    "282c34 e06c75 98c379 e5c07b 61afef c678dd 56b6c2 abb2bf 5c6370 e06c75 98c379 e5c07b 61afef c678dd 56b6c2 ffffff"),
  scheme("Tokyo Night", ["1a1b26", "c0caf5", "c0caf5", "33467c"],
    "15161e f7768e 9ece6a e0af68 7aa2f7 bb9af7 7dcfff a9b1d6 414868 f7768e 9ece6a e0af68 7aa2f7 bb9af7 7dcfff c0caf5"),
  scheme("Catppuccin Mocha", ["1e1e2e", "cdd6f4", "f5e0dc", "585b70"],
    "45475a f38ba8 a6e3a1 f9e2af 89b4fa f5c2e7 94e2d5 bac2de 585b70 f38ba8 a6e3a1 f9e2af 89b4fa f5c2e7 94e2d5 a6adc8"),
  scheme("Monokai", ["272822", "f8f8f2", "f8f8f0", "49483e"],
    "272822 f92672 a6e22e f4bf75 66d9ef ae81ff a1efe4 f8f8f2 75715e f92672 a6e22e f4bf75 66d9ef ae81ff a1efe4 f9f8f5"),
]);
