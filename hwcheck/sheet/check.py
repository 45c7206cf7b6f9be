"""A tree of typed-in text held against the table of fields: all that does not fit, each with its place and a fix.

One walk serves every field: it accepts the forms that the row of the kind names, and descends into what they hold.
"""

import re
from collections.abc import Iterable, Iterator

from ..diagnostics import Diagnostic, Span
from ..record import NamedTuple
from ..text import closest, cut
from ..yamltree import Map, Scalar, Seq, Tree, folded
from .fields import BESIDE, EITHER, NEEDS
from .kinds import KEYS, KINDS, SCALARS, VERSION, WHATEVER, Kind, accepts, wanted
from .kinds import either as some
from .owners import CHOICES, fields, owner_words

Entry = tuple[Scalar, Tree]
Entries = dict[str, Entry]

MOST_SHOWN = 12  # known keys listed in a help


class Where(NamedTuple):
    """A place of a file, in words from the outside in ("problem 2", "train")."""

    file: str
    words: tuple[str, ...] = ()

    def inside(self, word: str) -> "Where":
        """Give the place of that name inside this one."""
        return Where(self.file, (*self.words, cut(word, 40)))

    def says(self, code: str, message: str, span: Span, help: str = "") -> Diagnostic:
        """Make a diagnostic about this place."""
        return Diagnostic(code, message, self.file, span, ", ".join(self.words), help)


def check(tree: Tree, kind: str, where: Where, example: str = "") -> Iterator[Diagnostic]:
    """Give everything that keeps a value from being of a kind; `example` is `key: value` with a value that is."""
    row = KINDS[kind]
    if isinstance(tree, Scalar):
        return _scalar(tree, row, where, example)
    if isinstance(tree, Seq):
        return _list(tree, row, where, example)
    return _map(tree, row, where, example)


def is_sound(tree: Map, owner: str) -> bool:
    """Tell quickly that a mapping whose keys are the fields of an owner is as it should be; False where it may not be.

    For the trees of `quick_tree`, whose keys are filled and few, and owners whose fields mean something each by itself.
    """
    known = fields(owner)
    for key, value in tree.items:
        if key.text not in known or not _is_of(value, known[key.text].kind):
            return False
    keys = {key.text for key, _ in tree.items}
    return all(row.key in keys for row in known.values() if row.required)


def _is_of(tree: Tree, kind: str) -> bool:
    """Tell quickly that `check` has nothing to say about a value; False where it may."""
    if kind in WHATEVER:
        return True
    row = KINDS[kind]
    if isinstance(tree, Scalar):
        return accepts(tree.text, row)
    if isinstance(tree, Seq) or not row.values or row.keys != "filled" or row.record or row.choice:
        return False
    if not row.size[0] <= len(tree.items) <= row.size[1]:
        return False
    return row.values in WHATEVER or all(_is_of(value, row.values) for _, value in tree.items)


def keyed(tree: Tree | None) -> Entries:
    """Give the entries of a mapping by the text of their keys; none for anything else."""
    return {key.text: (key, value) for key, value in tree.items} if isinstance(tree, Map) else {}


def part(entries: Entries, key: str) -> Tree | None:
    """Give the value under a key, or None."""
    return entries[key][1] if key in entries else None


