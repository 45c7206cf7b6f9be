"""Sheets and answers as records of typed-in text: every part in its slot, with its place in the file.

`read_sheet` and `read_answers` report all that is wrong with a file at once, and keep what is sound: the problems of a
sheet that have no error, the answers of a student that have the form of answers.
"""

from collections.abc import Container, Iterator
from itertools import islice
from typing import NamedTuple

from ..diagnostics import Diagnostic, Span
from ..files import Source
from ..text import cut
from ..yamltree import ANSWERS, SHEET, Map, Scalar, Seq, Tree, folded, read_tree
from .check import Entries, Entry, Where, check, keyed, part, record, suggestion
from .comments import hidden
from .fields import fields
from .kinds import KINDS, accepts
from .like import parts_of, united

#: What a sheet may have for all its problems; a problem's own of the same name wins.
SHARED = ("given", "marking", "slips")
MOST_TROUBLES = 200  # of one file; nobody reads more, and looking for similar names takes time


class RawQuestion(NamedTuple):
    """A question.

    `find` has each quantity or formula, with its new name if it has one; `also` has further values that count as right,
    with the quantity they are for, which is None where one quantity is asked and `also` does not name it.
    """

    id: Scalar
    find: tuple[tuple[Scalar | None, Scalar], ...]
    text: str
    points: float
    points_given: bool
    when: tuple[Entry, ...]
    digits: int | None
    also: tuple[tuple[Scalar | None, tuple[Tree, ...]], ...]
    span: Span


class RawTrain(NamedTuple):
    """The training; what the sheet leaves out is None, or the default."""

    loss: Scalar | None
    parameters: tuple[Scalar, ...] | None
    optimizer: Scalar
    learning_rate: Scalar | None
    steps: int
    span: Span


class RawLayers(NamedTuple):
    """A network as layers: the kind of each with its settings; `names` is complete."""

    input: Scalar
    layers: tuple[tuple[Scalar, dict[str, Scalar]], ...]
    loss: tuple[Scalar, dict[str, Scalar]] | None
    names: dict[str, str]
    span: Span


class RawSlip(NamedTuple):
    """A mistake that the teacher expects; `shared` if the sheet has it for all problems."""

    code: Scalar
    quantity: Scalar
    formula: Scalar
    message: str
    credit: float
    shared: bool


class RawProblem(NamedTuple):
    """A problem, with what the sheet gives to all problems and what it is `like` put in.

    `conventions` has a value for every convention, `conventions_given` says which of them the sheet sets; `marking` has
    what is set of it. Where keys are unknown it is not the `whole` problem: one may be a misspelt `train`.
    """

    id: Scalar
    title: str
    text: str
    given: tuple[Entry, ...]
    functions: tuple[tuple[Scalar, Scalar], ...]
    network: Scalar | RawLayers | None
    train: RawTrain | None
    conventions: dict[str, str]
    conventions_given: frozenset[str]
    names: tuple[tuple[Scalar, Scalar], ...]
    marking: dict[str, Scalar]
    slips: tuple[RawSlip, ...]
    questions: tuple[RawQuestion, ...]
    span: Span
    whole: bool = True


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
        problems.append(_problem(key, parts, own, value.span)._replace(whole=id not in partial))
    if not problems:
        return None, _in_order(found)
    feedback = _named(top, "feedback", "sheet") or fields("sheet")["feedback"].default
    slips = _slips(part(shared, "slips"), ())
    return RawSheet(_prose(top, "title"), tuple(problems), source, feedback, slips), _in_order(found)


