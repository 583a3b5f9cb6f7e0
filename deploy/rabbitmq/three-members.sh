#!/bin/bash
# Healthy means that three members of the cluster run. Asked of the management API, since rabbitmq-diagnostics starts an
# Erlang machine each time, two seconds of CPU.
set -eu
login=$(printf '%s:%s' "$RABBITMQ_DEFAULT_USER" "$RABBITMQ_DEFAULT_PASS" | base64 -w 0)
exec 3<>/dev/tcp/127.0.0.1/15672
printf 'GET /api/nodes?columns=name,running HTTP/1.0\r\nAuthorization: Basic %s\r\n\r\n' "$login" >&3
running=$(grep -o '"running":true' <&3 | wc -l)
[ "$running" -eq 3 ] || { echo "$running of 3 members run"; exit 1; }
