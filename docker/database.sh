#!/bin/sh
# Runs once in a new database server: the owner that migrates and the application role,
# neither a superuser. The superuser itself is used for nothing else.
set -eu
secrets=${SECRETS:-/run/secrets}
psql -v ON_ERROR_STOP=1 \
  -v owner_password="$(cat "$secrets/owner_password")" \
  -v app_password="$(cat "$secrets/app_password")" \
  --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" <<'SQL'
CREATE ROLE qiaoshou_owner LOGIN PASSWORD :'owner_password';
CREATE ROLE qiaoshou LOGIN PASSWORD :'app_password';
SELECT format('ALTER DATABASE %I OWNER TO qiaoshou_owner', current_database()) \gexec
ALTER SCHEMA public OWNER TO qiaoshou_owner;
GRANT USAGE ON SCHEMA public TO qiaoshou;
SQL
