#!/bin/bash
# Starts a node that is to join the one on the host rabbitmq. At its first start it waits until that one's Erlang
# machine runs: the oldest of the nodes that can be reached is the one which the others join. Later starts wait for
# nobody, since each of the three may be the one that is gone.
set -eu
data=/var/lib/rabbitmq/mnesia/rabbit@$HOSTNAME
until [ -d "$data" ] || (exec 3<>/dev/tcp/rabbitmq/25672) 2>/dev/null; do sleep 0.5; done
exec docker-entrypoint.sh rabbitmq-server
