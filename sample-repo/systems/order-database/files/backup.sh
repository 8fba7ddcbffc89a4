#!/bin/sh
# Dumps the orders and refuses to call an empty dump a backup.
set -eu
dump="/var/backups/orders/$(date -u +%Y-%m-%dT%H%M%SZ).dump"
pg_dump --format=custom --file="$dump" orders
test -s "$dump"
