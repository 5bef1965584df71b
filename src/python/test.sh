#!/usr/bin/env bash
# Builds the wheel, installs nothing but it, and tries it from another folder.
# `bash src/python/test.sh [--keep] [pytest arguments]`; the environment is target/python.
# With CONNECTORS=1 the packages that connectors lead to are installed and tried, too.
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
root="$(cd "$here/../.." && pwd)"
target="${CARGO_TARGET_DIR:-$root/target}"
env="$target/python"
wheels="$target/wheels"

[ -x "$env/bin/python" ] || python3 -m venv "$env"
"$env/bin/python" -m pip install --quiet --disable-pip-version-check \
  'maturin>=1.16,<2' 'numpy>=1.23' pytest mypy pandas
if [ "${CONNECTORS:-}" = 1 ]; then
  "$env/bin/python" -m pip install --quiet --disable-pip-version-check -r "$here/connectors.txt"
fi
rm -f "$wheels"/jianpai-*.whl
(cd "$here" && "$env/bin/maturin" build --locked --out "$wheels")
wheel="$(ls "$wheels"/jianpai-*-abi3-*.whl)"
size="$(stat -c %s "$wheel" 2>/dev/null || stat -f %z "$wheel")"
echo "wheel: $size bytes"
[ "$size" -le 8000000 ] || echo "note: a wheel should not be larger than 8 MB"
"$env/bin/python" -m pip install --quiet --disable-pip-version-check --force-reinstall --no-deps "$wheel"

# From a folder that holds no `jianpai` but the wheel's.
elsewhere="$(mktemp -d)"
trap 'rm -rf "$elsewhere"' EXIT
cp -r "$here/tests" "$elsewhere/tests"
cd "$elsewhere"
export JIANPAI_ROOT="$root"
"$env/bin/python" -m mypy --strict --config-file "$here/pyproject.toml" -p jianpai
"$env/bin/python" -m mypy --strict --config-file "$here/pyproject.toml" tests
"$env/bin/python" -m pytest -q tests "$@"
