#!/usr/bin/env bash
# Packs the binary of a target for a release: `dist/fleetlint-TARGET.tar.gz`, with licence, completions and man pages.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

target=$1
binary="target/$target/release/fleetlint"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
if [[ -e $binary.exe ]]; then binary="$binary.exe"; fi
cp "$binary" LICENSE README.md CHANGELOG.md "$folder"

mkdir -p "$folder/completions" "$folder/man"
"$binary" completions bash > "$folder/completions/fleetlint.bash"
"$binary" completions zsh > "$folder/completions/_fleetlint"
"$binary" completions fish > "$folder/completions/fleetlint.fish"
"$binary" completions powershell > "$folder/completions/fleetlint.ps1"
"$binary" man > "$folder/man/fleetlint.1"
for command in check build graph config explain rules; do
  "$binary" man "$command" > "$folder/man/fleetlint-$command.1"
done

mkdir -p dist
archive="$PWD/dist/fleetlint-$target.tar.gz"
cd "$folder"
tar -czf "$archive" -- *
