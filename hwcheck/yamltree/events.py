"""PyYAML's event stream made into a tree; whatever PyYAML raises becomes a diagnostic."""

import re
from typing import TYPE_CHECKING, Any

from hwcheck.diagnostics import Diagnostic
from hwcheck.files import Source
from hwcheck.record import NamedTuple
from hwcheck.text import cut
from hwcheck.yamltree.blocks import TooMuch
from hwcheck.yamltree.flow import Trouble, duplicate, merged, not_followed, split, unknown
from hwcheck.yamltree.lines import Copy, copy_of
from hwcheck.yamltree.looks import is_marker
from hwcheck.yamltree.values import (
    Limits,
    Map,
    Page,
    Scalar,
    Seq,
    Tree,
    block,
    offset_of,
    page_of,
    plain,
    quoted,
    span_of,
)

if TYPE_CHECKING:
    import yaml

# compiled where anchors are
_FOLLOWED = r"(?<![^\s\[,])\*([^\s\[\]{},]+)"
_ANCHORED = r"&\S+\s*"
_MERGE = r"(?:^|[\s{,])(<<)[ \t]*:[ \t]*\[?[ \t]*\*([^\s\[\]{},]+)"
_MARKED = r"&([^\s\[\]{},]+)|<<"

MOST_REMARKS = 100
MOST_TRIES = 50  # readings of one file, each with one more line left out
MOST_CHARACTERS = 1_000_000  # characters read again in all of them


def tree_of(source: Source, limits: Limits, recover: bool) -> tuple[Tree | None, list[Diagnostic]]:
    """Read any file as `read_tree` does."""
    page = page_of(source.text)
    size = len(source.text.encode("utf-8", "surrogatepass"))
    if size > limits.bytes:
        trouble = Trouble(
            "HW004", 0, 0, f"the file is larger than {limits.bytes // 1000} kB", "check that this is the right file"
        )
        return None, [_diagnostic(source, page, trouble, "error")]
    tree: Tree | None = None
    troubles: list[Trouble] = []
    fatal: Trouble | None = None
    try:
        copy = copy_of(source.text, limits)
        page = copy.page
        tree, more, fatal = _read(copy, limits, recover)
        if isinstance(tree, Scalar) and not tree.raw:
            tree = None
        troubles = [*copy.troubles, *more]
        merge = re.compile(_MERGE).search(page.text) if recover and "<<" in page.text else None
        if merge and f"&{merge.group(2)}" in page.text:
            # nobody who types answers writes this: the file is made to grow, or is no answers file at all
            fix = "write every value out, without `<<`, `&` and `*`"
            fatal = Trouble("HW105", *merge.span(1), "`<<` has no meaning in an answers file", fix)
            troubles = []
        troubles = _one_reference(page, troubles)
    except TooMuch as much:
        fatal = Trouble("HW109", much.at, much.at + 1, str(much), "take out what does not belong into this file")
    found = [(each, "warning" if recover else "error") for each in troubles]
    if fatal:
        found.append((fatal, "error"))
    elif tree is None:
        found.append(
            (Trouble("HW100", 0, 0, "the file is empty", "`hwcheck template` writes a file to start from"), "error")
        )
    found.sort(key=lambda row: row[0].start)
    shown = [_diagnostic(source, page, *row) for row in found[:MOST_REMARKS]]
    if len(found) > MOST_REMARKS:
        shown += [_diagnostic(source, page, *row) for row in found[MOST_REMARKS:] if row[0] is fatal]
        rest = Trouble(
            "HW111", 0, 0, f"{len(found) - len(shown)} more remarks on this file are left out", "mend the first ones"
        )
        shown.append(_diagnostic(source, page, rest, found[-1][1]))
    return None if fatal else tree, shown


def _diagnostic(source: Source, page: Page, trouble: Trouble, severity: str) -> Diagnostic:
    span = span_of(page, trouble.start, trouble.end) if trouble.end > trouble.start else None
    return Diagnostic(trouble.code, trouble.message, source.name, span, help=trouble.help, severity=severity)


