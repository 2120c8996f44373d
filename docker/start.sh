#!/bin/sh
# Builds the two database addresses from the mounted passwords, then runs the command given.
set -eu
DATABASE_URL="postgresql://qiaoshou:$(cat /run/secrets/app_password)@database/qiaoshou"
export DATABASE_URL
if [ -r /run/secrets/owner_password ]; then
  DATABASE_OWNER_URL="postgresql://qiaoshou_owner:$(cat /run/secrets/owner_password)@database/qiaoshou"
  export DATABASE_OWNER_URL
fi
exec "$@"