def read_answers(source: Source) -> tuple[RawAnswers | None, list[Diagnostic]]:
    """Read a student's answers and everything that is odd about them; None if the file has no `name: value` lines."""
    tree, found = read_tree(source, ANSWERS, recover=True)
    where = Where(source.name)
    if not isinstance(tree, Map):
        if tree is not None:
            fix = "write `answers:`, then the problems; `hwcheck template` writes a file to start from"
            found.append(
                where.says("HW403", "an answers file begins with a line such as `student: s1234567`", tree.span, fix)
            )
        return None, found
    found += (_mild(each) for each in islice(record(tree, "answers file", where), MOST_TROUBLES))
    top = keyed(tree)
    sheet = part(top, "sheet")
    if not (isinstance(sheet, Scalar) and sheet.text and accepts(sheet.text, KINDS["sheet name"])):
        sheet = None
    answers = tuple((key, value.items) for key, value in keyed(part(top, "answers")).values() if isinstance(value, Map))
    found += islice(hidden((entry for _, entries in answers for entry in entries), source.text, where), MOST_TROUBLES)
    return RawAnswers(sheet, _named(top, "student"), _named(top, "track"), answers, source), _in_order(found)


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
    for question in _questions(parts):
        yield from _question_clashes(question, where.inside(f"question {question.id.text}"))


def _question_clashes(question: RawQuestion, where: Where) -> Iterator[Diagnostic]:
    asked: dict[str, Scalar] = {}
    for new, formula in question.find:
        name = new or formula
        if name.text.strip() in asked:
            yield where.says("HW243", f"`{cut(name.text, 40)}` is asked twice in one question", name.span, "remove one")
        asked[name.text.strip()] = name
    for quantity, values in question.also:
        if quantity is None and len(asked) > 1:
            fix = f"write `also: {{{next(iter(asked))}: ...}}`"
            yield where.says("HW243", "`also` must say which quantity it belongs to", values[0].span, fix)
        elif quantity is not None and quantity.text.strip() not in asked:
            fix = suggestion(quantity.text, asked, "asked are")
            yield where.says("HW243", f"`{cut(quantity.text, 40)}` is not asked here", quantity.span, fix)


def _spelled_out(tree: Tree) -> Tree:
    """Give a sheet or a problem with `marking: strict` as the mapping that it is short for."""
    marking = part(keyed(tree), "marking")
    if not isinstance(tree, Map) or not isinstance(marking, Scalar) or not accepts(marking.text, KINDS["marking"]):
        return tree
    strict = Map(((marking._replace(text="strict"), _typed("yes", marking.span)),), marking.span, marking.raw, False)
    return tree._replace(items=tuple((key, strict if value is marking else value) for key, value in tree.items))


def _problem(id: Scalar, parts: Entries, own: Container[str], span: Span) -> RawProblem:
    """Make the record of a problem from parts that fit their kinds; the `own` slips are not those of the sheet."""
    conventions = {name: _text(value) for name, (_, value) in keyed(part(parts, "conventions")).items()}
    defaults = {row.key: row.default for row in fields("conventions").values()}
    return RawProblem(
        id,
        _prose(parts, "title"),
        _prose(parts, "text"),
        tuple(keyed(part(parts, "given")).values()),
        _scalars(part(parts, "functions")),
        _network(part(parts, "network")),
        _train(part(parts, "train")),
        {**defaults, **conventions},
        frozenset(conventions),
        _scalars(part(parts, "names")),
        {name.text: value for name, value in _scalars(part(parts, "marking"))},
        _slips(part(parts, "slips"), own),
        _questions(parts),
        span,
    )


def _slips(tree: Tree | None, own: Container[str]) -> tuple[RawSlip, ...]:
    default = fields("own slip")["credit"].default
    found = []
    for code, value in keyed(tree).values():
        parts = keyed(value)
        quantity, formula = (_scalar(parts[name][1]) for name in ("in", "formula"))
        credit = float(_text(parts["credit"][1]) if "credit" in parts else default)
        found.append(RawSlip(code, quantity, formula, _prose(parts, "message"), credit, code.text not in own))
    return tuple(found)


def _network(tree: Tree | None) -> Scalar | RawLayers | None:
    if not isinstance(tree, Map):
        return tree if isinstance(tree, Scalar) else None
    parts = keyed(tree)
    layers = part(parts, "layers")
    names = {row.key: row.default for row in fields("layer names").values()}
    names.update({name: _text(value) for name, (_, value) in keyed(part(parts, "names")).items()})
    loss = part(parts, "loss")
    return RawLayers(
        _scalar(parts["input"][1]),
        tuple(_chosen(each) for each in (layers.items if isinstance(layers, Seq) else ())),
        None if loss is None else _chosen(loss),
        names,
        tree.span,
    )


