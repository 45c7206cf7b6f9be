"""Pages like others: what the results say of pages on which the same is answered, told by what they have in common.

Most pages of a class answer the same quantities, each once and whole, and nearly all that stands on them is right. But
for the numbers the results say the same of what is right on all of these: that is their `Form`, taken from one of them.
The verdicts come from the judges that judge everything, many pages at once, and what they find notable is told as it is
in a report. A page with anything else on it is marked by itself. Either way its row is the same to the last byte.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from json.encoder import encode_basestring_ascii as quoted

from ..diagnostics import Diagnostic
from ..formula.parse import FormulaError
from ..marking.answering import filled
from ..marking.answers import Answers
from ..marking.blame import blamed
from ..marking.findings import Sweep, Turned, charges, finding_of, outcome_of
from ..marking.judge import Judge, judges
from ..marking.pages import Laid, Marked, blank, found_on, judged_together, may_read_otherwise, written_on
from ..marking.questions import Sought
from ..marking.remarks import is_told_by_verdicts
from ..marking.report import EARNS, Finding, worst
from ..marking.store import Written
from ..marking.tracks import counted
from ..marking.typed import LITERAL, Entry, is_blank, read_typed
from ..marking.unanswered import unanswered
from ..marking.verifying import Paper, paper_of
from ..marking.wanted import Page
from ..record import NamedTuple
from ..sheet import Sheet
from ..sheet.tracks import in_track
from ..yamltree import Map, Scalar, Tree, as_typed
from .records import dumped
from .rows import Marks, answer_of, is_shown, marks_of, shortened

#: What is written on a page: the question, the name ("" for a bare value), and the shape, or the text of a blank.
Key = tuple[tuple[str, str, tuple[int, ...] | str], ...]
#: What is remarked on values whose entries stand in the order of the quantity all the same.
AS_TYPED = frozenset(["row", "column"])
#: So many pages are tried to take a form from, before what is written on them is taken to have none.
MOST_TRIES = 5
#: So many forms are kept; most classes have fewer, and with more there is little that pages have in common.
MOST_FORMS = 1000


class Value(NamedTuple):
    """One value on a page: where it stands, as it was typed, and its entries; none where it is blank."""

    tree: Tree
    answer: str
    entries: tuple[Entry, ...]


class About(NamedTuple):
    """What a value is about: its number on the page and that of the table it is judged by, what was sought and written.

    Where `by_verdicts` is false, there may be something to remark on right entries.
    """

    value: int
    work: int
    sought: Sought
    written: Written
    by_verdicts: bool


class Line(NamedTuple):
    """What the results say about one value, or about what was left out.

    `finding` is that of a right value, `text` its JSON before and behind what was typed. Of what was left out the text
    is whole, and `about` is None.
    """

    finding: Finding
    marks: Marks
    text: tuple[str, str]
    about: About | None = None


class Form(NamedTuple):
    """What the pages about one problem have in common.

    The page that it was taken from, with what was laid out on it; for each table the quantities with the numbers of
    their values, and where wrong entries count; and the lines of the results.
    """

    page: Page
    laid: tuple[Laid, ...]
    names: tuple[tuple[tuple[str, int], ...], ...]
    charged: tuple[Mapping[tuple[str, int], tuple[str, str]], ...]
    lines: tuple[Line, ...]


class Filled(NamedTuple):
    """A page that has a form, with its values and, once it is judged, with its judges by the number of the table."""

    form: Form
    values: list[Value]
    judges: dict[int, Judge]


class Brief(NamedTuple):
    """What the results say about one student: what was left out, the marks, and the JSON of each answer."""

    track: str
    found: list[Diagnostic]
    marks: list[Marks]
    answers: list[str]


class Forms:
    """The forms of a class, by the problem in a track and what is written; until there is one, how often that was seen.

    What is written for the first time is not looked at for a form: it may be the last time too.
    """

    def __init__(self, sheet: Sheet) -> None:
        """Begin with none."""
        self.sheet = sheet
        self.known: dict[tuple[str, str, Key], Form | int] = {}

    def briefs(self, many: Sequence[Answers]) -> list[Brief | None]:
        """Say what the results say about some students; None for one whose pages have no form, or may be otherwise."""
        papers = [paper_of(self.sheet, answers) for answers in many]
        filled = [self._filled(paper) for paper in papers]
        alike: dict[int, list[tuple[Filled, int]]] = {}
        for page in (page for pages in filled for page in pages or ()):
            for number, laid in enumerate(page.form.laid):
                alike.setdefault(id(laid.work), []).append((page, number))
        for some in alike.values():
            work = some[0][0].form.laid[some[0][1]].work
            judged = judges(work, [_cells(page, number) for page, number in some])
            for (page, number), judge in zip(some, judged, strict=True):
                page.judges[number] = judge
        return [
            _brief(paper, pages) if pages is not None and not any(map(_may_be_otherwise, pages)) else None
            for paper, pages in zip(papers, filled, strict=True)
        ]

    def _filled(self, paper: Paper) -> list[Filled] | None:
        """Find the forms of a student's pages; None where one has none."""
        out: list[Filled] = []
        for problem in self.sheet.problems.values():
            typed = paper.typed.get(problem.id, {})
            found = _values(typed)
            if found is None:
                return None
            key, values = found
            mark = problem.id, paper.track, key
            form = self.known.get(mark, 0)
            if isinstance(form, int):
                if len(self.known) >= MOST_FORMS:
                    self.known.clear()
                self.known[mark] = form + 1
                if not 0 < form <= MOST_TRIES:
                    return None
                page = Page(paper.answers.source.name, in_track(problem, paper.track), [])
                taken = _form(page, paper.track, typed, values)
                if taken is None:
                    return None
                form = self.known[mark] = taken
            out.append(Filled(form, values, {}))
        return out


