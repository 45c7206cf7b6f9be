"""Sheets and answers as records of typed-in text: every part in its slot, with its place in the file.

`read_sheet` and `read_answers` report all that is wrong with a file at once, and keep what is sound: the problems of a
sheet that have no error, the answers of a student that have the form of answers.
"""

from collections.abc import Iterator
from itertools import islice

from ..diagnostics import Diagnostic, Span
from ..files import Source
from ..record import NamedTuple
from ..text import cut, safe_text
from ..yamltree import ANSWERS, SHEET, Map, Scalar, Tree, quick_tree, read_tree
from .check import Entries, Entry, Where, check, is_sound, keyed, part, record, suggestion
from .kinds import KINDS, accepts
from .like import parts_of, united
from .owners import fields
from .recording import problem_of, prose_of, questions_of, slips_of, typed_as
from .records import RawProblem, RawQuestion, RawSlip

#: What a sheet may have for all its problems; a problem's own of the same name wins.
SHARED = ("given", "marking", "slips")
MOST_TROUBLES = 200  # of one file; nobody reads more, and looking for similar names takes time


class RawSheet(NamedTuple):
    """A sheet: the problems without errors, in order; `slips` are those that it has for all problems."""

    title: str
    problems: tuple[RawProblem, ...]
    source: Source
    feedback: str
    slips: tuple[RawSlip, ...]


class RawAnswers(NamedTuple):
    """A student's file: `sheet` is a plain name or None, the answers are by problem and question."""

    sheet: Scalar | None
    student: str
    track: str
    answers: tuple[tuple[Scalar, tuple[Entry, ...]], ...]
    source: Source
    track_at: Span | None = None


def read_sheet(source: Source) -> tuple[RawSheet | None, list[Diagnostic]]:
    """Read a sheet and everything that is wrong with it; None if no problem can be used."""
    tree, found = read_tree(source, SHEET, recover=False)
    where = Where(source.name)
    if not isinstance(tree, Map):
        if tree is not None:
            fix = "write `hwcheck: 1`, then `problems:`"
            found.append(where.says("HW203", "a sheet begins with a line such as `hwcheck: 1`", tree.span, fix))
        return None, found
    top = keyed(tree)
    version = part(top, "hwcheck")
    if version is not None and any(wrong := list(check(version, "version", where))):
        return None, found + wrong  # another version has other fields
    wrong = list(islice(record(tree, "sheet", where), MOST_TROUBLES))
    found += wrong
    tree = _spelled_out(tree)
    shared = {name: entry for name, entry in keyed(tree).items() if name in SHARED}
    if wrong and any(any(check(tree, fields("sheet")[name].kind, where)) for name, (_, tree) in shared.items()):
        return None, _in_order(found)
    written = {id: (key, _spelled_out(value)) for id, (key, value) in keyed(part(top, "problems")).items()}
    sound = set()
    partial = set()  # with unknown keys, which may be misspelt ones: what these say is missing
    for id, (_, value) in written.items():
        codes = {each.code for each in check(value, "problem", where)} if wrong else set()
        if codes == {"HW201"}:
            partial.add(id)
        if codes <= {"HW201"}:
            more = list(islice(_clashes(value, where.inside(f"problem {id}")), MOST_TROUBLES))
            found += more
            if not more:
                sound.add(id)
    problems = []
    for id, (key, value) in written.items():
        parts, more = parts_of(id, written, sound, where.inside(f"problem {id}"))
        found += more
        if parts is None:
            continue
        own = frozenset(keyed(part(parts, "slips")))
        parts.update({name: (at, united(tree, part(parts, name))) for name, (at, tree) in shared.items()})
        problems.append(problem_of(key, parts, own, value.span)._replace(whole=id not in partial))
    if not problems:
        return None, _in_order(found)
    feedback = _named(top, "feedback", "sheet") or fields("sheet")["feedback"].default
    slips = slips_of(part(shared, "slips"), ())
    return RawSheet(prose_of(top, "title"), tuple(problems), source, feedback, slips), _in_order(found)


def read_answers(source: Source) -> tuple[RawAnswers | None, list[Diagnostic]]:
    """Read a student's answers and everything that is odd about them; None if the file has no `name: value` lines."""
    where = Where(source.name)
    tree: Tree | None = quick_tree(source.text, ANSWERS)
    found: list[Diagnostic] = []
    if not (isinstance(tree, Map) and is_sound(tree, "answers file")):
        tree, found = read_tree(source, ANSWERS, recover=True)
        if isinstance(tree, Map):
            found += (_mild(each) for each in islice(record(tree, "answers file", where), MOST_TROUBLES))
    if not isinstance(tree, Map):
        if tree is not None:
            fix = "write `answers:`, then the problems; `hwcheck template` writes a file to start from"
            found.append(
                where.says("HW403", "an answers file begins with a line such as `student: s1234567`", tree.span, fix)
            )
        return None, found
    top = keyed(tree)
    sheet = part(top, "sheet")
    if not (isinstance(sheet, Scalar) and sheet.text and accepts(sheet.text, KINDS["sheet name"])):
        sheet = None
    answers = tuple((key, value.items) for key, value in keyed(part(top, "answers")).values() if isinstance(value, Map))
    if "#" in source.text:
        from .comments import hidden

        entries = (entry for _, entries in answers for entry in entries)
        found += islice(hidden(entries, source.text, where), MOST_TROUBLES)
    track = part(top, "track")
    at = track.span if track is not None else None
    return RawAnswers(sheet, _named(top, "student"), _named(top, "track"), answers, source, at), _in_order(found)


