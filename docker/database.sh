#!/bin/sh
# Runs once in a new database: the application role beside the owner, without DDL.
set -eu
app_password=$(cat /run/secrets/app_password)
psql -v ON_ERROR_STOP=1 -v password="$app_password" --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" <<'SQL'
CREATE ROLE qiaoshou LOGIN PASSWORD :'password';
GRANT USAGE ON SCHEMA public TO qiaoshou;
SQL
