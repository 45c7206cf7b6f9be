#!/usr/bin/env bash
# Run once, when the image is built. AUTOGRADER=FOLDER tries it in another folder.
set -euo pipefail
base=${AUTOGRADER:-/autograder}
apt-get update
apt-get install -y python3 python3-venv
python3 -I -m venv "$base/hwcheck"
"$base/hwcheck/bin/pip" install --quiet "hwcheck==0.1.0"