def _one_reference(page: Page, troubles: list[Trouble]) -> list[Trouble]:
    """Make one of all remarks on anchors where a file uses them as YAML does: `<<`, or a `*name` for an `&name`."""
    references = [each for each in troubles if each.code == "HW105"]
    marked = [re.compile(_MARKED).match(page.text, each.start) for each in references]
    names = {found.group(1) for found in marked if found}
    if len(references) < 2 or not (None in names or names.intersection(re.findall(_FOLLOWED, page.text))):
        return troubles
    message = f"{references[0].message} (and {len(references) - 1} more of the kind)"
    return [references[0]._replace(message=message), *(each for each in troubles if each.code != "HW105")]


def _read(copy: Copy, limits: Limits, recover: bool) -> tuple[Tree | None, list[Trouble], Trouble | None]:
    """Read the copy, with `recover` again without each line that YAML cannot read; the last of the three is fatal."""
    import yaml

    left_out: list[Trouble] = []
    lines = copy.text.split("\n")
    tries = min(MOST_TRIES, 1 + MOST_CHARACTERS // (len(copy.text) + 1))
    while True:
        builder = _Builder(copy, limits)
        try:
            loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)("\n".join(lines))
            try:
                fatal = builder.build(loader)
            finally:
                loader.dispose()
            return builder.root, [*left_out, *builder.troubles], fatal
        except TooMuch:
            raise
        except Exception as error:  # PyYAML raises more than its own YAMLError
            trouble, number = _syntax(copy, lines, error)
            tries -= 1
            if not recover or tries < 1 or not lines[number].strip():
                return None, left_out, trouble
            lines[number] = ""
            left_out.append(trouble)


def _syntax(copy: Copy, lines: list[str], error: Exception) -> tuple[Trouble, int]:
    """Say what PyYAML said, and on which line that still has text."""
    problem, context = (getattr(error, f"{name}_mark", None) for name in ("problem", "context"))
    # only on the line of a marker can something be open that YAML looks for the end of: all others are set aside
    opened = context is not None and is_marker(lines[min(context.line, len(lines) - 1)])
    mark = context if opened else problem or context
    number = min(mark.line, len(lines) - 1) if mark else 0
    while number > 0 and not lines[number].strip():
        number -= 1
    start = copy.page.starts[number]
    whole = copy.page.text[start:].split("\n", 1)[0]
    begin = start + len(whole) - len(whole.lstrip())
    what = (
        " ".join(filter(None, (getattr(error, "context", None), getattr(error, "problem", None))))
        or type(error).__name__
    )
    fix = "put the value in single quotes, and indent all lines of one group equally far"
    return Trouble(
        "HW101",
        begin,
        max(start + len(whole.rstrip()), begin + 1),
        f"YAML cannot read this line: {cut(what, 120)}",
        fix,
    ), number


class _Open(NamedTuple):
    """A block whose end has not come yet; a sequence has no `pairs`."""

    start: int
    anchor: str | None
    size: int  # entries before it
    items: list[Tree]
    pairs: dict[str, tuple[Scalar, Tree]] | None
    key: list[Scalar]  # the key whose value comes next, if any


