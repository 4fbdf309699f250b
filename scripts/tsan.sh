#!/usr/bin/env bash
# The JavaScript tests under ThreadSanitizer, see scripts/sanitizer.sh.
exec "$(dirname "$0")/sanitizer.sh" thread "$@"
