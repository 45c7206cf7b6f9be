"""What is wrong with a file, where, and how to fix it.

Every reader collects `Diagnostic` records and goes on, so that people see all mistakes of a file at once; `Invalid`
carries them where a file cannot be used at all. The table `CODES` says what each code means; `show_diagnostic` prints
one with the line it is about.
"""

from collections.abc import Iterable, Mapping

from hwcheck.record import NamedTuple
from hwcheck.text import Safe, cells, commands, safe_text


class Span(NamedTuple):
    """A stretch of one line of a file; line and columns count from 1, `end_column` is the first after it."""

    line: int
    column: int
    end_column: int


class Diagnostic(NamedTuple):
    """One remark about a file; `place` is for readers ("problem 2, network"), severity `error` or `warning`."""

    code: str
    message: str
    file: str
    span: Span | None = None
    place: str = ""
    help: str = ""
    severity: str = "error"


class Invalid(Exception):
    """A file cannot be used; `diagnostics` say why, `sources` map the names of files to their texts, if read."""

    def __init__(self, diagnostics: Iterable[Diagnostic], sources: Mapping[str, str] | None = None) -> None:
        """Keep the diagnostics, at least one."""
        self.diagnostics = list(diagnostics)
        self.sources = dict(sources or {})
        super().__init__("; ".join(safe_text(f"{each.code}: {each.message}") for each in self.diagnostics))

    def __reduce__(self) -> tuple[object, ...]:
        """Say how a copy is made in another process, from the diagnostics and not from the message."""
        return Invalid, (self.diagnostics, self.sources)


