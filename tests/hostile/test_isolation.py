"""While hostile files are read, nothing is executed and nothing is opened but the inputs and the program itself."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
WATCH = """
import json, sys
seen = []
NAMES = ("open", "exec", "compile", "subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.fork",
         "ctypes.dlopen", "pickle.find_class", "socket.connect", "socket.getaddrinfo", "urllib.Request", "os.listdir")
from hwcheck.cli import run
run(["verify", "problems/sheet5/sheet5.answers.yaml", "--format", "plain"])  # loads whatever is loaded when used
run(["verify", "problems/sheet5/sheet5.answers.yaml", "--format", "json"])
sys.addaudithook(lambda name, args: seen.append((name, str(args[0]) if args else "")) if name in NAMES else None)
for form in ("plain", "json", "markdown"):
    run(["verify", sys.argv[1], "--format", form])
    run(["solve", sys.argv[2], "--format", form])
sys.stdout.write("SEEN" + json.dumps(seen))
"""
ANSWERS = """sheet: sheet5
student: "{0.__class__} $(id) %s"
answers:
  "1":
    d:
      X1: "__import__('os').system('id')"
      Y2: !!python/object/apply:os.system ["id"]
      X2: eval("open('/etc/passwd')")
    f: "\\\\input{/etc/passwd}"
    "open('/etc/passwd')": http://localhost/
"""
SHEET = """hwcheck: 1
title: "{0.__class__} $(id)"
problems:
  "1":
    given: {x: 2, __class__: 3}
    network: |
      z = x __class__
      J = exec(z)
"""


def test_nothing_is_executed_and_only_the_inputs_are_read(tmp_path: Path) -> None:
    answers, sheet = tmp_path / "a.yaml", tmp_path / "s.yaml"
    answers.write_text(ANSWERS, encoding="utf-8")
    sheet.write_text(SHEET, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", WATCH, str(answers), str(sheet)], cwd=ROOT, capture_output=True, text=True, timeout=120
    )
    seen = json.loads(done.stdout.rpartition("SEEN")[2])
    opened = {path for name, path in seen if name == "open"}
    assert str(answers) in opened, done.stderr  # the hook does see
    own = (
        str(ROOT / "hwcheck") + os.sep,
        str(ROOT / "problems"),
        *map(os.path.realpath, (sys.prefix, sys.base_prefix)),
    )
    foreign = [p for p in opened if p not in (str(answers), str(sheet)) and not os.path.realpath(p).startswith(own)]
    assert foreign == []
    ran = [(name, what) for name, what in seen if name not in ("open", "os.listdir", "os.scandir")]
    assert [each for each in ran if each[0] not in ("exec", "compile")] == []
    assert [what for _, what in ran if "passwd" in what or "system" in what] == []


def test_the_hash_seed_changes_no_byte(tmp_path: Path) -> None:
    outputs = set()
    for seed in "0123":
        line = [sys.executable, "-m", "hwcheck", "verify", "problems/sheet5/sheet5.answers.yaml", "--format", "json"]
        outputs.add(
            subprocess.run(line, cwd=ROOT, capture_output=True, env={**os.environ, "PYTHONHASHSEED": seed}).stdout
        )
    assert len(outputs) == 1
    assert outputs != {b""}
