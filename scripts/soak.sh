#!/usr/bin/env bash
# Everything at once for ten minutes, or so many seconds, see scripts/soak.js: scripts/soak.sh [SECONDS] [SEED]
exec node --expose-gc "$(dirname "$0")/soak.js" "$@"
