#!/usr/bin/env bash
# Fetches all branches of the fleet and clones the repositories that it reads, with all of their branches. Outputs: `path` of
# the fleet, empty if it cannot be read, and `sources`, one `URL=PATH` a line. What cannot be read gives a notice and fails nothing: fleetlint then says what it did not check.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=action/lib.sh
source "$here/lib.sh"

cd "$GITHUB_WORKSPACE"
export GIT_TERMINAL_PROMPT=0
server=${GITHUB_SERVER_URL:-https://github.com}
owner=${GITHUB_REPOSITORY%%/*}
clones="$(scratch)/siblings"
mkdir -p "$clones"
# Written so that bash 3.2, which macOS has, takes an empty list.
sources=()
while IFS= read -r line; do
  [[ -z $line ]] || sources+=("$line")
done <<< "${INPUT_SOURCES:-}"

# git with a token for the server, which no argument and no file shows.
with_token() {
  local token=$1 basic
  shift
  if [[ -z $token ]]; then
    git "$@"
    return
  fi
  basic=$(printf 'x-access-token:%s' "$token" | base64 | tr -d '\n')
  # Only GitHub shows commands of this kind, and it masks what they name.
  [[ ${GITHUB_ACTIONS:-} != true ]] || printf '::add-mask::%s\n' "$basic"
  GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0="http.$server/.extraheader" \
    GIT_CONFIG_VALUE_0="AUTHORIZATION: basic $basic" git "$@"
}

# Where anybody may say what the fleet reads while the job has secrets, these read nothing.
if [[ ${GITHUB_EVENT_NAME:-} == pull_request_target ]]; then
  INPUT_TOKEN=
  warning "no token is used for siblings on \`pull_request_target\`: the pull request says which ones are read; use \`pull_request\`"
fi

readonly name_pattern='^[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+$'

how_to_grant() {
  # shellcheck disable=SC2016 # the backticks are Markdown
  printf 'Grant it: give the input `token` a token with Contents: read on %s, or the inputs `app-id` and `app-private-key` an App that is installed there with this permission' "$1"
}

# The fleet is another repository: this one is what it reads.
if [[ -n ${INPUT_FLEET:-} ]]; then
  [[ $INPUT_FLEET =~ $name_pattern && $INPUT_FLEET != *..* ]] ||
    fail "\`fleet\`: \`$INPUT_FLEET\` is not the name of a repository: write OWNER/NAME"
  INPUT_PATH="$(scratch)/fleet/${INPUT_FLEET##*/}"
  rm -rf "$INPUT_PATH"
  if ! with_token "${INPUT_TOKEN:-}" clone --quiet "$server/$INPUT_FLEET" "$INPUT_PATH" 2> "$clones/error.log"; then
    notice "the fleet $INPUT_FLEET cannot be read, and nothing was checked. $(how_to_grant "$INPUT_FLEET")"
    output path ""
    output sources ""
    exit 0
  fi
  branch=$(base_branch)
  branch=${branch:-${GITHUB_REF_NAME:-}}
  sources+=("$server/$GITHUB_REPOSITORY=$GITHUB_WORKSPACE@$branch:worktree" "$server/$GITHUB_REPOSITORY=$GITHUB_WORKSPACE")
  own=$GITHUB_WORKSPACE
else
  own=$INPUT_PATH
fi

# Every branch of this repository: clusters may read another one than the one that is checked out.
if git -C "$own" remote get-url origin > /dev/null 2>&1; then
  depth=()
  [[ $(git -C "$own" rev-parse --is-shallow-repository) == true ]] && depth=(--unshallow)
  with_token "${FLEET_TOKEN:-}" -C "$own" fetch --quiet ${depth[@]+"${depth[@]}"} origin '+refs/heads/*:refs/remotes/origin/*' ||
    notice "the other branches of this repository cannot be fetched: clusters that read them are not checked"
fi

# Clones OWNER/NAME, once.
seen=" "
clone() {
  local name=$1 folder
  [[ $name =~ $name_pattern && $name != *..* ]] || {
    warning "\`siblings\`: \`$name\` is not the name of a repository: write OWNER/NAME"
    return
  }
  [[ $seen != *" $name "* ]] || return 0
  seen+="$name "
  folder="$clones/$name.git"
  rm -rf "$folder"
  if with_token "${INPUT_TOKEN:-}" clone --quiet --bare "$server/$name" "$folder" 2> "$clones/error.log"; then
    sources+=("$server/$name=$folder")
    found=true
  else
    rm -rf "$folder"
    notice "$name cannot be read, and what depends on it is not checked. $(how_to_grant "$name")"
  fi
}

# The sources that the fleet reads and that are not at hand, as OWNER/NAME of this server and this owner.
missing() {
  local arguments=(--format json --skip-missing-sources) source
  [[ -z ${INPUT_CONFIG:-} ]] || arguments+=(--config "$INPUT_CONFIG")
  for source in ${sources[@]+"${sources[@]}"}; do arguments+=(--source "$source"); done
  on_base_branch "$INPUT_PATH" "$FLEETLINT" config "${arguments[@]}" -- "$INPUT_PATH" 2> /dev/null |
    jq -r --arg host "${server#*://}" --arg owner "$owner" '
      .sources[]? | select(.value.state == "missing") | .name
      | sub("^[a-z+]+://"; "") | sub("^[^/@]*@"; "") | sub("^(?<host>[^/:]+):(?!//)(?<path>[^0-9])"; "\(.host)/\(.path)")
      | select(startswith($host + "/")) | ltrimstr($host + "/") | sub("/+$"; "") | sub("\\.git$"; "")
      | select(ascii_downcase | startswith(($owner | ascii_downcase) + "/"))' || true
}

case ${INPUT_SIBLINGS:-auto} in
  none) ;;
  auto)
    # What a sibling holds may read another one.
    found=true
    for _ in 1 2 3 4 5; do
      [[ $found == true ]] || break
      found=false
      while IFS= read -r name; do
        [[ -z $name ]] || clone "$name"
      done < <(missing)
    done
    ;;
  *)
    while IFS= read -r name; do
      name=${name//[[:space:]]/}
      [[ -z $name ]] || clone "$name"
    done <<< "$INPUT_SIBLINGS"
    ;;
esac

output path "$INPUT_PATH"
output sources "$(printf '%s\n' ${sources[@]+"${sources[@]}"})"
