#!/bin/sh
# Builds the two database addresses from the mounted passwords, then runs the command given.
set -eu
secrets=${SECRETS:-/run/secrets}
server=${DATABASE_SERVER:-database}
DATABASE_URL="postgresql://qiaoshou:$(cat "$secrets/app_password")@$server/qiaoshou"
export DATABASE_URL
if [ -r "$secrets/owner_password" ]; then
  DATABASE_OWNER_URL="postgresql://qiaoshou_owner:$(cat "$secrets/owner_password")@$server/qiaoshou"
  export DATABASE_OWNER_URL
fi
exec "$@"
