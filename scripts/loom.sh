#!/usr/bin/env bash
# Every order in which the protocols between the threads can run, tried by a model checker: scripts/loom.sh [--planted]
# With --planted the models run on the code as it is, and then each protocol gets a defect, one after the other; the run
# succeeds if the first finds nothing and all others are found:
#   alarm          `arm` looks at the timer before it says what it wants
#   alarm-passed   of a deadline that has passed it is said that it will be rung for
#   alarm-sleep    the timer is set before it is written down to when
#   stop           the loop's thread is woken before it is told to end
#   stop-join      whoever ends the loop's thread does not wait until it has ended
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
if [ "${1-}" != --planted ]; then
  check ::model::
  exit
fi

copy="$target/checkout"
copy_afresh() {
  rm -rf "$copy" && mkdir -p "$copy"
  git ls-files --cached --others --exclude-standard | tar -cf - -T - | tar -xf - -C "$copy"
}
# A cargo that has been there a moment ago goes by the times of files, to the second.
check_copy() {
  find "$copy/src" -name '*.rs' -exec touch {} +
  (cd "$copy" && check "$1")
}

copy_afresh
check_copy ::model::
for defect in alarm alarm-passed alarm-sleep stop stop-join doorbells doorbells-end watches; do
  log="$target/planted-$defect.log"
  copy_afresh
  (cd "$copy" && patch --quiet --strip 1 < "scripts/planted/loom-$defect.patch")
  if check_copy "driver::${defect%%-*}::model::" > "$log" 2>&1; then
    echo "The planted defect of $defect was not found." && exit 1
  fi
  grep -q "panicked at" "$log" || { tail -20 "$log" && exit 1; }
  echo "The planted defect of $defect was found: $(grep -A 1 -m 1 "panicked at" "$log" | tail -1)"
done
