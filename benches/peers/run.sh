#!/usr/bin/env bash
# Compares the kernel with other tools on the same exported plan and the same draws.
#
#   benches/peers/run.sh
#
# Environment: ROUNDS (5), DRAWS of the check (8192), SECONDS_EACH of the kernel bench
# (6), SOBOL_ROUNDS (3), VENV and OUT (folders outside the tree), PYTHON (python3),
# PLAN (a plan exported before, instead of exporting one).
# The last lines are `name value` pairs; ratio = core time of the peer / ours.
# Exit code 1 if a peer differs from the program's rows by more than 1e-9.
set -euo pipefail
cd "$(dirname "$0")/../.."
here=benches/peers
rounds=${ROUNDS:-5} draws=${DRAWS:-8192} seconds=${SECONDS_EACH:-6} sobol=${SOBOL_ROUNDS:-3}
venv=${VENV:-${TMPDIR:-/tmp}/jianpai-peers-venv}
out=${OUT:-${TMPDIR:-/tmp}/jianpai-peers}
python=$venv/bin/python

# One thread everywhere; the libraries choose their kernels for this machine.
export OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1 MKL_NUM_THREADS=1 NUMBA_NUM_THREADS=1
unset OPENBLAS_CORETYPE OPENBLAS_L2_SIZE
export PYTHONWARNINGS=ignore PYTHONDONTWRITEBYTECODE=1

[ -x "$python" ] || "${PYTHON:-python3}" -m venv "$venv"
if ! cmp -s "$here/requirements.txt" "$venv/installed.txt"; then
    "$python" -m pip install --quiet --disable-pip-version-check -r "$here/requirements.txt"
    cp "$here/requirements.txt" "$venv/installed.txt"
fi

cargo build --profile dist --quiet --bin jianpai
cargo bench --quiet --bench kernel --no-run
target=${CARGO_TARGET_DIR:-target}
jianpai=$target/dist/jianpai

"$python" "$here/test_peers.py" >&2
rm -rf "$out"
mkdir -p "$out"
if [ -n "${PLAN:-}" ]; then
    cp "$PLAN" "$out/plan.json"
else
    "$jianpai" plan "$here/workload.toml" --export "$out/plan.json"
fi
"$jianpai" sweep "$here/workload.toml" --no-model-error --draws "$draws" --seed 7 --format csv --out "$out" >"$out/sweep.txt"
rows=$out/workload/draws.csv

for ((r = 1; r <= rounds; r++)); do
    echo "round $r of $rounds" >&2
    cargo bench --quiet --bench kernel -- "$here/workload.toml" --seconds "$seconds" >"$out/kernel-$r.txt"
    for peer in numpy numba ema; do
        "$python" "$here/${peer}_peer.py" "$out/plan.json" "$rows" 3 >>"$out/peers-$r.jsonl"
    done
done

# Whole processes on one thread: sampling, evaluation, indices of one output (SALib) or
# of all (jianpai), 2^14 base samples of twelve inputs, first and total order.
TIMEFORMAT=%R
for ((r = 1; r <= sobol; r++)); do
    { time "$python" "$here/salib_peer.py" "$out/plan.json" "$rows" 16384 >"$out/salib.txt"; } 2>"$out/sobol-salib-$r.txt"
    { time "$jianpai" sweep "$here/sobol.toml" --no-model-error --threads 1 --format none --out "$out" >"$out/sobol.txt"; } 2>"$out/sobol-jianpai-$r.txt"
done

cat "$out/kernel-$rounds.txt" | sed '/^[a-z_]* [0-9.e+-]*$/d'
"$python" "$here/summary.py" "$out"
