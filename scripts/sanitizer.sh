#!/usr/bin/env bash
# Runs the JavaScript tests with the addon instrumented: scripts/sanitizer.sh thread|address [--planted] [TEST FILE...]
# With --planted each defect of that kind is put in, one after the other, and the run succeeds if all are found:
#   thread   two threads count in the same place
#   address  a handle is given back twice
#   leak     what there is of an environment is not given back
# Linux on x86-64, with llvm-symbolizer: what is reported without names could not be told from what is Node's own.
#
# What is built and run is a copy of the checkout, in target/. The runtime comes from the Debian package of the LLVM that
# this rustc is of, unpacked beside it; nothing is installed.
set -euo pipefail
cd "$(dirname "$0")/.."

kind=$1
shift
case ${1-} in
  --planted)
    shift
    for defect in $([ "$kind" = thread ] && echo thread || echo address leak); do
      "scripts/sanitizer.sh" "$kind" "--planted=$defect" "$@"
    done
    exit
    ;;
  --planted=*) planted=${1#*=} && shift ;;
  *) planted= ;;
esac
symbolizer=$(command -v llvm-symbolizer) || { echo 'There is no llvm-symbolizer.' >&2 && exit 1; }

folder="$PWD/target/$kind"
copy="$folder/checkout"
# cargo takes files that are older than what it has built for unchanged: a planted defect would stay.
build="$folder/build${planted:+-planted}"
rm -rf "$copy" "$folder"/report.*
mkdir -p "$copy"
git ls-files --cached --others --exclude-standard | tar -cf - -T - | tar -xf - -C "$copy"
ln -s "$PWD/node_modules" "$copy/node_modules"

llvm=$(rustc -vV | sed -n 's/^LLVM version: \([0-9]*\).*/\1/p')
short=$([ "$kind" = thread ] && echo tsan || echo asan)
runtime="$folder/../runtime/usr/lib/llvm-$llvm/lib/clang/$llvm/lib/linux/libclang_rt.$short-x86_64.so"
if [ ! -f "$runtime" ]; then
  package="libclang-rt-$llvm-dev"
  mkdir -p "$folder/../runtime"
  cd "$folder/../runtime"
  apt-get download "$package" || { echo "$package is not to be had. \`apt-get update\` may help." >&2 && exit 1; }
  dpkg-deb -x "$package"*.deb .
fi

cd "$copy"
[ -z "$planted" ] || patch --strip 1 < "scripts/planted/$planted.patch"
RUSTC_BOOTSTRAP=1 RUSTFLAGS="-Zsanitizer=$kind -Cunsafe-allow-abi-mismatch=sanitizer" \
  CARGO_PROFILE_RELEASE_STRIP=none CARGO_PROFILE_RELEASE_DEBUG=1 CARGO_PROFILE_RELEASE_LTO=off \
  cargo build --release --locked --target x86_64-unknown-linux-gnu --target-dir "$build" "-j${JOBS:-2}"
cp "$build/x86_64-unknown-linux-gnu/release/librs_eventloop.so" rs-eventloop.linux-x64.node

# Left out: what only starts compilers, package managers and a browser, in which nothing of this build runs; and limits of
# memory, which a runtime that has terabytes of addresses cannot have.
tests=("$@")
[ ${#tests[@]} -gt 0 ] || mapfile -t tests < <(ls __test__/*.test.{js,mjs} 2> /dev/null | grep -vE '/(package|types|limits|diff-page)\.test')

# Node itself is not instrumented, so only what happens inside the addon is looked at.
symbols="external_symbolizer_path=$symbolizer"
export TSAN_OPTIONS="$symbols ignore_noninstrumented_modules=1 exitcode=0 log_path=$folder/report"
# A process that ends by process.exit leaves its memory to the system: leaks are looked for afterwards. A buffer that is too
# large for the memory is an error which programs may catch, as it is without this runtime. What is freed is kept back for a
# while, to find who still uses it: not so much of it that the process seems to grow.
kept='quarantine_size_mb=8 thread_local_quarantine_size_kb=256'
export ASAN_OPTIONS="$symbols detect_leaks=0 allocator_may_return_null=1 $kept log_path=$folder/report"
export LSAN_OPTIONS="$symbols exitcode=0"

failed=0
if [ "$planted" != leak ]; then
  LD_PRELOAD="$runtime" node --expose-gc --test --test-concurrency=2 "${tests[@]}" > "$folder/tests${planted:+-$planted}.log" 2>&1 || failed=1
  grep -E '^(not ok|    not ok|# (pass|fail|skipped))' "$folder/tests${planted:+-$planted}.log" || true
fi

if [ "$kind" = address ] && [ "$planted" != address ]; then
  # Workers come and go in every way, and the process returns from its main script: nothing of ours may be left then.
  # Some of them meet another thread, at a pipe in this folder.
  export ENDS_COPY="$folder" ENDS_WORKERS=5
  mapfile -t states < <(node -p "[...new Set(require('./__test__/ends/run').cells.map((cell) => cell.state))].join('\n')")
  for how in returns process.exit throws rejects terminate; do
    for state in "${states[@]}"; do
      ASAN_OPTIONS="${ASAN_OPTIONS/detect_leaks=0/detect_leaks=1}" LD_PRELOAD="$runtime" \
        node __test__/ends/program.js ours workers "$state" "$how" > /dev/null 2>&1 ||
        { failed=1 && echo "'$state' that $how ended with an error"; }
    done
  done
fi

# A leak counts if we have called for the memory; Node has leaks of its own. Every other report counts as it is.
found=$(cat "$folder"/report.* 2> /dev/null | awk '
  function flush() { if (wanted && (!leak || ours)) printf "%s", text; text = ""; wanted = leak = ours = 0 }
  /^=====/ { flush() }
  /^(Direct|Indirect) leak/ { flush(); leak = wanted = 1 }
  /WARNING: ThreadSanitizer|ERROR: AddressSanitizer/ { wanted = 1 }
  /rs_eventloop::/ { ours = 1 }
  { text = text $0 "\n" }
  END { flush() }' || true)

if [ -n "$planted" ]; then
  declare -A reported=([thread]='data race' [address]='attempting double-free' [leak]='Direct leak')
  if ! grep -q "${reported[$planted]}" <<< "$found"; then
    head -60 <<< "$found" && echo "The planted defect of $planted was not found." && exit 1
  fi
  echo "The planted defect of $planted was found: $(grep -m 1 "${reported[$planted]}" <<< "$found")"
else
  if [ -n "$found" ]; then head -60 <<< "$found"; else echo 'no reports'; fi
  [ -z "$found" ] && [ "$failed" = 0 ]
fi
