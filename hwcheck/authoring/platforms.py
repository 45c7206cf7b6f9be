"""What each platform needs to check answers: scripts, as text in which the names of a course are filled in.

Students can write their answers and nothing else that a script reads: the sheet comes from the course's repository, or
from the bundle of the grader. No script starts Python in a folder of theirs without `-I`, as Python would take modules
from there, and none follows a link that they handed in.
"""

from __future__ import annotations

from ..record import NamedTuple


class Platform(NamedTuple):
    """A platform: the folder that the sheet goes to, the files beside it, and what the teacher does with them.

    `students` is the folder of what students start from, `archive` what is made of the sheet and the files.
    """

    folder: str
    files: tuple[tuple[str, str], ...]
    students: str
    then: str
    course: bool = False
    archive: str = ""


GITHUB = """\
# Checks @SHEET@.answers.yaml on every push: annotations on the lines of what is wrong, and the report as a summary.
# It fails until every point is had; with --fail-under 60% it asks for less, with --exit-zero for nothing.
# The sheet comes from @COURSE@, which students can read and cannot write. If that repository is
# private, let COURSE_TOKEN be a secret of the organization: a token that may read it.
# Who can change this file can change the check: protect .github/ by a ruleset.
name: hwcheck
on: [push, workflow_dispatch]
permissions:
  contents: read
jobs:
  check:
    runs-on: ubuntu-latest
    timeout-minutes: 10
    steps:
      - uses: actions/checkout@v5
        with:
          path: answers
          persist-credentials: false
      - uses: actions/checkout@v5
        with:
          repository: @COURSE@
          path: course
          token: ${{ secrets.COURSE_TOKEN || github.token }}
          persist-credentials: false
      - uses: actions/setup-python@v6
        with:
          python-version: "3.13"
      - name: Install hwcheck
        run: python -I -m venv "$RUNNER_TEMP/hwcheck" && "$RUNNER_TEMP/hwcheck/bin/pip" install --quiet "@HWCHECK@"
      - name: Check the answers
        working-directory: answers
        run: |
          if [ -L @SHEET@.answers.yaml ]; then rm @SHEET@.answers.yaml; fi
          "$RUNNER_TEMP/hwcheck/bin/hwcheck" verify @SHEET@.answers.yaml --sheet ../course/@SHEET@.yaml --format github
"""

GITLAB = """\
# Checks @SHEET@.answers.yaml on every push; the report is a test report of the pipeline.
# It fails until every point is had; with --fail-under 60% it asks for less, with --exit-zero for nothing.
# In the project of each student, set Settings > CI/CD > General pipelines > CI/CD configuration file to
#   hwcheck.gitlab-ci.yml@@COURSE@
# so that the check and the sheet are those of @COURSE@, which students can read and cannot write.
# There, let their jobs read it: Settings > CI/CD > Job token permissions.
hwcheck:
  image: python:3.13
  timeout: 10 minutes
  script:
    - work=$(mktemp -d)
    - course="$CI_SERVER_PROTOCOL://gitlab-ci-token:$CI_JOB_TOKEN@$CI_SERVER_HOST:$CI_SERVER_PORT/@COURSE@.git"
    - git clone --quiet --depth 1 "$course" "$work/course"
    - python -I -m venv "$work/hwcheck"
    - '"$work/hwcheck/bin/pip" install --quiet "@HWCHECK@"'
    - rm -rf report.xml
    - if [ -L @SHEET@.answers.yaml ]; then rm @SHEET@.answers.yaml; fi
    - >-
      "$work/hwcheck/bin/hwcheck" verify @SHEET@.answers.yaml --sheet "$work/course/@SHEET@.yaml"
      --format plain --format junit=report.xml
  artifacts:
    when: always
    paths: [report.xml]
    reports:
      junit: report.xml
"""

CLASSROOM50 = '''\
"""Grades @SHEET@.answers.yaml: hwcheck writes result.json, with scores that are the points times 100.

The sheet stands beside this file, in the bundle of the grader, which students cannot write.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
STUDENT = Path.cwd()
ANSWERS, RESULT, BODY = (STUDENT / name for name in ("@SHEET@.answers.yaml", "result.json", "release-body.md"))

RESULT.unlink(missing_ok=True)  # what was handed in under these names is no result
BODY.unlink(missing_ok=True)
if ANSWERS.is_symlink():
    ANSWERS.unlink()
with tempfile.TemporaryDirectory() as folder:
    # Everything is started in HERE: Python would take modules from the folder of a student.
    subprocess.run(["python3", "-I", "-m", "venv", folder], cwd=HERE, check=True)
    subprocess.run([f"{folder}/bin/pip", "install", "--quiet", "@HWCHECK@"], cwd=HERE, check=True)
    command = [f"{folder}/bin/hwcheck", "verify", str(ANSWERS), "--sheet", str(HERE / "@SHEET@.yaml")]
    formats = ["--format", f"classroom50={RESULT}", "--format", f"markdown={BODY}", "--format", "plain"]
    graded = subprocess.run([*command, *formats], cwd=HERE, check=False)
sys.exit(graded.returncode)  # 0 whenever there is a result
'''

SETUP = """\
#!/usr/bin/env bash
# Run once, when the image is built. AUTOGRADER=FOLDER tries it in another folder.
set -euo pipefail
base=${AUTOGRADER:-/autograder}
apt-get update
apt-get install -y python3 python3-venv
python3 -I -m venv "$base/hwcheck"
"$base/hwcheck/bin/pip" install --quiet "@HWCHECK@"
"""

RUN = """\
#!/usr/bin/env bash
# Run for each submission. Answers that cannot be read are a result with the reason; without a result, hwcheck failed.
set -euo pipefail
base=${AUTOGRADER:-/autograder}
cd "$base/source"
answers=$base/submission/@SHEET@.answers.yaml
if [[ -L $answers ]]; then rm "$answers"; fi
if [[ ! -f $answers ]]; then  # handed in under another name
  for each in "$base"/submission/*.yaml "$base"/submission/*.yml; do
    if [[ -f $each && ! -L $each ]]; then
      answers=$each
      break
    fi
  done
fi
mkdir -p "$base/results"
"$base/hwcheck/bin/hwcheck" verify "$answers" --sheet "$base/source/@SHEET@.yaml" \\
  --format "gradescope=$base/results/results.json"
"""

PLATFORMS = {
    "github": Platform(
        "course",
        (("students/.github/workflows/hwcheck.yml", GITHUB),),
        "students/",
        "`course/` goes into the repository @COURSE@, `students/` into the template of the students' repositories.",
        course=True,
    ),
    "gitlab": Platform(
        "course",
        (("course/hwcheck.gitlab-ci.yml", GITLAB),),
        "students/",
        "`course/` goes into the project @COURSE@, `students/` into the projects of the students. Their setting for "
        "the CI/CD configuration file has to be `hwcheck.gitlab-ci.yml@@COURSE@`.",
        course=True,
    ),
    "classroom50": Platform(
        "autograder",
        (("autograder/autograder.py", CLASSROOM50),),
        "students/",
        "What is in `autograder/` goes into CLASSROOM/autograders/ASSIGNMENT/, `students/` into the template of the "
        "assignment. Scores are points times 100.",
    ),
    "gradescope": Platform(
        "autograder",
        (("autograder/setup.sh", SETUP), ("autograder/run_autograder", RUN)),
        "students/",
        "Upload `autograder.zip` as the autograder; when a file of `autograder/` has changed, zip the files again, "
        "without their folder. Students hand in `@SHEET@.answers.yaml`.",
        archive="autograder.zip",
    ),
}
