"""The starting files of a course: a first sheet to change, its blank answers file, and what a platform needs.

Names that go into scripts are plain: no sign in them means anything to a shell, to YAML or to Python.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable

from .. import __version__
from ..files import Source
from ..record import NamedTuple
from ..sheet import Sheet
from ..sheet.kinds import KINDS, accepts
from ..sheet.load import sheet_of
from .platforms import PLATFORMS
from .template import template

NAME = "homework1"
COURSE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*(?:/[A-Za-z0-9_][A-Za-z0-9._-]*)+")
#: The oldest time that a zip archive can tell, so that the same files make the same archive.
EPOCH = (1980, 1, 1, 0, 0, 0)

SHEET = """\
# A sheet: `hwcheck solve homework1.yaml` prints its solution, `hwcheck lint homework1.yaml` proves it, and
# `hwcheck schema reference` lists all that can stand here. Whoever has this file has the solution.
hwcheck: 1                                # version of the format
title: Homework 1
feedback: hint                            # of a report, students see: mark, where, hint or full
problems:
  "1":
    title: One training step by hand
    text: Write four significant digits.
    given:                                # numbers, lists of numbers, or formulas of what stands above
      x: [0.5, -1]
      W1: [[0.4, -0.3], [0.2, 0.7]]
      b1: [0.1, -0.2]
      w2: [[0.6, 0.5]]
      b2: -0.3
      y: 0
    network: |                            # one definition a line
      z1 = W1 x + b1
      a1 = sigmoid(z1)
      z2 = w2 a1 + b2
      yhat = sigmoid(z2)
      L = bce(yhat, y)
    train: {loss: L, parameters: [W1, b1, w2, b2], optimizer: sgd, learning_rate: 0.1}
    questions:                            # an id, what is to be found, and points
      a: {find: [z1, a1, yhat], points: 3}
      b: {find: L, points: 1}
      c: {find: [dL/dw2, dL/dW1], points: 4}
      d: {find: [w2_new, W1_new], points: 2}
"""


class File(NamedTuple):
    """A file to be written: its path below the folder of the course, and what it holds."""

    path: str
    content: str | bytes
    executable: bool = False


def first_sheet() -> Sheet:
    """Make the sheet that a course starts from."""
    return sheet_of(Source(f"{NAME}.yaml", SHEET, SHEET.encode()))


def is_plain(sheet: Sheet) -> bool:
    """Tell whether a sheet has a plain name, as students have to write it."""
    return accepts(sheet.name, KINDS["sheet name"])


def is_course(text: str) -> bool:
    """Tell whether a text names a repository or a project: `university/course`."""
    return COURSE.fullmatch(text) is not None


def starting_files(sheet: Sheet, platform: str = "", course: str = "") -> list[File]:
    """Give the files of a course with a sheet of a plain name.

    Args:
        sheet: the sheet that students are to answer.
        platform: one of PLATFORMS, or "" for a sheet and its answers file alone.
        course: the repository or project of the course, where the platform needs it.
    """
    said = {"@SHEET@": sheet.name, "@COURSE@": course, "@HWCHECK@": f"hwcheck=={__version__}"}
    answers = File(f"{sheet.name}.answers.yaml", template(sheet))
    if not platform:
        return [File(f"{sheet.name}.yaml", sheet.source.data), answers]
    row = PLATFORMS[platform]
    files = [File(f"{row.folder}/{sheet.name}.yaml", sheet.source.data)]
    files += [File(path, filled(text, said), executable=text.startswith("#!")) for path, text in row.files]
    if row.archive:
        files.append(File(row.archive, archive(files)))
    return [*files, answers._replace(path=f"{row.students}{answers.path}")]


def filled(text: str, said: dict[str, str]) -> str:
    """Put names into a text."""
    for sign, name in said.items():
        text = text.replace(sign, name)
    return text


def archive(files: Iterable[File]) -> bytes:
    """Make a zip archive with files at its root."""
    from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

    out = io.BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as made:
        for each in files:
            about = ZipInfo(each.path.rpartition("/")[2], EPOCH)
            about.compress_type = ZIP_DEFLATED
            about.create_system = 3  # Unix, whose permissions follow
            about.external_attr = (0o100755 if each.executable else 0o100644) << 16
            made.writestr(about, each.content)
    return out.getvalue()