def record(tree: Map, owner: str, where: Where) -> Iterator[Diagnostic]:
    """Give everything that is wrong with a mapping whose keys are the fields of an owner."""
    known = fields(owner)
    entries = keyed(tree)
    called = owner_words(owner)[0]
    either = EITHER.get(owner, ())
    chosen = [key for key in either if key in entries]
    if either and not chosen:
        fix = f"add it, for example `{known[either[0]].key}: {known[either[0]].example}`"
        yield where.says("HW202", f"{some(either)} is missing in {called}", tree.span, fix)
    for other in chosen[1:]:
        message = f"`{chosen[0]}` and `{other}` are two kinds of question"
        yield where.says("HW243", message, entries[other][0].span, "write two questions")
    for beside in [name for name in entries if chosen and not set(chosen) & set(BESIDE.get(name, chosen))]:
        message = f"`{beside}` means nothing beside `{chosen[0]}`"
        fix = f"it belongs to a question with {some(BESIDE[beside])}"
        yield where.says("HW243", message, entries[beside][0].span, fix)
    for needed in NEEDS.get(chosen[0], ()) if len(chosen) == 1 else ():
        if needed not in entries:
            fix = f"add it, for example `{needed}: {known[needed].example}`"
            yield where.says("HW202", f"`{needed}` is missing in {called}", tree.span, fix)
    unknown = {text: next(iter(closest(text, known)), "") for text in entries if text not in known}
    misspelt: set[str] = set()
    for row in known.values():
        if not row.required or row.key in entries:
            continue
        if owner == "sheet" and row.kind == "version":
            message = "the sheet does not say which version of the format it has"
            yield where.says("HW240", message, tree.span, f"write `hwcheck: {VERSION}` at the top")
            continue
        missing = f"`{row.key}` is missing in {called}"
        meant = next((text for text, near in unknown.items() if near == row.key), None)
        if meant is not None and owner != "answers file":  # one mistake, one diagnostic
            misspelt.add(meant)
            message = f"{missing}, and `{cut(meant, 40)}` is no key of it"
            yield where.says("HW202", message, entries[meant][0].span, suggestion(meant, known, "the keys are"))
        else:
            yield where.says("HW202", missing, tree.span, f"add it, for example `{row.key}: {row.example}`")
    for text, (key, value) in entries.items():
        if text in misspelt:
            continue
        if text in known:
            row = known[text]
            yield from check(value, row.kind, _entering(where, row.key, row.kind), f"{row.key}: {row.example}")
        else:
            fix = suggestion(text, known, "the keys are")
            yield where.says("HW201", f"`{cut(text, 40)}` is no key of {called}", key.span, fix)


def suggestion(text: str, known: Iterable[str], lead: str) -> str:
    """Say which known word was meant, if one is near, and which there are."""
    words = list(known)
    near = closest(text, words)
    every = ", ".join(f"`{word}`" for word in words[:MOST_SHOWN]) + (", ..." if len(words) > MOST_SHOWN else "")
    if near:
        return f"did you mean `{near[0]}`? {lead[0].upper()}{lead[1:]} {every}"
    return f"{lead} {every}" if words else ""


def _entering(where: Where, key: str, kind: str) -> Where:
    """Give the place of a field's value; what is named by its own noun or fits on its line needs no word."""
    row = KINDS[kind]
    inner = KINDS.get(row.values or row.items)
    if not (row.record or row.values or row.items or row.choice) or (inner and inner.noun):
        return where
    return where.inside(key)


def _scalar(tree: Scalar, kind: Kind, where: Where, example: str) -> Iterator[Diagnostic]:
    if accepts(tree.text, kind):
        return
    if kind.choice and tree.text.strip():
        yield from _chosen(tree, None, kind, where)
    elif not tree.text.strip() or not (kind.scalar or kind.options):
        yield _unlike(tree, kind, where, example)
    elif kind is KINDS["version"]:
        message = f"`{cut(tree.text, 40)}` is no version of the format that this hwcheck reads"
        fix = f"write `hwcheck: {VERSION}`, or use the hwcheck that the sheet was written for"
        yield where.says("HW240", message, tree.span, fix)
    else:
        near = closest(tree.text, kind.options)
        fix = f"did you mean `{near[0]}`?" if near else _for_example(example)
        yield where.says("HW204", f"{wanted(kind)} is wanted here, {described(tree)}", tree.span, fix)