def _train(tree: Tree | None) -> RawTrain | None:
    if tree is None:
        return None
    parts = keyed(tree)
    defaults = fields("train")
    loss, parameters, rate = (part(parts, name) for name in ("loss", "parameters", "learning_rate"))
    optimizer, steps = part(parts, "optimizer"), part(parts, "steps")
    return RawTrain(
        None if loss is None else _scalar(loss),
        None if parameters is None else tuple(_scalar(each) for each in _listed(parameters)),
        _typed(defaults["optimizer"].default, tree.span) if optimizer is None else _chosen(optimizer)[0],
        None if rate is None else _scalar(rate),
        int(defaults["steps"].default if steps is None else _text(steps)),
        tree.span,
    )


def _questions(parts: Entries) -> tuple[RawQuestion, ...]:
    return tuple(_question(key, value) for key, value in keyed(part(parts, "questions")).values())


def _question(id: Scalar, tree: Tree) -> RawQuestion:
    parts: Entries = keyed(tree) if isinstance(tree, Map) else {"find": (id, tree)}
    points, digits = part(parts, "points"), part(parts, "digits")
    default = fields("question")["points"].default
    return RawQuestion(
        id,
        _asked(parts["find"][1]),
        _prose(parts, "text"),
        float(default if points is None else _text(points)),
        points is not None,
        tuple(keyed(part(parts, "when")).values()),
        None if digits is None else int(_text(digits)),
        _also(part(parts, "also")),
        tree.span,
    )


def _asked(tree: Tree) -> tuple[tuple[Scalar | None, Scalar], ...]:
    """Give what `find` asks, in order: a new name or None, and the quantity or the formula."""
    found: list[tuple[Scalar | None, Scalar]] = []
    for each in _listed(tree):
        if isinstance(each, Map):
            found += ((name, _scalar(formula)) for name, formula in each.items)
        else:
            found.append((None, _scalar(each)))
    return tuple(found)


def _also(tree: Tree | None) -> tuple[tuple[Scalar | None, tuple[Tree, ...]], ...]:
    if tree is None:
        return ()
    if isinstance(tree, Map):
        return tuple((name, _listed(value)) for name, value in tree.items)
    return ((None, _listed(tree)),)


# --- pieces of trees that are known to fit ---


def _listed(tree: Tree) -> tuple[Tree, ...]:
    return tree.items if isinstance(tree, Seq) else (tree,)


def _chosen(tree: Tree) -> tuple[Scalar, dict[str, Scalar]]:
    """Give the name of a layer, a loss or an optimizer, and its settings."""
    if isinstance(tree, Map):
        name, settings = tree.items[0]
        return name, {key: _scalar(value) for key, (_, value) in keyed(settings).items()}
    return _scalar(tree), {}


def _scalars(tree: Tree | None) -> tuple[tuple[Scalar, Scalar], ...]:
    return tuple((key, _scalar(value)) for key, value in keyed(tree).values())


def _scalar(tree: Tree) -> Scalar:
    assert isinstance(tree, Scalar), "the kind of this field takes texts only"
    return tree


def _text(tree: Tree) -> str:
    return _scalar(tree).text.strip()


def _prose(entries: Entries, key: str) -> str:
    tree = part(entries, key)
    return folded(tree) if isinstance(tree, Scalar) else ""


def _named(entries: Entries, key: str, owner: str = "answers file") -> str:
    """Give the text of a field, "" where it is not of its kind."""
    tree = part(entries, key)
    kind = KINDS[fields(owner)[key].kind]
    return tree.text.strip() if isinstance(tree, Scalar) and accepts(tree.text, kind) else ""


def _typed(text: str, span: Span) -> Scalar:
    """Make the scalar of a default, which stands nowhere: its raw text is empty."""
    return Scalar(text, "plain", span, "", ((0, span.line, span.column),))
