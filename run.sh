#!/bin/sh
# Starts Corral; for a double click as much as for a shell.
cd "$(dirname "$0")" || exit 1
if ! command -v node >/dev/null 2>&1; then
  echo 'Corral needs Node 20.19+, 22.12+ or 24+, and there is none. Get it from https://nodejs.org' >&2
  # A double click opens a window that would close before anybody has read this.
  if [ -t 0 ]; then
    printf 'Press Enter to close. '
    read -r _
  fi
  exit 1
fi
exec npm start