def _list(tree: Seq, kind: Kind, where: Where, example: str) -> Iterator[Diagnostic]:
    if not kind.items:
        yield _unlike(tree, kind, where, example)
        return
    yield from _size(tree, kind, where, example)
    noun = KINDS[kind.items].noun
    found: list[Diagnostic] = []
    unlike: list[int] = []  # where the items stand in it that are of another form: one mistake, one diagnostic
    for number, item in enumerate(tree.items[: kind.size[1]], 1):
        wrong = list(check(item, kind.items, where.inside(f"{noun} {number}") if noun else where))
        if [(each.code, each.span) for each in wrong] == [("HW203", item.span)]:
            unlike.append(len(found))
        if len(unlike) < 2 or unlike[-1] != len(found):
            found += wrong
    if unlike:
        first = found[unlike[0]]
        more = f" (and {len(unlike) - 1} more of the kind)" if len(unlike) > 1 else ""
        help = first.help or _for_example(example)
        found[unlike[0]] = first._replace(message=first.message + more, help=help)
    yield from found


def _map(tree: Map, kind: Kind, where: Where, example: str) -> Iterator[Diagnostic]:
    if kind.record:
        yield from record(tree, kind.record, where)
    elif kind.choice and len(tree.items) == 1:
        yield from _chosen(*tree.items[0], kind, where)
    elif kind.choice and tree.items:
        message = f"one {kind.choice} with its settings is wanted here, this mapping has {len(tree.items)} keys"
        yield where.says("HW203", message, tree.span, "indent the settings under the name")
    elif kind.values:
        yield from _size(tree, kind, where, example)
        noun = KINDS[kind.values].noun
        for key, value in tree.items[: kind.size[1]]:
            if not re.search(SCALARS[kind.keys], key.text):
                yield where.says("HW204", f"{KEYS[kind.keys]} is wanted before the colon", key.span)
            yield from check(value, kind.values, where.inside(f"{noun} {key.text}") if noun else where)
    else:
        yield _unlike(tree, kind, where, example)


def _chosen(name: Scalar, settings: Tree | None, kind: Kind, where: Where) -> Iterator[Diagnostic]:
    """Check a bare name, or a name with settings."""
    known = CHOICES[kind.choice]
    owner = known.get(name.text)
    if owner is None:
        fix = suggestion(name.text, known, "it has")
        message = f"this version of hwcheck has no {kind.choice} `{cut(name.text, 40)}`"
        yield where.says("HW204", message, name.span, fix)
    elif isinstance(settings, Map):
        yield from record(settings, owner, where.inside(name.text) if kind.noun else where)
    elif settings is not None and not (isinstance(settings, Scalar) and not settings.text.strip()):
        message = f"a mapping with the settings of `{name.text}` is wanted here, {described(settings)}"
        yield where.says("HW203", message, settings.span, _settings(name, owner))
    elif any(row.required for row in fields(owner).values()):
        yield where.says("HW202", f"`{name.text}` needs settings", name.span, _settings(name, owner))


def _settings(name: Scalar, owner: str) -> str:
    inner = ", ".join(f"{row.key}: {row.example}" for row in fields(owner).values() if row.required)
    return f"write `{name.text}: {{{inner}}}`"


def _size(tree: Seq | Map, kind: Kind, where: Where, example: str) -> Iterator[Diagnostic]:
    least, most = kind.size
    if len(tree.items) < least:
        many = f"this one has {len(tree.items)}" if tree.items else described(tree)
        yield where.says("HW203", f"{kind.want} is wanted here, {many}", tree.span, _for_example(example))
    elif len(tree.items) > most:
        message = f"there are {len(tree.items)} entries here; at most {most} are read"
        yield where.says("HW208", message, tree.span, "split the file" if most > 100 else _for_example(example))


def _unlike(tree: Tree, kind: Kind, where: Where, example: str) -> Diagnostic:
    return where.says("HW203", f"{wanted(kind)} is wanted here, {described(tree)}", tree.span, _for_example(example))


def _for_example(example: str) -> str:
    return f"for example `{example}`" if example else ""


def described(tree: Tree) -> str:
    """Say what stands in a place where something else was wanted."""
    if isinstance(tree, Scalar):
        return f"this is `{cut(folded(tree), 40)}`" if tree.text.strip() else "nothing stands here"
    kind = "list" if isinstance(tree, Seq) else "mapping"
    return f"this is a {kind}" if tree.items else f"this is an empty {kind}"
