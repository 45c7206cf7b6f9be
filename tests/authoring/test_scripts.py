"""The scripts of each platform, run as they are written: with this checkout for the package, and a hostile student."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml

from hwcheck import __version__, solve
from hwcheck.authoring.platforms import PLATFORMS
from hwcheck.authoring.starting import first_sheet
from hwcheck.cli import main
from tests.authoring.test_starting import COURSE, asked
from tests.render.readers import Json, annotations, junit_cases, strict_json

ROOT = Path(__file__).parent.parent.parent
#: Modules that Python would take from a student's folder, if it were started there.
TRAPS = ("pip", "venv", "ensurepip", "yaml", "click", "numpy", "json", "sitecustomize", "hwcheck")


class Grader(NamedTuple):
    """A platform set up in a folder: `hand_in` is what the student hands in; `run` gives the exit code and the report.

    The report is what the platform reads, None where there is none; `folder` holds the student's files.
    """

    folder: Path
    run: Callable[[], tuple[int, Json]]


def bash(script: str, folder: Path, environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    command = ["bash", "-eo", "pipefail", "-c", script]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Give an environment in which a new Python environment holds this checkout, and nothing is fetched."""
    tools = tmp_path / "tools"
    tools.mkdir()
    start = f"import sys; sys.path.insert(0, {str(ROOT)!r}); from hwcheck.cli import main; sys.exit(main())"
    programs = {
        "hwcheck-here": f'exec {shlex.quote(sys.executable)} -I -c {shlex.quote(start)} "$@"',
        "pip-here": f'[ "$*" = "install --quiet hwcheck=={__version__}" ]',
        "python3": f'[ "$1 $2 $3" = "-I -m venv" ] && mkdir -p "$4/bin" && '
        f'cp {tools}/hwcheck-here "$4/bin/hwcheck" && cp {tools}/pip-here "$4/bin/pip"',
        "apt-get": '[ "$1" = update ] || [ "$*" = "install -y python3 python3-venv" ]',
    }
    programs["python"] = programs["python3"]
    for name, line in programs.items():
        (tools / name).write_text(f"#!/bin/sh\n{line}\n", encoding="utf-8")
        (tools / name).chmod(0o755)
    return {**os.environ, "PATH": f"{tools}:{os.environ['PATH']}", "HOME": str(tmp_path)}


def github(place: Path, environment: dict[str, str]) -> Grader:
    """Do what the steps of the workflow say; a checkout is a copy."""
    workflow = yaml.safe_load((place / "students/.github/workflows/hwcheck.yml").read_text(encoding="utf-8"))
    assert set(workflow[True]) >= {"push"}  # `on`, as YAML 1.1 reads it
    assert workflow["permissions"] == {"contents": "read"}
    (job,) = workflow["jobs"].values()
    work, temporary = place / "work", place / "temporary"
    temporary.mkdir()
    for step in job["steps"]:
        if step.get("uses", "").startswith("actions/checkout@"):
            source = {COURSE: place / "course", None: place / "students"}[step["with"].get("repository")]
            assert step["with"]["persist-credentials"] is False
            shutil.copytree(source, work / step["with"]["path"])

    def run() -> tuple[int, Json]:
        summary = place / "summary.md"
        own = {**environment, "RUNNER_TEMP": str(temporary), "GITHUB_STEP_SUMMARY": str(summary)}
        for step in job["steps"]:
            if "run" in step:
                done = bash(step["run"], work / step.get("working-directory", "."), own)
        assert summary.exists()
        return done.returncode, annotations(done.stdout)

    return Grader(work / "answers", run)


def gitlab(place: Path, environment: dict[str, str]) -> Grader:
    """Run the script of the job in a checkout of the student's project; the course is a repository of this machine."""
    if shutil.which("git") is None:
        pytest.skip("there is no git here")
    jobs = yaml.safe_load((place / "course/hwcheck.gitlab-ci.yml").read_text(encoding="utf-8"))
    (job,) = jobs.values()
    quiet = {"GIT_CONFIG_NOSYSTEM": "1", "GIT_AUTHOR_NAME": "t", "GIT_AUTHOR_EMAIL": "t", "GIT_COMMITTER_NAME": "t",
             "GIT_COMMITTER_EMAIL": "t"}  # fmt: skip
    done = bash("git init -q . && git add . && git commit -qm course", place / "course", {**environment, **quiet})
    assert done.returncode == 0, done.stderr
    own = {
        **environment, **quiet, "CI_SERVER_PROTOCOL": "https", "CI_SERVER_HOST": "gitlab.invalid",
        "CI_SERVER_PORT": "443", "CI_JOB_TOKEN": "token", "TMPDIR": str(place), "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": f"url.file://{place}/course.insteadOf",
        "GIT_CONFIG_VALUE_0": f"https://gitlab-ci-token:token@gitlab.invalid:443/{COURSE}.git",
    }  # fmt: skip

    def run() -> tuple[int, Json]:
        done = bash("\n".join(job["script"]), place / "students", own)
        result = place / "students" / job["artifacts"]["reports"]["junit"]
        return done.returncode, junit_cases(result.read_text(encoding="utf-8")) if result.exists() else None

    return Grader(place / "students", run)