def _values(typed: Mapping[str, Tree]) -> tuple[Key, list[Value]] | None:
    """Read the values on a page; None where one is anything but plain numbers, all of them there."""
    key: list[tuple[str, str, tuple[int, ...] | str]] = []
    values: list[Value] = []
    for question, tree in typed.items():
        pairs = [(title.text, value) for title, value in tree.items] if isinstance(tree, Map) else [("", tree)]
        for title, value in pairs:
            answer = as_typed(value)
            try:
                found = None if isinstance(value, Scalar) and is_blank(value) else read_typed(value)
            except FormulaError:
                if not is_blank(value):
                    return None
                found = None
            if found is None:
                key.append((question, title, answer))
                values.append(Value(value, answer, ()))
                continue
            if isinstance(value, Scalar) and value.text.strip(LITERAL):
                return None  # it may be more than the value: `J = 0.71`
            entries = [entry for entry in found.entries if entry is not None and not entry.contradicted]
            if len(entries) < len(found.entries):
                return None
            key.append((question, title, found.shape))
            values.append(Value(value, answer, tuple(entries)))
    return tuple(key), values


# --- taking a form ----------------------------------------------------------------------------------------------------


def _form(page: Page, track: str, typed: Mapping[str, Tree], values: list[Value]) -> Form | None:
    """Take the form of a page; None where something is lost on it, or is not of the plainest kind."""
    problem = page.problem
    if not typed:
        findings = unanswered(page, blank)[0]
        return _formed(page, [], [*counted(problem, track, findings)], values)
    laid = written_on(page, typed)
    asked = {question.id for each in laid for question in each.questions}
    if not asked.issuperset(typed) or any(question.parts for question in problem.questions.values()):
        return None
    judged = judged_together([laid])[0]
    if any(each.judge.bad_names for each in judged):
        return None
    findings, _ = found_on(page, typed, judged)
    if page.found:
        return None
    return _formed(page, laid, [*counted(problem, track, findings)], values)


