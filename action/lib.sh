# What the scripts of the action share. Sourced by them.
# shellcheck shell=bash

# Text as the data of a workflow command: one line, and no command inside it.
escape() {
  local text=$1
  text=${text//'%'/'%25'}
  text=${text//$'\r'/'%0D'}
  printf '%s' "${text//$'\n'/'%0A'}"
}

notice() { printf '::notice title=fleetlint::%s\n' "$(escape "$1")"; }
warning() { printf '::warning title=fleetlint::%s\n' "$(escape "$1")"; }

# Ends the step.
fail() {
  printf '::error title=fleetlint::%s\n' "$(escape "$1")"
  exit 2
}

# An output of the step. The delimiter is random, so that no value can end it.
output() {
  local delimiter
  delimiter="end_$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')"
  printf '%s<<%s\n%s\n%s\n' "$1" "$delimiter" "$2" "$delimiter" >> "$GITHUB_OUTPUT"
}

# A folder of this action among the temporary files of the job.
scratch() {
  local folder="$RUNNER_TEMP/fleetlint"
  mkdir -p "$folder"
  printf '%s' "$folder"
}

# What the event says, by a path of jq; empty if it says nothing.
event() {
  if [[ -r ${GITHUB_EVENT_PATH:-} ]]; then jq -r "$1 // empty" "$GITHUB_EVENT_PATH"; fi
}

# Whether this run has no secrets and a token that only reads: a pull request from a fork, or of Dependabot.
is_read_only() {
  case ${GITHUB_EVENT_NAME:-} in
    pull_request | pull_request_target)
      [[ $(event .pull_request.head.repo.full_name) != "$GITHUB_REPOSITORY" ]] && return 0
      ;;
  esac
  [[ ${GITHUB_ACTOR:-} == 'dependabot[bot]' ]]
}

# A file, cut after a whole line so that it has at most so many bytes; says how many lines are left out.
cut_to() {
  local file=$1 limit=$2 note kept
  if (($(wc -c < "$file") <= limit)); then
    cat "$file"
    return
  fi
  kept=$(head -c "$((limit - 200))" "$file" | wc -l)
  head -n "$kept" "$file"
  note=$(($(wc -l < "$file") - kept))
  printf '\n… and %s more lines: the log of the run has all findings\n' "$note"
}

# The branch that a pull request, or a merge queue, goes to; empty for other events.
base_branch() {
  local branch=${GITHUB_BASE_REF:-}
  [[ -n $branch ]] || branch=$(event .merge_group.base_ref)
  printf '%s' "${branch#refs/heads/}"
}

# Runs a command as if the branch that a pull request goes to was checked out: the working tree holds its next state, and
# clusters that sync other branches are read there. Leaves HEAD as it was.
on_base_branch() {
  local repository=$1 head base
  shift
  base=$(base_branch)
  if [[ -z $base ]] || ! git -C "$repository" rev-parse --git-dir > /dev/null 2>&1 ||
    git -C "$repository" symbolic-ref -q HEAD > /dev/null; then
    "$@"
    return
  fi
  head=$(git -C "$repository" rev-parse HEAD)
  git -C "$repository" symbolic-ref HEAD "refs/heads/$base"
  local status=0
  "$@" || status=$?
  git -C "$repository" update-ref --no-deref HEAD "$head"
  return "$status"
}
