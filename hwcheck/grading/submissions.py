"""Which files a class handed in: files, folders and patterns, in one order whatever order they were named in."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from unicodedata import normalize
from zlib import crc32

from ..diagnostics import Diagnostic, Invalid
from ..sheet.load import ENDS

LONGEST = 80  # letters of a name of a file with feedback
#: What the name of another file may end in: a hash, or the first part of an ending that has two.
TAKEN = re.compile(r"(-[0-9a-f]{12}|\.gradescope)$")
#: Names that Windows keeps for devices.
DEVICES = frozenset(["con", "prn", "aux", "nul", *(f"{port}{at}" for port in ("com", "lpt") for at in range(10))])


def submissions(asked: Iterable[str], sheet: str) -> list[str]:
    """Give the paths of all submissions, sorted: files as named, the YAML files of folders and what patterns match.

    Folders are searched to the bottom, hidden files and links to folders left out, and the file of the sheet. A file
    that is named and is not there is given all the same: it is a row with that as its reason.

    Raises:
        Invalid: a pattern matches nothing, or a folder holds nothing.
    """
    own, name = os.path.realpath(sheet), os.path.basename(sheet)
    found: set[str] = set()
    wrong: list[Diagnostic] = []
    for each in asked:
        paths = map(os.path.normpath, _matching(each))
        some = {path for path in paths if os.path.basename(path) != name or os.path.realpath(path) != own}
        if not some:
            folder = os.path.isdir(each)
            message = "the folder holds no answers" if folder else "nothing matches this pattern"
            wrong.append(Diagnostic("HW001", message, each, help="give files that end in .yaml or .yml, or a folder"))
        found |= some
    if wrong:
        raise Invalid(wrong)
    return sorted(found)


def in_shard(paths: Iterable[str], part: int, parts: int) -> list[str]:
    """Give the submissions of one shard, counted from 1; to which one a path belongs is said by the path alone."""
    return [path for path in paths if crc32(os.fsencode(path)) % parts == part - 1]


def file_names(paths: Sequence[str]) -> dict[str, str]:
    """Give each submission a name for files about it: of plain letters, and its own even where case is ignored.

    It is the path below the folder that all are in, without its ending; one that had to be changed, or that another
    has, is made the submission's own by a part of its hash.
    """
    folders = {os.path.dirname(path) for path in paths}
    common = os.path.commonpath(folders) if len({os.path.isabs(each) for each in folders}) == 1 else ""
    stems = {path: _stem(os.path.relpath(path, common) if common else path) for path in paths}
    wanted = {path: re.sub(r"[^A-Za-z0-9._-]", "_", stem).strip(".-")[:LONGEST] for path, stem in stems.items()}
    many = Counter(name.lower() for name in wanted.values())
    return {
        path: name if _is_plain(name, stems[path]) and many[name.lower()] == 1 else f"{name or 'answers'}-{_hash(path)}"
        for path, name in wanted.items()
    }


def _stem(path: str) -> str:
    stem = normalize("NFC", path).replace(os.sep, ".")
    for end in ENDS:
        stem = stem.removesuffix(end)
    return stem


def _is_plain(name: str, stem: str) -> bool:
    """Tell whether a name is the whole one, that of no device, and cannot be taken for another with its ending."""
    return bool(name) and name == stem and not TAKEN.search(name) and name.lower().split(".")[0] not in DEVICES


def _hash(path: str) -> str:
    return sha256(os.fsencode(path)).hexdigest()[:12]


def _matching(asked: str) -> Iterator[str]:
    if os.path.isdir(asked):
        for folder, within, names in os.walk(asked):
            within[:] = [each for each in within if not each.startswith(".")]
            yield from (os.path.join(folder, name) for name in names if name.endswith(ENDS) and name[0] != ".")
    elif os.path.lexists(asked) or not re.search(r"[*?[]", asked):
        yield asked
    else:
        from glob import glob  # seldom needed: most patterns are spelled out by the shell

        for each in glob(asked, recursive=True):
            yield from _matching(each) if os.path.isdir(each) else [each]