# code -> (short name, what it means and how to fix it)
CODES: dict[str, tuple[str, str]] = {
    # HW0xx: files
    "HW001": ("missing file", "There is no file of this name. Check the spelling and the folder."),
    "HW002": (
        "not a file",
        "The name belongs to a folder, a pipe or a device. Give a file, or `-` to read standard input.",
    ),
    "HW003": ("unreadable file", "The operating system refused to read the file. Check its permissions."),
    "HW004": (
        "too large",
        "The file is larger than any sheet or answers file needs to be. Check that it is the right one.",
    ),
    "HW005": ("not UTF-8", "The file is not UTF-8 text. Save it again with the encoding UTF-8."),
    "HW006": (
        "control characters",
        "The file holds characters that no keyboard types, as binary files do. Save it as plain text.",
    ),
    "HW007": (
        "cannot write",
        "The result could not be written; an older file is unchanged. Check the folder and the space on the disk.",
    ),
    "HW008": (
        "marking fails",
        "Marking one file of a class takes too long, or ends in a bug of hwcheck. Please report it with the file; the "
        "other files are marked, and this one is tried again by the next run.",
    ),
    # HW1xx: YAML
    "HW100": (
        "empty file",
        "The file holds no `name: value` line. `hwcheck template` writes an answers file to start from.",
    ),
    "HW101": (
        "YAML syntax",
        "The file breaks a rule of YAML here. Putting the value in single quotes mends most cases.",
    ),
    "HW102": (
        "duplicate key",
        "The same name stands twice in one mapping; the first one counts. Remove or rename one.",
    ),
    "HW104": (
        "value not YAML",
        "YAML gives a sign in this value another meaning. It was read as typed; put it in single quotes.",
    ),
    "HW105": (
        "anchor, alias or tag",
        "YAML's `&name`, `*name`, `<<` and `!tag` are not followed here. Write the value itself, or put it in quotes.",
    ),
    "HW106": ("brackets", "A bracket or a quote of this value has no partner. Close it."),
    "HW107": (
        "indentation",
        "A line does not stand under its neighbours, or begins with tabs. Indent a group equally far, by blanks.",
    ),
    "HW108": ("not `name: value`", "A line here needs the form `name: value`, with a blank after the colon."),
    "HW109": (
        "too deep or too long",
        "The file is nested deeper, or has more entries, than any sheet or answers file needs.",
    ),
    "HW110": (
        "several documents",
        "`---` starts a second YAML document; only one is read. Put each into a file of its own.",
    ),
    "HW111": ("more remarks", "A file with many remarks shows only the first ones. Mend these and look again."),
    # HW2xx: fields of a sheet
    "HW201": ("unknown key", "The format has no key of this name here. Check the spelling and the indentation."),
    "HW202": ("missing key", "A part that is needed here is missing. Add it."),
    "HW203": ("wrong form", "A text, a list or a mapping stands where another of the three is wanted."),
    "HW204": ("value not allowed", "The value is outside what this key can have."),
    "HW205": ("no value", "A given needs a number, a list of numbers, a formula of earlier givens, or a shape."),
    "HW206": ("not a number", "The value is no finite number, or stands on a given that has only a shape."),
    "HW207": ("unlike shapes", "The rows of a list have unlike lengths, or a value has another shape than is wanted."),
    "HW208": ("too many entries", "There are more entries than a sheet can have. Split the file."),
    "HW210": ("network line", "A line of a network is one definition, `name = formula`; # begins a comment."),
    "HW211": ("name", "Names are letters of any script, digits and _, and do not begin with a digit."),
    "HW212": ("name taken", "The name belongs to another quantity; w_1, w1 and w₁ are one name. Choose another."),
    "HW213": ("function", "A function is declared as `f1: unknown`, or with its formula: `g(v): v^2 + 1`."),
    "HW220": ("no loss", "Training needs the loss to differentiate, a line of the network."),
    "HW221": ("loss", "The loss must be one number. Sum or average it over its entries."),
    "HW222": ("no parameters", "Training needs the givens that it changes."),
    "HW223": ("no learning rate", "The rule needs its learning rate."),
    "HW224": (
        "update rule",
        "A rule has one definition a line, `w = w - lr g` at the end, in w, g, lr, t and names of its own; or it is "
        "one that comes along.",
    ),
    "HW225": ("samples", "Samples are the rows or columns of givens, as many in each, and batches name them from 1."),
    "HW226": ("state", "A state of the rule is what it keeps from one step to the next, such as m_W1."),
    "HW227": ("until", "What ends training is a condition on numbers, such as `J < 0.01`."),
    "HW230": ("sheet's name", "Answers name their sheet by its plain name, never by a path."),
    "HW240": (
        "format version",
        "A sheet says which version of the format it is written in: `hwcheck: 1`. Other versions cannot be read.",
    ),
    "HW242": ("like", "`like` names a problem that is not in the sheet, or problems are copies of each other."),
    "HW243": (
        "asked",
        "The parts of a question do not fit each other: a quantity asked twice, or `also` for one not asked.",
    ),
    "HW244": (
        "slip",
        "A slip of the sheet's own belongs to no problem: its quantity or its formula cannot be read in any.",
    ),
    "HW245": (
        "key",
        "The key of a question names its options by text, letter or number, each once; an order names all of them.",
    ),
    "HW246": (
        "construction",
        "What is asked is a given without a value, or a function; conditions compare formulas that have to do with it.",
    ),
    # HW3xx: formulas and shapes
    "HW103": (
        "undefined name",
        "A formula uses a name that nothing defines above it. Check the spelling, or define it.",
    ),
    "HW301": ("formula", "The text is no formula of the formula language. The caret shows where it stops being one."),
    "HW302": ("two readings", "A sheet's formula must have one reading. Add the brackets that you mean."),
    "HW310": ("shapes", "Two operands do not fit each other. The message names both with their shapes."),
    "HW311": ("index or size", "An index or a size is no whole number, or lies outside of the array."),
    "HW312": (
        "two products",
        "Between two arrays `*` can be the matrix product or the product entry by entry. Write @ or ⊙.",
    ),
    "HW313": ("step or derivative", "The name asks for a step or a derivative that the problem does not have."),
    "HW315": ("too large", "The formula grows too large to be worked out. Give inner values names of their own."),
    "HW314": ("order", "A further formula for a quantity may read only what comes before it."),
    # HW4xx: answers
    "HW401": (
        "unknown key",
        "An answers file has no key of this name here; it has no effect. Check the spelling and the indentation.",
    ),
    "HW402": ("missing key", "An answers file needs `answers:`. `hwcheck template` writes one to start from."),
    "HW403": ("wrong form", "A text, a list or a mapping stands where another of the three is wanted; it is left out."),
    "HW410": ("unknown id", "The sheet has no problem or question of this id; what stands there is left out."),
    "HW411": ("unknown quantity", "The name stands for no quantity of the problem; its value is left out."),
    "HW413": ("unreadable value", "The value is neither a number nor an array of numbers. Write the numbers alone."),
    "HW414": ("answer in a comment", "YAML reads nothing behind a `#`. Write the value in front of it."),
    "HW412": ("which quantity", "The question asks for several quantities. Write each with its name."),
    "HW415": ("no such option", "The question has no such option. Write its text, its letter or its number."),
    "HW416": ("track", "The questions have points by track. Write the student's `track:` above the answers."),
    "HW417": ("row twice", "A table has each row once; of two, the second counts. Take the other one out."),
    "HW404": ("value not allowed", "The value is outside what this key can have; it is left out."),
}

