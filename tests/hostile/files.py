"""What a student may hand in as a file, by threat, and what a folder may hold beside it.

What must come of a file: the code of the error that is its row in the results, or it is marked, and "right" is all that
it says, "good" the two answers that are, or "nothing". Whatever it is, it is one row and costs no one else a mark.
"""

from __future__ import annotations

import io
import os
import socket
import zipfile
from pathlib import Path
from typing import NamedTuple

HEAD = "sheet: probe\nstudent: s\nanswers:\n"
RIGHT = f'{HEAD}  "1":\n    formula: 2 w^2 x\n    good formula: 3 x w\n  "2":\n    number: 0.50732\n    good: 0.75\n'
GOOD = f'{HEAD}  "1":\n    good formula: 3 x w\n  "2":\n    good: 0.75\n'


class File(NamedTuple):
    """A file: its threat, its name, what must come of it, and its bytes."""

    threat: str
    name: str
    outcome: str
    data: bytes


def named(sheet: str) -> bytes:
    """Write right answers to what a student says is another sheet."""
    return RIGHT.replace("probe", sheet).encode()


def levels(base: str, times: int = 9) -> str:
    """Write a bomb of merged or listed aliases, each level so many times the one below."""
    lines = [f"a0: &a0 {base.replace('*', '')}"]
    for at in range(1, 12):
        lines.append(f"a{at}: &a{at} " + base.replace("*", ", ".join([f"*a{at - 1}"] * times)))
    return "\n".join(lines)


