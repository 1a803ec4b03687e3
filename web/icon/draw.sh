#!/bin/sh
# Draws the icons of the manifest from web/icon.svg with Chromium. Run it after a change of that file.
set -eu
cd "$(dirname "$0")"
draw() { # NAME SIZE GROUND SCALE
  cat > draw.html <<PAGE
<!doctype html><style>html,body{margin:0;height:100%;background:$3}
img{position:absolute;inset:0;margin:auto;width:$4%;height:$4%}</style><img src="../icon.svg">
PAGE
  chromium --headless --no-sandbox --disable-gpu --hide-scrollbars --allow-file-access-from-files \
    --force-device-scale-factor=1 --default-background-color=00000000 --window-size="$2,$2" \
    --screenshot="$PWD/$1" "file://$PWD/draw.html" >/dev/null 2>&1
  rm draw.html
}
draw icon-192.png 192 transparent 100
draw icon-512.png 512 transparent 100
# Cut to any shape, the inner 80 % stay: https://www.w3.org/TR/appmanifest/#icon-masks
draw icon-maskable-512.png 512 '#f3f4f2' 60
