"""The command line in a process that writes down whatever it opens, executes or connects to, and its copies with it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent.parent
#: The program, Python and its libraries: what they open is no file of a student's.
OWN = (ROOT / "hwcheck", ROOT / "problems", sys.prefix, sys.base_prefix)
#: Events of Python, and what they say of themselves: reading and writing, code, processes, the network, and libraries.
SCRIPT = """
import contextlib, io, json, os, resource, sys
log = os.open(sys.argv[1], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
# what the process that started this one held counts as this one's own in `getrusage`; Linux has its own number apart
status = os.open("/proc/self/status", os.O_RDONLY) if sys.platform == "linux" else None
EVENTS = ("open", "compile", "subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "ctypes.dlopen",
          "pickle.find_class", "socket.connect", "socket.bind", "socket.getaddrinfo", "urllib.Request", "os.remove",
          "os.rename", "os.rmdir", "os.symlink", "os.link", "os.chmod", "os.truncate", "shutil.rmtree")
from hwcheck.cli import main
def watch(name, args):
    if name in EVENTS:
        what = args[0] if args else ""
        what = os.fsdecode(what) if isinstance(what, bytes) else str(what)
        os.write(log, json.dumps([name, what[:1000]]).encode() + b"\\n")
sys.addaudithook(watch)
for line in sys.stdin:
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main(json.loads(line))
    said = [code, out.getvalue(), err.getvalue()]
    sys.stdout.write(json.dumps(said) + "\\n")
copies = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
if status is None:
    most = max(copies, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss) // 1024
else:
    most = max(copies, int(os.read(status, 10_000).split(b"VmHWM:")[1].split()[0]))
sys.stdout.write(str(most))
"""


class Watched(NamedTuple):
    """What came of each command: its exit code, what it printed and said; every event, and the most memory in kB."""

    ended: list[tuple[int, str, str]]
    events: list[tuple[str, str]]
    memory: int


def watched(log: Path, commands: list[list[str]], environment: dict[str, str]) -> Watched:
    """Run commands one after the other in one process."""
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(log)],
        input="".join(json.dumps(command) + "\n" for command in commands),
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert done.stderr == ""
    *lines, memory = done.stdout.splitlines()
    events = [(name, what) for name, what in map(json.loads, log.read_text(encoding="utf-8").splitlines())]
    return Watched([(code, out, err) for code, out, err in map(json.loads, lines)], events, int(memory))