WIDEST = 100  # cells of the user's line that are shown
TAB = 4  # a tab goes to the next multiple of so many cells


def show_diagnostic(diagnostic: Diagnostic, source: str | None) -> Safe:
    """Print one diagnostic with its line of `source`, the text of its file; without it, without the line."""
    span = diagnostic.span
    where = safe_text(diagnostic.file)
    if span is not None:
        where = Safe(f"{where}:{span.line}:{span.column}")
    if diagnostic.place:
        where = Safe(f"{where}  ({safe_text(diagnostic.place)})")
    shown = [f"{diagnostic.severity}[{diagnostic.code}]: {safe_text(diagnostic.message)}", f" --> {where}"]
    gutter = " " * (len(str(span.line)) + 1 if span is not None else 2)
    line = None if span is None or source is None else _line(source, span.line)
    if span is not None and line is not None:
        text, carets = _marked(line, span)
        shown += [f"{gutter}|", f"{span.line} | {text}", f"{gutter}| {carets}"]
    if diagnostic.help:
        first, *more = safe_text(diagnostic.help, keep_newlines=True).split("\n")
        shown.append(f"{gutter}= help: {first}")
        shown += [f"{gutter}        {each}" for each in more]
    return Safe("\n".join(each.rstrip() for each in shown))


def show_diagnostics(diagnostics: Iterable[Diagnostic], sources: Mapping[str, str], most: int = 20) -> Safe:
    """Print diagnostics one below the other, at most `most`; `sources` maps a file's name to its text."""
    every = list(diagnostics)
    shown: list[str] = [show_diagnostic(each, sources.get(each.file)) for each in every[:most]]
    if len(every) > most:
        shown.append(f"and {len(every) - most} more")
    return Safe("\n\n".join(shown))


def _line(source: str, number: int) -> str | None:
    lines = source.split("\n", number)
    return lines[number - 1] if 1 <= number <= len(lines) else None


def _marked(line: str, span: Span) -> tuple[str, str]:
    """Return the part of a line around the span, and the carets that stand below it."""
    start = min(max(span.column - 1, 0), len(line))
    stop = max(min(span.end_column - 1, len(line)), start + 1)
    left = max(0, start - WIDEST)
    part: list[tuple[str, int, bool]] = []  # text, its cells, whether it is marked
    at = 0
    near = line[left : start + WIDEST]
    named = commands(near)
    for index, (char, shown, size) in enumerate(cells(near), left):
        if char == "\t":
            size = TAB - at % TAB
            shown = " " * size
        elif index - left in named:
            shown = f"\\x{ord(char):02x}"
            size = len(shown)
        part.append((shown, size, start <= index < stop))
        at += size
    before = sum(1 for index in range(len(part)) if left + index < start)
    room = WIDEST
    first = before  # the marked text is shown from its start, with up to 60 cells before it
    used = 0
    while first > 0 and used + part[first - 1][1] <= (60 if at > WIDEST else WIDEST):
        first -= 1
        used += part[first][1]
    cut_left = first > 0 or left > 0
    last = first
    used = 0
    while last < len(part) and used + part[last][1] <= room:
        used += part[last][1]
        last += 1
    cut_right = last < len(part) or start + WIDEST < len(line)
    window = part[first:last]
    text = "".join(each[0] for each in window)
    blank = sum(size for _, size, marked in part[first : max(first, before)] if not marked)
    carets = max(1, sum(size for _, size, marked in window if marked))
    lead = "…" if cut_left else ""
    return f"{lead}{text}{'…' if cut_right else ''}", " " * (blank + len(lead)) + "^" * carets