def classroom50(place: Path, environment: dict[str, str]) -> Grader:
    """Run the grader in the student's checkout, with what the runner sets."""
    own = {
        **environment, "CLASSROOM": "nn", "ASSIGNMENT": "hw1", "OWNER": "me", "SUBMISSION_TAG": "submit/1",
        "COMMIT_URL": "c", "RELEASE_URL": "r", "REVIEW_URL": "v", "ASSIGNMENT_TYPE": "individual",
    }  # fmt: skip

    def run() -> tuple[int, Json]:
        script = f"{shlex.quote(sys.executable)} {shlex.quote(str(place / 'autograder/autograder.py'))}"
        done = bash(script, place / "students", own)
        result = place / "students/result.json"
        return done.returncode, strict_json(result.read_text(encoding="utf-8")) if result.is_file() else None

    return Grader(place / "students", run)


def gradescope(place: Path, environment: dict[str, str]) -> Grader:
    """Set the archive up as Gradescope does, and run it on the submission."""
    base = place / "base"
    with zipfile.ZipFile(place / "autograder.zip") as archive:
        archive.extractall(base / "source")
    own = {**environment, "AUTOGRADER": str(base)}
    shutil.copytree(place / "students", base / "submission")
    done = bash("bash source/setup.sh", base, own)
    assert done.returncode == 0, done.stderr

    def run() -> tuple[int, Json]:
        done = bash("cp source/run_autograder . && bash ./run_autograder", base, own)
        result = base / "results/results.json"
        return done.returncode, strict_json(result.read_text(encoding="utf-8")) if result.exists() else None

    return Grader(base / "submission", run)


SET_UP: dict[str, Callable[[Path, dict[str, str]], Grader]] = {
    "github": github, "gitlab": gitlab, "classroom50": classroom50, "gradescope": gradescope,
}  # fmt: skip


@pytest.fixture(params=PLATFORMS)
def grader(request: pytest.FixtureRequest, tmp_path: Path, environment: dict[str, str]) -> tuple[str, Grader]:
    place = tmp_path / "place"
    assert main(["init", *asked(request.param), "--folder", str(place)]) == 0
    return request.param, SET_UP[request.param](place, environment)


def score(platform: str, result: Json) -> float:
    """Give the share of the points that a platform reads."""
    if platform == "github":
        found = re.search(r"([\d.]+) of ([\d.]+) points", result[-1].message)
        assert found is not None
        return float(found[1]) / float(found[2])
    if platform == "gitlab":
        return float(result[0].properties["score"]) / float(result[0].properties["max_score"])
    if platform == "classroom50":
        return float(result["score"]) / float(result["max-score"])
    return float(result["score"]) / float(result["extra_data"]["max_score"])


def solved() -> str:
    """Write answers that are right, with one question left blank."""
    lines = ["sheet: homework1", "student: s1", "answers:", '  "1":']
    (problem,) = solve(first_sheet()).problems
    values = {each.name: each.value for part in problem.parts for each in part.quantities}
    for question in problem.questions[:-1]:
        lines.append(f"    {question.id}:")
        lines += [f"      {name}: {json.dumps(values[name].round(6).tolist())}" for name in question.asks]
    return "\n".join(lines) + "\n"


def test_each_platform_reads_the_score_and_the_sheet_is_the_teachers(
    grader: tuple[str, Grader], tmp_path: Path
) -> None:
    platform, (folder, run) = grader
    scored = platform in ("classroom50", "gradescope")
    marker = tmp_path / "started"
    for name in TRAPS:
        (folder / f"{name}.py").write_text(f"open({str(marker)!r}, 'w')\nraise SystemExit(7)\n", encoding="utf-8")
    (folder / "homework1.yaml").write_text(
        "hwcheck: 1\nproblems: {'1': {given: {x: 1}, questions: {a: {find: x}}}}\n", encoding="utf-8"
    )
    (folder / "result.json").write_text('{"score": 999}', encoding="utf-8")
    (folder / "homework1.answers.yaml").write_text(solved(), encoding="utf-8")
    code, result = run()
    assert code == (0 if scored else 1)
    assert score(platform, result) == pytest.approx(0.8)
    assert not marker.exists()


def test_each_platform_is_told_why_answers_cannot_be_read(grader: tuple[str, Grader]) -> None:
    platform, (folder, run) = grader
    (folder / "result.json").write_text('{"score": 999}', encoding="utf-8")
    secret = folder.parent / "secret.yaml"
    secret.write_text("hunter2", encoding="utf-8")
    answers = folder / "homework1.answers.yaml"
    for reason in ("HW403", "HW001"):
        answers.unlink()
        if reason == "HW403":
            answers.write_text("- no\n- mapping\n", encoding="utf-8")
        else:
            answers.symlink_to(secret)
        code, result = run()
        assert code == (0 if platform in ("classroom50", "gradescope") else 2)
        assert score(platform, result) == 0
        assert reason in str(result)
        assert "hunter2" not in str(result)
        assert secret.read_text(encoding="utf-8") == "hunter2"


def test_gradescope_finds_answers_of_another_name(tmp_path: Path, environment: dict[str, str]) -> None:
    assert main(["init", *asked("gradescope"), "--folder", str(tmp_path / "place")]) == 0
    folder, run = gradescope(tmp_path / "place", environment)
    (folder / "homework1.answers.yaml").unlink()
    (folder / "my answers; $(touch x).yml").write_text(solved(), encoding="utf-8")
    code, result = run()
    assert (code, score("gradescope", result)) == (0, pytest.approx(0.8))
    assert not (folder / "x").exists()
