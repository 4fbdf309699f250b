#!/usr/bin/env bash
# Every order in which the protocols between the threads can run, tried by a model checker: scripts/loom.sh [--planted]
# With --planted, `arm` looks at the timer before it says what it wants: the run succeeds if that is found.
set -euo pipefail
cd "$(dirname "$0")/.."

check() {
  RUSTFLAGS='--cfg loom' cargo test --locked --no-default-features --target-dir "$target" "-j${JOBS:-2}" ::model::
}

target="$PWD/target/loom"
if [ "${1-}" != --planted ]; then check && exit; fi

copy="$target/checkout"
rm -rf "$copy" && mkdir -p "$copy"
git ls-files --cached --others --exclude-standard | tar -cf - -T - | tar -xf - -C "$copy"
cd "$copy"
patch --strip 1 < scripts/planted/loom.patch
if check > "$target/planted.log" 2>&1; then echo 'The planted defect was not found.' && exit 1; fi
grep -m 3 'is wanted, and the timer' "$target/planted.log"
echo 'The planted defect was found.'