def _formed(page: Page, laid: Sequence[Laid], findings: Sequence[Finding], values: Sequence[Value]) -> Form | None:
    numbers: dict[int, tuple[int, int]] = {}  # of each value: its own, and that of its table
    for work, some in enumerate(laid):
        for each in some.written:
            at = _number_of(each, values)
            if at is None:
                return None
            numbers[id(each)] = at, work
    lines: list[Line] = []
    for finding in findings:
        own = [
            (each, some)
            for some in laid
            for each in some.written
            if (each.question, each.title) == (finding.question, finding.quantity)
        ]
        if len(own) > 1 or "track" in finding.remarks:
            return None
        if not own or own[0][0].blank:
            if finding.verdict not in ("blank", "manual"):
                return None  # what was written elsewhere fills it
            if is_shown(finding):
                lines.append(Line(finding, marks_of(finding), (dumped(answer_of(finding)), "")))
            continue
        each, some = own[0]
        sought = _sought(each, some)
        if sought.target.places != [*range(len(each.typed or ()))] or finding.answer != each.answer:
            return None
        entries = len(sought.target.places)
        by_verdicts = is_told_by_verdicts(some.group.table[each.name], some.work.key[each.name], sought)
        marks = sought.points / entries * sum([EARNS["correct"]] * entries)
        right = finding._replace(verdict="correct", answer="", remarks=each.remarks, marks=marks, without=marks)
        before, _, behind = dumped(answer_of(right)).partition('"answer":""')
        about = About(*numbers[id(each)], sought, each, by_verdicts)
        lines.append(Line(right, marks_of(right), (f'{before}"answer":', behind), about))
    names = tuple(tuple((each.name, numbers[id(each)][0]) for each in some.written if not each.blank) for some in laid)
    if any(
        len(dict(own)) < len(own) or dict(own).keys() != some.used.keys() for own, some in zip(names, laid, strict=True)
    ):
        return None
    told = sorted(line.about.value for line in lines if line.about is not None)
    if told != sorted(at for own in names for _, at in own):
        return None
    asked = [
        [each.about.sought for each in lines if each.about and each.about.work == work and each.about.written.asked]
        for work in range(len(laid))
    ]
    return Form(page, tuple(laid), names, tuple(map(charges, asked)), tuple(lines))


def _number_of(written: Written, values: Sequence[Value]) -> int | None:
    """Give the number of a value that was read as it stands; None for one that was not."""
    for at, value in enumerate(values):
        if value.tree.span == written.span:
            plain = written.typed == value.entries and AS_TYPED.issuperset(written.remarks)
            return at if plain or (written.blank and not value.entries) else None
    return None


def _sought(written: Written, laid: Laid) -> Sought:
    """Give what a value is about."""
    for sought in laid.group.asked:
        if written.asked and (sought.question.id, sought.title) == (written.question, written.title):
            return sought
    question = next(question for question in laid.questions if question.id == written.question)
    return Sought(question._replace(head=()), written.title, filled(written, laid.group.table.shape(written.name)))


# --- filling it in ----------------------------------------------------------------------------------------------------


def _cells(page: Filled, number: int) -> dict[str, list[Entry | None]]:
    """Give what is written on a page about one of its tables."""
    return {name: [*page.values[at].entries] for name, at in page.form.names[number]}


def _may_be_otherwise(page: Filled) -> bool:
    """Tell whether a page may fit another reading of the problem."""
    if not any(judge.bad_names for judge in page.judges.values()):
        return False
    marked = [Marked(laid, page.judges[number]) for number, laid in enumerate(page.form.laid)]
    return may_read_otherwise(page.form.page.problem, marked)


def _brief(paper: Paper, pages: Sequence[Filled]) -> Brief:
    marks: list[Marks] = []
    answers: list[str] = []
    for page in pages:
        sweeps = [_sweep(page, number) for number in range(len(page.form.laid))]
        for line in page.form.lines:
            before, behind = line.text
            about = line.about
            if about is None:
                marks.append(line.marks)
                answers.append(before)
                continue
            value, sweep = page.values[about.value], sweeps[about.work]
            if about.by_verdicts and about.written.name not in sweep.judge.notable:
                marks.append(line.marks)
                answers.append(f"{before}{quoted(shortened(value.answer))}{behind}")
            else:
                finding = _notable(sweep, line.finding, about, value)
                marks.append(marks_of(finding))
                answers.append(dumped(answer_of(finding)))
    return Brief(paper.track, paper.found, marks, answers)


def _notable(sweep: Sweep, right: Finding, about: About, value: Value) -> Finding:
    """Give what a row is made of for a value of which there is more to say than that it is right."""
    written = about.written._replace(answer=value.answer, typed=value.entries)
    found = outcome_of(sweep, about.sought, written, [*value.entries])
    if "wrong" in found.words:
        return finding_of(sweep, about.sought, written)._replace(bonus=right.bonus)
    return right._replace(
        verdict=worst(found.words),
        answer=value.answer,
        remarks=found.remarks,
        slips=found.slips,
        marks=found.marks,
        without=found.without,
    )


def _sweep(page: Filled, number: int) -> Sweep:
    """Put blame where it belongs on a page, about one of its tables."""
    form, judge, laid = page.form, page.judges[number], page.form.laid[number]
    order = [sought.target.name for sought in laid.group.asked]
    found = blamed(judge, form.page.problem, order) if judge.bad_names else {}
    return Sweep(form.page, judge, set(), found, laid.group.blanks, form.charged[number], Turned(False, []))
