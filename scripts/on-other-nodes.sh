#!/usr/bin/env bash
# Runs the JavaScript tests with the addon as it is built now on other versions of Node, fetched from npm:
# scripts/on-other-nodes.sh 22 24 26
set -euo pipefail
cd "$(dirname "$0")/.."

for version in "$@"; do
  node="$(node scripts/node-of.js "$version")"
  echo "JavaScript tests on $("$node" --version)"
  "$node" scripts/test.js --js
done
