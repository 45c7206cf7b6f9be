"""Reading `choose`, `order` and `match`: the options of a question, and its key held against them."""

from __future__ import annotations

from collections.abc import Iterable

from ..text import cut
from ..yamltree import Map, Scalar, Seq, Tree, folded
from .check import suggestion
from .options import LETTERS, Choices, Option, named, one_line
from .reading import Page
from .records import RawOption, RawQuestion

Group = tuple[int, ...]


def choices_of(raw: RawQuestion, page: Page) -> Choices | None:
    """Read the options of a question and which of them is right; report what does not fit. None where it has none."""
    if not raw.options or raw.key is None:
        return None
    options = _options(raw.options, page, letters=raw.kind != "match")
    others = _options(raw.others, page, letters=True)
    key = _KEYS[raw.kind](raw.key, options, others, page)
    return Choices(options, key, others, several=raw.kind == "choose" and isinstance(raw.key, Seq))


def _options(raw: tuple[RawOption, ...], page: Page, letters: bool) -> tuple[Option, ...]:
    """Give options with their letters or numbers; report two that are the same."""
    found: list[Option] = []
    for at, (label, scalar) in enumerate(raw):
        own = LETTERS[at] if letters and len(raw) <= len(LETTERS) else str(at + 1)
        option = Option(own if label is None else label.text.strip(), one_line(folded(scalar)))
        if option.text in [each.text for each in found]:
            page.report("HW245", f"`{cut(option.text, 40)}` is an option twice", scalar, fix="remove one")
        found.append(option)
    return tuple(found)


def _chosen(tree: Tree, options: tuple[Option, ...], others: tuple[Option, ...], page: Page) -> tuple[Group, ...]:
    """Read the options that are to be chosen."""
    if isinstance(tree, Map):
        page.report("HW245", "the key of `choose` is an option or a list of options", tree, fix="write `key: [a, c]`")
        return ()
    return (_once(tree.items if isinstance(tree, Seq) else (tree,), options, page),)


def _ordered(tree: Tree, options: tuple[Option, ...], others: tuple[Option, ...], page: Page) -> tuple[Group, ...]:
    """Read an order: every option once, in groups of those that may stand in any order."""
    if not isinstance(tree, Seq):
        fix = "write `key: [first, [second, third]]`; what stands in an inner list may stand in any order"
        page.report("HW245", "the key of `order` is a list", tree, fix=fix)
        return ()
    flat = [each for item in tree.items for each in (item.items if isinstance(item, Seq) else (item,))]
    before = len(page.found)
    places = iter(_once(flat, options, page))
    if len(page.found) > before:
        return ()
    groups = [tuple(next(places) for _ in (item.items if isinstance(item, Seq) else (item,))) for item in tree.items]
    _all(options, (at for group in groups for at in group), tree, page)
    if len(groups) == 1:
        page.report("HW245", "this key lets everything stand in any order", tree, fix="put what comes first in front")
    return tuple(groups)


def _matched(tree: Tree, options: tuple[Option, ...], others: tuple[Option, ...], page: Page) -> tuple[Group, ...]:
    """Read which option of the right side belongs to each of the left side."""
    if not isinstance(tree, Map):
        page.report("HW245", "the key of `match` is a mapping", tree, fix="write `key: {left: right}`, all on the left")
        return ()
    lefts = _once([name for name, _ in tree.items], options, page, "on the left side")
    rights = [_place(value, others, page, "on the right side") for _, value in tree.items]
    if len(lefts) == len(rights):
        _all(options, lefts, tree, page)
    return tuple((at, to) for at, to in zip(lefts, rights, strict=False) if to is not None)


_KEYS = {"choose": _chosen, "order": _ordered, "match": _matched}


def _once(trees: Iterable[Tree], options: tuple[Option, ...], page: Page, side: str = "") -> Group:
    """Find the options that a key names; report one that is named twice."""
    found: list[int] = []
    for tree in trees:
        at = _place(tree, options, page, side)
        if at is not None and at in found:
            page.report("HW245", f"the key has `{cut(options[at].text, 40)}` twice", tree, fix="remove one")
        elif at is not None:
            found.append(at)
    return tuple(found)


def _place(tree: Tree, options: tuple[Option, ...], page: Page, side: str = "") -> int | None:
    """Find the option that a part of a key names; report anything else."""
    if not isinstance(tree, Scalar):
        page.report("HW245", "one option is wanted here", tree, fix="write its text, its letter or its number")
        return None
    text = one_line(folded(tree))
    at = named(options, text)
    if at is None:
        fix = suggestion(text, [option.text for option in options], "there are")
        page.report("HW245", f"the question has no option `{cut(text, 40)}`{side and f' {side}'}", tree, fix=fix)
    return at


def _all(options: tuple[Option, ...], places: Iterable[int], tree: Tree, page: Page) -> None:
    """Report options that a key leaves out."""
    there = set(places)
    left = [option.text for at, option in enumerate(options) if at not in there]
    if left:
        page.report("HW245", f"the key leaves out `{cut(left[0], 40)}`", tree, fix="it has to name every option")
