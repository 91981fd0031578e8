#!/usr/bin/env bash
# Keeps one comment on the pull request: writes it where there are findings, and changes the one that is there.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=action/lib.sh
source "$here/lib.sh"

# GitHub takes 65,536 characters; bytes are never fewer.
readonly MAX_BODY=65000
# The comment is among the first of a pull request that has it.
readonly MAX_PAGES=10

folder=$(scratch)
number=$(event .pull_request.number)
category=$(printf '%s' "${INPUT_CATEGORY:-fleetlint}" | tr -cd 'A-Za-z0-9._/-')
mark="<!-- fleetlint: $category -->"
api="${GITHUB_API_URL:-https://api.github.com}/repos/$GITHUB_REPOSITORY"

# Answers with the body in a file, and prints the status. The token is in no argument.
call() {
  local method=$1 address=$2
  shift 2
  curl --silent --show-error --output "$folder/answer.json" --write-out '%{http_code}' --request "$method" \
    --header 'Accept: application/vnd.github+json' --header 'Content-Type: application/json' \
    --header @<(printf 'Authorization: Bearer %s\n' "$COMMENT_TOKEN") "$@" "$address" || printf '000'
}

{
  printf '%s\n' "$mark"
  cut_to "$COMMENT_BODY" "$MAX_BODY"
} > "$folder/comment.md"
jq --raw-input --slurp '{body: .}' "$folder/comment.md" > "$folder/comment.json"

known=
for ((page = 1; page <= MAX_PAGES; page++)); do
  status=$(call GET "$api/issues/$number/comments?per_page=100&page=$page")
  [[ $status == 200 ]] || break
  known=$(jq -r --arg mark "$mark" \
    'map(select(.user.type == "Bot" and (.body | startswith($mark)))) | .[0].id // empty' "$folder/answer.json")
  [[ -z $known && $(jq length "$folder/answer.json") == 100 ]] || break
done

if [[ $status == 200 ]]; then
  if [[ -n $known ]]; then
    status=$(call PATCH "$api/issues/comments/$known" --data "@$folder/comment.json")
  elif [[ ${FINDINGS:-0} != 0 ]]; then
    status=$(call POST "$api/issues/$number/comments" --data "@$folder/comment.json")
  fi
fi
[[ $status == 200 || $status == 201 ]] ||
  notice "the comment cannot be written (status $status): give the job the permission \`pull-requests: write\`; the summary has the findings"
