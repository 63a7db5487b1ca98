#!/bin/sh
# Usage: DATABASE_URL=… deploy/restore.sh FILE
# Restores a dump into an EMPTY database, all of it or nothing. Stop web, workers and tick before.
set -eu
file=${1:?which dump}
: "${DATABASE_URL:?which database}"
pg_restore --dbname="$DATABASE_URL" --no-owner --no-privileges --single-transaction --exit-on-error "$file"
