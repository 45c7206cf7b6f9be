"""Finding and reading sheets: a file, or the name of a sheet that comes along."""

import os
from collections.abc import Mapping

from .. import bundled_folder
from ..diagnostics import Diagnostic, Invalid
from ..files import SHEET_LIMIT, Source, read_source
from ..record import NamedTuple
from ..text import closest, cut, safe_text
from .build import build_problem
from .problem import Problem
from .raw import RawSheet, read_sheet
from .tracks import tracks_of

ENDS = (".yaml", ".yml")
NAME_CHARACTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-")


class Sheet(NamedTuple):
    """A sheet, read and checked: `name` is what answers call it, `digest` the SHA-256 of the file.

    `feedback` is the most that students are shown of a report.
    """

    name: str
    title: str
    problems: Mapping[str, Problem]
    source: Source
    feedback: str = "full"

    @property
    def tracks(self) -> tuple[str, ...]:
        """The tracks that its questions name, in order; none where all students get the same points."""
        return tracks_of(self.problems.values())

    @property
    def digest(self) -> str:
        """The SHA-256 of the file, in hexadecimal."""
        return self.source.digest


def load_sheet(name: str, beside: str | None = None) -> Sheet:
    """Read a sheet.

    Args:
        name: a file, `-` for the standard input, or the name of a sheet that comes along.
        beside: an answers file that names the sheet; then the name is a plain one, never a path, and is looked up in
            the folder of that file first.

    Raises:
        Invalid: no such sheet, or everything that is wrong with it.
    """
    return sheet_of(read_source(_find(name, beside), SHEET_LIMIT))


def sheet_of(source: Source) -> Sheet:
    """Read a sheet from its text; it is called by the name of its file.

    Raises:
        Invalid: everything that is wrong with it.
    """
    raw, found = read_sheet(source)
    problems: dict[str, Problem] = {}
    if raw is not None:
        for each in raw.problems:
            problem = build_problem(each, source.name, found)
            if problem is not None:
                problems[problem.id] = problem
        _reach(raw, problems, found)
    if raw is None or any(each.severity == "error" for each in found):
        raise Invalid(found, {source.name: source.text})
    stem = os.path.basename(source.name)
    for end in ENDS:
        stem = stem.removesuffix(end)
    return Sheet(stem, raw.title or stem, problems, source, raw.feedback)


def _reach(raw: RawSheet, problems: Mapping[str, Problem], found: list[Diagnostic]) -> None:
    """Report the slips of a sheet that no problem has, if all problems could be built."""
    had = {slip.code for problem in problems.values() for slip in problem.slips}
    for each in raw.slips:
        if each.code.text not in had and len(problems) == len(raw.problems):
            message = f"no problem has a `{cut(each.quantity.text.strip(), 40)}` that this formula can stand for"
            place = f"slip {each.code.text}"
            fix = "write it under `slips` of the problem that it belongs to: that says what does not fit"
            found.append(Diagnostic("HW244", message, raw.source.name, each.formula.span, place, fix))


def bundled() -> dict[str, str]:
    """Give the files of the sheets that come along, by name: those of all folders, in the order of the folders."""
    files: dict[str, str] = {}
    for folder, within, names in os.walk(bundled_folder()):
        within.sort()
        sheets = (name for name in names if name.endswith(ENDS[0]) and not name.endswith(".answers.yaml"))
        plain = sorted(name.removesuffix(ENDS[0]) for name in sheets)
        files.update({name: os.path.join(folder, name + ENDS[0]) for name in plain})
    return files


def _find(name: str, beside: str | None) -> str:
    """Give the path of a sheet."""
    if beside is not None:
        if not 0 < len(name) <= 64 or not set(name) <= NAME_CHARACTERS or name.startswith("."):
            raise Invalid(
                [
                    Diagnostic(
                        "HW230",
                        "the answers do not name their sheet by a plain name",
                        beside,
                        help="write `sheet: sheet5`, or give --sheet",
                    )
                ]
            )
        folder = os.path.dirname(beside) if beside != "-" else ""
        plain = name.removesuffix(ENDS[0]).removesuffix(ENDS[1])
        for end in ENDS:
            path = os.path.join(folder, plain + end)
            if os.path.isfile(path) and not os.path.islink(path):
                return path
        name = plain
    elif name == "-" or os.path.lexists(name) or name.endswith(ENDS) or os.sep in name:
        return name
    known = bundled()
    if name in known:
        return known[name]
    near = closest(name, known)
    fix = f"did you mean `{near[0]}`? Or give a file" if near else f"give a file, or one of {', '.join(known)}"
    where = " beside the answers or" if beside is not None else ""
    raise Invalid(
        [
            Diagnostic(
                "HW001",
                f"there is no sheet `{safe_text(name, 64)}`{where} among those that come along",
                beside or name,
                help=fix,
            )
        ]
    )
