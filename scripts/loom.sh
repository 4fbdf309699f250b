#!/usr/bin/env bash
# Every order in which the protocols between the threads can run, tried by a model checker: scripts/loom.sh [--planted]
# With --planted each of these protocols gets a defect, one after the other; the run succeeds if all are found:
#   alarm          `arm` looks at the timer before it says what it wants
#   stop           the loop's thread is woken before it is told to end
#   doorbells      a ring lets go of the table between looking and noting
#   doorbells-end  the way to wake an environment is not taken away with it
#   watches        what comes is noted after somebody else could have taken the rest
set -euo pipefail
cd "$(dirname "$0")/.."

check() {
  RUSTFLAGS='--cfg loom' LOOM_MAX_BRANCHES=10000 \
    cargo test --locked --no-default-features --target-dir "$target" "-j${JOBS:-2}" "$1"
}

target="$PWD/target/loom"
if [ "${1-}" != --planted ]; then check ::model:: && exit; fi

copy="$target/checkout"
for protocol in alarm stop doorbells doorbells-end watches; do
  rm -rf "$copy" && mkdir -p "$copy"
  git ls-files --cached --others --exclude-standard | tar -cf - -T - | tar -xf - -C "$copy"
  log="$target/planted-$protocol.log"
  (cd "$copy" && patch --quiet --strip 1 < "scripts/planted/loom-$protocol.patch")
  # A cargo that has been there a moment ago goes by the times of files, to the second.
  find "$copy/src" -name '*.rs' -exec touch {} +
  if (cd "$copy" && check "driver::${protocol%-end}::model::") > "$log" 2>&1; then
    echo "The planted defect of $protocol was not found." && exit 1
  fi
  grep -q "panicked at" "$log" || { tail -20 "$log" && exit 1; }
  echo "The planted defect of $protocol was found: $(grep -A 1 -m 1 "panicked at" "$log" | tail -1)"
done