def _in_order(found: list[Diagnostic]) -> list[Diagnostic]:
    return sorted(found, key=lambda each: each.span or Span(0, 0, 0))


def _mild(diagnostic: Diagnostic) -> Diagnostic:
    """Turn an error of a sheet into a remark on answers: what cannot be used is left out, and the rest is read."""
    code = diagnostic.code.replace("HW2", "HW4")
    message = diagnostic.message + (", and has no effect" if code == "HW401" else "")
    return diagnostic._replace(code=code, message=message, severity="error" if code == "HW402" else "warning")


def _clashes(problem: Tree, where: Where) -> Iterator[Diagnostic]:
    """Say what the parts of a problem do to each other, each being sound by itself."""
    parts = keyed(problem)
    if not parts.keys() & {"network", "questions", "like"}:
        fix = "add one, for example `network: z = w x + b`"
        yield where.says("HW202", "the problem has neither a `network` nor `questions`", problem.span, fix)
    for question in questions_of(parts):
        yield from _question_clashes(question, where.inside(f"question {question.id.text}"))


def _question_clashes(question: RawQuestion, where: Where) -> Iterator[Diagnostic]:
    asked: dict[str, Scalar] = {}
    for new, formula in question.asked:
        name = new or formula
        if name.text.strip() in asked:
            yield where.says("HW243", f"`{cut(name.text, 40)}` is asked twice in one question", name.span, "remove one")
        asked[name.text.strip()] = name
    for title in dict.fromkeys((*question.columns, *(title for title, _ in question.rows))):
        if safe_text(title.text) != title.text:
            message = f"the title `{cut(safe_text(title.text), 60)}` has a character that cannot be seen"
            yield where.says("HW243", message, title.span, "type it again without it")
    titles = [column.text.strip() for column in question.columns]
    further = question.columns if question.over is None else ()  # what is asked has been looked at
    for column in [column for at, column in enumerate(further) if titles[at] in titles[:at]]:
        yield where.says("HW243", f"there are two columns `{cut(column.text, 40)}`", column.span, "rename one")
    yield from _table_clashes(question, where)
    for title, cells in question.rows:
        if len(cells) != len(question.columns):
            many = f"{len(cells)} cell{'s' if len(cells) > 1 else ''}"
            message = f"the row `{cut(title.text, 40)}` has {many}, and the number of columns is {len(titles)}"
            yield where.says("HW243", message, title.span, "write one formula for each column")
    tracks = [track.text.strip() for track, _, _ in question.tracks]
    for track in [track for at, (track, _, _) in enumerate(question.tracks) if tracks[at] in tracks[:at]]:
        message = f"the track `{cut(track.text, 40)}` has points and a bonus, and a question has one of them"
        yield where.says("HW243", message, track.span, "write two questions")
    if tracks and question.points_given and not question.bonus and all(bonus for _, _, bonus in question.tracks):
        message = "the bonus is by track, and the points are not"
        fix = f"write the points by track as well, such as `points: {{graduate: {question.points:g}}}`"
        yield where.says("HW243", message, question.tracks[0][0].span, fix)
    for quantity, values in question.also:
        if quantity is None and len(asked) > 1:
            fix = f"write `also: {{{next(iter(asked))}: ...}}`"
            yield where.says("HW243", "`also` must say which quantity it belongs to", values[0].span, fix)
        elif quantity is not None and quantity.text.strip() not in asked:
            fix = suggestion(quantity.text, asked, "asked are")
            yield where.says("HW243", f"`{cut(quantity.text, 40)}` is not asked here", quantity.span, fix)


def _table_clashes(question: RawQuestion, where: Where) -> Iterator[Diagnostic]:
    """Say what means nothing beside rows of formulas, or beside rows of values."""
    if question.kind != "table":
        return
    if question.over is not None and question.allowed:
        fix = "take it out, or write the rows as formulas: `rows: {f: [z1, a1]}`"
        yield where.says("HW243", "`in` means nothing in a table of values", question.allowed[0].span, fix)
    if question.over is None and question.digits is not None:
        fix = "take it out; `digits` belongs to a table of values"
        yield where.says("HW243", "`digits` means nothing in a table of formulas", question.span, fix)
    for title in question.named if question.over is None else ():
        message = f"the column `{cut(title.text, 40)}` has a formula, and so have the rows"
        yield where.says("HW243", message, title.span, "write the title alone")


def _spelled_out(tree: Tree) -> Tree:
    """Give a sheet or a problem with `marking: strict` as the mapping that it is short for."""
    marking = part(keyed(tree), "marking")
    if not isinstance(tree, Map) or not isinstance(marking, Scalar) or not accepts(marking.text, KINDS["marking"]):
        return tree
    strict = Map(((marking._replace(text="strict"), typed_as("yes", marking.span)),), marking.span, marking.raw, False)
    return tree._replace(items=tuple((key, strict if value is marking else value) for key, value in tree.items))


def _named(entries: Entries, key: str, owner: str = "answers file") -> str:
    """Give the text of a field, "" where it is not of its kind."""
    tree = part(entries, key)
    kind = KINDS[fields(owner)[key].kind]
    return tree.text.strip() if isinstance(tree, Scalar) and accepts(tree.text, kind) else ""
