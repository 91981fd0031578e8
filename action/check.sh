#!/usr/bin/env bash
# Runs `fleetlint check`: annotations into the log, the job summary, SARIF. Outputs: `status`, and unless the run failed
# `findings`, `sarif`, `markdown`, `upload` and `comment` (what the next steps may do). Fails nothing itself: the last step of
# the action does, after these.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=action/lib.sh
source "$here/lib.sh"

# GitHub refuses a larger summary as a whole.
readonly MAX_SUMMARY=1048576

cd "$GITHUB_WORKSPACE"
folder=$(scratch)
json="$folder/report.json" sarif="$folder/fleetlint.sarif" markdown="$folder/report.md"
rm -f "$json" "$sarif" "$markdown"

# The fleet could not be read: a notice has said so.
if [[ -z $INPUT_PATH ]]; then
  output status 0
  printf 'fleetlint checked nothing: the fleet %s cannot be read.\n' "$INPUT_FLEET" >> "$GITHUB_STEP_SUMMARY"
  exit 0
fi

arguments=(--skip-missing-sources --format "${INPUT_FORMAT:-github}" --fail-on "${INPUT_FAIL_ON:-error}")
arguments+=(--format "json=$json" --format "sarif=$sarif" --format "markdown=$markdown")
[[ -z ${INPUT_CONFIG:-} ]] || arguments+=(--config "$INPUT_CONFIG")
[[ -z ${INPUT_BASELINE:-} ]] || arguments+=(--baseline "$INPUT_BASELINE")
[[ -z ${INPUT_FLEET:-} ]] || arguments+=(--repository "${GITHUB_REPOSITORY##*/}")
while IFS= read -r source; do
  [[ -z $source ]] || arguments+=(--source "$source")
done <<< "${SOURCES:-}"

status=0
on_base_branch "$INPUT_PATH" "$FLEETLINT" check "${arguments[@]}" -- "$INPUT_PATH" || status=$?

if ((status != 0 && status != 1)); then
  output status "$status"
  # An upload would close all alerts: there is none.
  printf 'fleetlint could not check this fleet: the log says why.\n' >> "$GITHUB_STEP_SUMMARY"
  exit 0
fi

output status "$status"
output findings "$(jq '.findings | length' "$json")"
output sarif "$sarif"
output markdown "$markdown"
cut_to "$markdown" "$MAX_SUMMARY" >> "$GITHUB_STEP_SUMMARY"

upload=false comment=false
if [[ ${INPUT_SARIF:-false} == true ]]; then
  if is_read_only; then
    notice "the findings are not uploaded: a pull request from a fork or of Dependabot may not write; the summary has them"
  else
    upload=true
  fi
fi
if [[ ${INPUT_COMMENT:-false} == true ]]; then
  case ${GITHUB_EVENT_NAME:-} in
    pull_request)
      if is_read_only; then
        notice "there is no comment: a pull request from a fork or of Dependabot may not write; the summary has the findings"
      else
        comment=true
      fi
      ;;
    pull_request_target)
      warning "there is no comment on \`pull_request_target\`: it has secrets, and a check reads what the pull request brings; use \`pull_request\`"
      ;;
  esac
fi
output upload "$upload"
output comment "$comment"