class _Builder:
    """The blocks that are open, and what is known so far."""

    def __init__(self, copy: Copy, limits: Limits) -> None:
        self.copy = copy
        self.limits = limits
        self.root: Tree | None = None
        self.open: list[_Open] = []
        self.anchors: dict[str, tuple[Tree, int]] = {}
        self.size = 0  # entries, those of followed aliases included
        self.end = 0  # of the last scalar
        self.troubles: list[Trouble] = []

    def build(self, loader: "yaml.SafeLoader") -> Trouble | None:
        """Take in all events; return what makes the file unreadable, if anything."""
        import yaml

        documents = 0
        while True:
            event: Any = loader.get_event()  # type: ignore[no-untyped-call]
            kind = type(event)
            if kind is yaml.StreamEndEvent:
                return None
            start = self.offset(event.start_mark.line, event.start_mark.column)
            if kind is yaml.DocumentStartEvent:
                documents += 1
                if documents > 1:
                    fix = "put each document into a file of its own"
                    return Trouble("HW110", start, start + 3, "a second document begins here", fix)
            elif kind is yaml.ScalarEvent:
                before = self.size
                self.grow(1)
                tree = self.scalar(start, event.end_mark.line, event.end_mark.column, event.style, event.anchor)
                self.add(tree)
                if event.anchor is not None:
                    self.anchors[event.anchor] = (tree, self.size - before)
            elif kind is yaml.AliasEvent:
                end = start + len(event.anchor) + 1
                known = self.follow(event.anchor)
                if known is None:
                    self.troubles.append(unknown(self.copy.page, start, end))
                self.end = max(self.end, end)
                self.add(known or plain(self.copy.page, start, end))
            elif kind in (yaml.SequenceStartEvent, yaml.MappingStartEvent):
                pairs: dict[str, tuple[Scalar, Tree]] | None = {} if kind is yaml.MappingStartEvent else None
                self.open.append(_Open(start, event.anchor, self.size, [], pairs, []))
                self.grow(1)
            elif kind in (yaml.SequenceEndEvent, yaml.MappingEndEvent):
                self.close()

    def offset(self, line: int, column: int) -> int:
        """Return where a place of the copy stands in the page."""
        starts = self.copy.page.starts
        line = min(line, len(starts) - 1)
        stop = starts[line + 1] - 1 if line + 1 < len(starts) else len(self.copy.page.text)
        return min(starts[line] + column + self.copy.moved.get(line, 0), stop)

    def scalar(self, start: int, line: int, column: int, style: str | None, anchor: str | None) -> Tree:
        """Cut out a scalar that begins at the offset `start` and ends at a place of the copy."""
        page = self.copy.page
        value = self.copy.values.get((line, column - 1))
        if value is None:
            end = self.offset(line, column)
            if anchor is not None and (found := re.compile(_ANCHORED).match(page.text, start, end)):
                start = found.end()
            self.end = max(self.end, end)
            return quoted(page, start, end) if style in ("'", '"') else plain(page, start, end)
        start, end = value.start, value.end
        self.end = end
        if value.kind == "flow":
            tree, troubles, entries = split(page, start, end, self.follow if self.limits.anchors else None)
            self.troubles += troubles
            self.grow(entries)
            return tree
        if value.kind == "block":
            first = page.text.find("\n", start, end) + 1 or end
            return block(page, start, end, first, value.indent or None)
        return quoted(page, start, end) if value.kind == "quoted" else plain(page, start, end, value.kind)

    def add(self, tree: Tree) -> None:
        if not self.open:
            self.root = tree
            return
        top = self.open[-1]
        if top.pairs is None:
            top.items.append(tree)
        elif not top.key and isinstance(tree, Scalar):
            top.key.append(tree)
        else:
            key = top.key.pop()
            if key.text in top.pairs:
                start = offset_of(self.copy.page, key)
                self.troubles.append(duplicate(self.copy.page, start, start + len(key.raw), top.pairs[key.text][0]))
            else:
                top.pairs[key.text] = (key, tree)

    def close(self) -> None:
        done = self.open.pop()
        page = self.copy.page
        span = span_of(page, done.start, max(self.end, done.start))
        raw = page.text[done.start : self.end]
        tree: Tree = Seq(tuple(done.items), span, raw, False)
        if done.pairs is not None:
            pairs = done.pairs
            if "<<" in pairs:
                start = offset_of(page, pairs["<<"][0])
                if self.limits.anchors:
                    pairs = merged(pairs)
                    self.grow(len(pairs))
                else:
                    self.troubles.append(not_followed(page, start, start + len(pairs["<<"][0].raw)))
            tree = Map(tuple(pairs.values()), span, raw, False)
        self.add(tree)
        if done.anchor is not None:
            self.anchors[done.anchor] = (tree, self.size - done.size)

    def follow(self, anchor: str) -> Tree | None:
        """Give the value of an anchor, counting it as if it were written out."""
        known = self.anchors.get(anchor)
        if known is None:
            return None
        self.grow(known[1])
        return known[0]

    def grow(self, entries: int) -> None:
        self.size += entries
        if self.size > self.limits.events:
            raise TooMuch(self.end, f"the file has more than {self.limits.events} entries")