def zipped(*names: str) -> bytes:
    """Make an archive of files with these names; twice the same name is a file twice."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(zipfile.ZipInfo(name), RIGHT)
    return out.getvalue()


def after(text: str) -> bytes:
    """Write right answers, and a text behind them."""
    return (RIGHT + text).encode()


def before(text: str) -> bytes:
    """Write right answers, and a text in front of them."""
    return (text + RIGHT).encode()


FILES = [
    # T3 depth and length of the file itself
    File("T3", "brackets", "HW109", b"answers: " + b"[" * 60_000),
    File("T3", "braces", "HW109", b"answers: " + b"{a: " * 20_000),
    File("T3", "blocks", "HW109", "".join(f"{' ' * at}a:\n" for at in range(500)).encode()),
    File("T3", "dashes", "nothing", b"answers: " + b"- " * 20_000),
    File("T3", "questions", "nothing", b"answers:\n  " + b"? " * 20_000),
    File("T3", "large", "HW004", b"# " + b"x" * 300_000),
    File("T3", "keys", "HW1", after("".join(f"k{at}: 1\n" for at in range(25_000)))),
    File("T3", "long key", "right", after("k" * 9_000 + "\n")),
    # T7 keys that stand twice
    File("T7", "twice", "good", (GOOD + "    number: 0.6\n    number: 0.50732\n").encode()),
    File("T7", "answers twice", "good", (GOOD + RIGHT.partition("s\n")[2]).encode()),
    File("T7", "name twice", "right", after("student: t\n")),
    # T8 bombs, tags, recursion
    File("T8", "merged", "HW1", before(levels("{<<: [*]}") + "\n")),
    File("T8", "laughs", "right", before(levels("[*]") + "\n")),
    File("T8", "recursion", "HW1", before("a: &a [*a]\nb: &b {<<: *b}\n")),
    File("T8", "tags", "right", before("!!python/object/apply:os.system [touch hacked]\n---\n")),
    File("T8", "class", "HW403", b"!!python/object/new:subprocess.Popen [[touch, hacked]]\n"),
    File("T8", "anchor", "right", RIGHT.replace("answers:", "answers: &a").encode()),
    File("T8", "documents", "HW1", after("---\nanswers: {}\n")),
    File("T8", "handles", "right", before("%TAG ! tag:x,2000:\n---\n")),
    File("T8", "version", "right", before("%YAML 1.2\n---\n")),
    File("T8", "list", "HW403", b"- 0.50732\n"),
    File("T8", "word", "HW403", b"0.50732\n"),
    File("T8", "empty", "HW1", b""),
    File("T8", "blanks", "HW1", b" \n\n# nothing\n"),
    # T9 encodings
    File("T9", "mark", "right", b"\xef\xbb\xbf" + RIGHT.encode()),
    File("T9", "utf16", "right", RIGHT.encode("utf-16")),
    File("T9", "crlf", "right", RIGHT.replace("\n", "\r\n").encode()),
    File("T9", "cr", "right", RIGHT.replace("\n", "\r").encode()),
    File("T9", "latin", "HW005", RIGHT.encode() + b"note: m\xfcde\n"),
    File("T9", "utf16 bare", "HW006", RIGHT.encode("utf-16-le")),
    File("T9", "utf16 odd", "HW005", b"\xff\xfe" + RIGHT.encode("utf-16-le") + b"a"),
    File("T9", "utf32", "HW00", RIGHT.encode("utf-32")),
    File("T9", "nul", "HW006", RIGHT.encode() + b"\0"),
    File("T9", "escape", "HW006", RIGHT.encode() + b"note: \x1b[31m\n"),
    File("T9", "c1", "HW006", after("note: \x9b31m\n")),
    File("T9", "overlong", "HW005", RIGHT.encode() + b"note: \xc0\xaf\n"),
    File("T9", "surrogate", "HW005", RIGHT.encode() + b"note: \xed\xa0\x80\n"),
    File("T9", "binary", "HW006", b"\x7fELF\0\0"),
    # T17 settings that are not the student's
    File("T17", "settings", "good", (GOOD + "score: 100\nmax_score: 1\nresults: [1]\nfeedback: full\n").encode()),
    File("T17", "marking", "good", (GOOD + "marking: {wrong: 1}\ntolerance: 9\nstatus: marked\n").encode()),
    File("T17", "sheet within", "good", (GOOD + "problems:\n  '2': {given: {t: 0}, questions: {}}\n").encode()),
    File("T17", "verdicts", "good", (GOOD + "    number: {verdict: correct, marks: 9}\nfindings: []\n").encode()),
    # T18 another sheet, or a file; in a class the teacher's counts
    File("T18", "other", "right", named("sheet4")),
    File("T18", "above", "right", named("../../sheet5")),
    File("T18", "absolute", "right", named("/etc/passwd")),
    File("T18", "device", "right", named("/dev/zero")),
    File("T18", "address", "right", named("http://localhost/sheet5")),
    File("T18", "dots", "right", named("..")),
    File("T18", "hidden sheet", "right", named(".git")),
    File("T18", "long sheet", "right", named("a" * 5_000)),
    File("T18", "nul sheet", "right", named('"a\\0b"')),
    File("T18", "sheet list", "right", named("[probe]")),
    File("T18", "sheet option", "right", named("-rf")),
    # T20 archives and documents of other programs
    File("T20", "slip", "HW006", zipped("../../evil.yaml", "/evil.yaml")),
    File("T20", "doubled", "HW006", zipped("a.yaml")),
    File("T20", "bomb", "HW006", zipped(*(f"{at}/a.yaml" for at in range(500)))),
    File("T20", "gzip", "HW006", b"\x1f\x8b\x08\0\0\0\0\0"),
    File("T20", "pdf", "HW006", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"),
    # T19 names that programs may take for something else
    *(
        File("T19", name, "right", RIGHT.encode())
        for name in (
            *("-rf", "--sheet=x", "a\nb", "a\tb", "\x1b[31mred", "\u202egpj", "=1+1", "@SUM(1)", "::error::x", "$(id)"),
            *("`id`", "; id", "a b", "a'b", 'a"b', "[a]", "*", "?", "%s", "{0}", "a#b", "a%b", "con", "CON", "A", "a"),
            *("\u00e9", "e\u0301", "\udce9", "x" * 240, "a,line=1", "<b>x<", "a]]>b", "\\input{x}", "a|b", "~", "a..b"),
            *(" ", "\u2028", "\ufeffa", "a-123456789abc", "results.csv", "journal", "a.gradescope", "漢字", "\x7f"),
        )
    ),
]  # fmt: skip


def trapped(folder: Path, outside: Path) -> dict[str, str]:
    """Make what is no file of its own; give the reason that must stand in its row, "" where there must be no row."""
    (folder / "link.yaml").symlink_to(outside)
    (folder / "dangling.yaml").symlink_to(folder / "nothing")
    (folder / "itself.yaml").symlink_to(folder / "itself.yaml")
    (folder / "zero.yaml").symlink_to("/dev/zero")
    (folder / "loop").symlink_to(folder)
    (folder / "away").symlink_to(outside.parent)
    (folder / "folder.yaml").mkdir()
    (folder / "folder.yaml" / "notes.txt").write_text("no answers")
    os.mkfifo(folder / "pipe.yaml")
    with socket.socket(socket.AF_UNIX) as server:
        here = os.getcwd()
        os.chdir(folder)  # the name of a socket may not be long
        try:
            server.bind("socket.yaml")
        finally:
            os.chdir(here)
    with open(folder / "sparse.yaml", "wb") as handle:
        handle.truncate(10**12)
    (folder / ".hidden.yaml").write_text(RIGHT)
    (folder / ".git").mkdir()
    (folder / ".git" / "within.yaml").write_text(RIGHT)
    links = dict.fromkeys(["link.yaml", "dangling.yaml", "itself.yaml", "zero.yaml"], "this is a link")
    others = {"pipe.yaml": "this is a pipe", "socket.yaml": "HW00", "sparse.yaml": "HW004"}
    none = dict.fromkeys(["loop", "away", "folder.yaml", ".hidden.yaml", "within.yaml", "notes.txt"], "")
    return {**links, **others, **none}
