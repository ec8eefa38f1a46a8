#!/usr/bin/env bash
# Measures GET of a book that the near cache holds beside a constant answer of the same process: requests per second of wrk, which it
# installs on Debian where it is missing and this is root.
#   bench/http.sh [ROUNDS]
set -eu
cd "$(dirname "${BASH_SOURCE[0]}")/.."
if ! command -v wrk >/dev/null 2>&1; then
    [ "$(id -u)" = 0 ] || { echo "wrk is missing; install the package wrk." >&2; exit 2; }
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends wrk
fi
exec dotnet run -c Release --project bench -- http "$@"
