#!/usr/bin/env bash
# Every script parses, and no committed file names a folder of a developer's
# machine or a package host.
set -uo pipefail
cd "$(dirname "$0")/../.."
failed=0
passed=0
for script in $(find scripts -maxdepth 1 -type f) $(git ls-files 'tests/*.sh' .ci/run); do
  if bash -n "$script"; then
    passed=$((passed + 1))
  else
    echo "not ok - $script does not parse"
    failed=$((failed + 1))
  fi
done
hosts='https?://[^ "]*(debian|npmjs|golang|pypi|crates|maven)[^ "]*'
if git grep -nIE "$hosts" -- ':!*.md' ':!tests/architecture'; then
  echo "not ok - a package host is named"
  failed=$((failed + 1))
else
  passed=$((passed + 1))
fi
echo "$passed passed, $failed failed"
[ $failed = 0 ]
