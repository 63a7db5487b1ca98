#!/bin/sh
# Usage: DATABASE_URL=… deploy/backup.sh DIRECTORY [DAYS]
# Writes one compressed dump, checks that it can be read, and drops dumps older than DAYS (14).
set -eu
directory=${1:?where to put the dump}
days=${2:-14}
: "${DATABASE_URL:?which database}"
umask 077
mkdir -p "$directory"
target=$directory/session-builder-$(date -u +%Y%m%dT%H%M%SZ).dump
pg_dump --dbname="$DATABASE_URL" --format=custom --no-owner --no-privileges --file="$target.part"
pg_restore --list "$target.part" >/dev/null
mv "$target.part" "$target"
find "$directory" -name 'session-builder-*.dump' -mtime "+$days" -delete
echo "$target"
