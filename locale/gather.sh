#!/usr/bin/env bash
# Makes the Chinese catalogue anew: what the code says now, with the words of parts/*.po.
# A message that has no words yet is listed, and the exit code says so.
set -eu
cd "$(dirname "$0")/.."
catalogue=locale/zh_Hans/LC_MESSAGES/django.po
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
git show "HEAD:$catalogue" >"$work/before.po"
# The head of the catalogue: its lines up to the first empty one.
sed '/^$/q' "$work/before.po" >"$work/head.po"
for part in locale/parts/*.po; do
  # A part has no head of its own.
  cat "$work/head.po" "$part" >"$work/$(basename "$part" .po).part.po"
done
msgattrib --translated --no-fuzzy --no-obsolete "$work/before.po" -o "$work/known.po"
msgcat --use-first "$work"/*.part.po "$work/known.po" -o "$work/words.po"
.venv/bin/python -m django makemessages -l zh_Hans --no-location --no-wrap --keep-pot \
  --ignore=.venv --ignore=var --settings qiaoshou.settings.test >/dev/null
msgmerge --quiet --no-fuzzy-matching --no-wrap --no-location \
  --compendium "$work/words.po" "$work/head.po" locale/django.pot -o "$work/new.po"
rm -f locale/django.pot
msgattrib --no-obsolete --no-wrap "$work/new.po" -o "$catalogue"
sed -i 's/^"POT-Creation-Date: .*/"POT-Creation-Date: 2026-11-24 00:00+0800\\n"/' "$catalogue"
left=$(msgattrib --untranslated --no-obsolete "$catalogue")
[ -z "$left" ] || { printf '%s\n' "$left"; exit 1; }
