#!/usr/bin/env bash
# Installs fleetlint: the binary of a release, whose checksum has to be right, or else the action's own source, built with
# cargo. Output: `binary`.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=action/lib.sh
source "$here/lib.sh"

root=$(dirname "$here")
version=${INPUT_VERSION:-}
if [[ -z $version ]]; then
  version=$(sed -n 's/^version = "\(.*\)"$/\1/p' "$root/Cargo.toml" | head -n 1)
fi
version=${version#v}
[[ $version =~ ^[0-9A-Za-z.+-]+$ ]] || fail "\`version\` is not the name of a release: $version"

case "${RUNNER_OS:-Linux}-${RUNNER_ARCH:-X64}" in
  Linux-X64) target=x86_64-unknown-linux-musl ;;
  Linux-ARM64) target=aarch64-unknown-linux-musl ;;
  macOS-X64) target=x86_64-apple-darwin ;;
  macOS-ARM64) target=aarch64-apple-darwin ;;
  Windows-X64) target=x86_64-pc-windows-msvc ;;
  *) target= ;;
esac

releases="${FLEETLINT_RELEASES:-${GITHUB_SERVER_URL:-https://github.com}/${ACTION_REPOSITORY:-fleetlint/fleetlint}/releases}"
folder=$(scratch)
archive="fleetlint-$target.tar.gz"
binary="$folder/bin/fleetlint"
[[ ${RUNNER_OS:-} == Windows ]] && binary="$binary.exe"

# A release is at `download/vX`, the newest one at `latest/download`.
if [[ $version == latest ]]; then from="$releases/latest/download"; else from="$releases/download/v$version"; fi

fetch() { curl --fail --silent --show-error --location --retry 3 --output "$folder/$1" "$from/$1" 2> "$folder/curl.log"; }

checksum() {
  if command -v sha256sum > /dev/null; then sha256sum "$1"; else shasum -a 256 "$1"; fi | cut -d ' ' -f 1
}

# A binary that cannot be fetched is built. One that is not what its release says ends the run.
if [[ -n $target && $version != source ]] && fetch SHA256SUMS && fetch "$archive"; then
  expected=$(sed -n "s/^\([0-9a-f]\{64\}\)  *\*\{0,1\}$archive\$/\1/p" "$folder/SHA256SUMS")
  [[ -n $expected ]] || fail "the checksums of the release do not name $archive"
  found=$(checksum "$folder/$archive")
  [[ $found == "$expected" ]] || fail "$archive has the checksum $found, and the release says $expected"
  if [[ -z ${FLEETLINT_RELEASES:-} ]] && command -v gh > /dev/null; then
    gh attestation verify "$folder/$archive" --repo "${ACTION_REPOSITORY:-fleetlint/fleetlint}" > /dev/null ||
      fail "the provenance of $archive cannot be verified"
  fi
  mkdir -p "$folder/bin"
  tar -xzf "$folder/$archive" -C "$folder/bin"
else
  command -v cargo > /dev/null || fail "there is no release $version for this machine, and no cargo to build it"
  echo "fleetlint $version is built from its source: that takes some minutes"
  cargo install --quiet --locked --path "$root" --root "$folder"
fi
chmod +x "$binary"
"$binary" --version
output binary "$binary"
