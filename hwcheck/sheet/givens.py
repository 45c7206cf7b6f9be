"""Givens: a name's value as a number, an array of nested lists, a formula of earlier givens, or a shape alone."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from ..formula.names import key
from ..formula.parse import FormulaError
from ..graph.arrays import array_of, is_finite
from ..graph.evaluate import solve_table
from ..graph.shapes import Shape, show_shape
from ..graph.sizes import Size
from ..graph.table import Domain, Table
from ..yamltree import Map, Scalar, Seq, Tree, folded
from .check import suggestion
from .reading import Page, one_reading, scope_of

if TYPE_CHECKING:
    from ..graph.arrays import Array

#: The words for shapes that also say what the values are.
DOMAINS = {"bit": Domain("bit", 0, 1), "probability": Domain("real", 0, 1), "one-hot": Domain("one-hot", 0, 1)}
SHAPES = {"scalar": 0, "vector": 1, "matrix": 2, "array": None, "bit": 0, "probability": 0, "one-hot": 1}
NOT_NUMBERS = (
    "nan",
    ".nan",
    "inf",
    ".inf",
    "-inf",
    "-.inf",
    "+inf",
    "+.inf",
    "infinity",
    "null",
    "none",
    "~",
    "true",
    "false",
    "yes",
    "no",
    "on",
    "off",
)


def give(table: Table, name: str, tree: Tree, page: Page) -> bool:
    """Add one given to a table; report what is wrong with it and tell whether it was added."""
    if isinstance(tree, Map):
        return _between(table, name, tree, page)
    if isinstance(tree, Scalar):
        shape = _shape_words(tree, page)
        if shape is not None:
            _add_shape(table, name, shape, DOMAINS.get(tree.text.split()[0]))
            return True
        if tree.text.strip() == "":
            page.report(
                "HW205", f"`{name}` has no value", tree, fix="write a number, a list, or a shape such as `vector 3`"
            )
            return False
    value = value_of(table, tree, page)
    if value is None:
        return False
    table.give(name, tuple(value.shape), value)
    return True


def value_of(table: Table, tree: Tree, page: Page) -> Array | None:
    """Give the array that a number, a formula or nested lists stand for; report what is wrong and give None."""
    if isinstance(tree, Seq):
        return _listed(table, tree, page)
    if isinstance(tree, Map):
        page.report(
            "HW205",
            "a number or a list is wanted here",
            tree,
            fix="write [1, 2]",
        )
        return None
    quick = literal(tree.text)
    if quick is not None:
        return array_of(quick)
    return _formula(table, tree, page)


def literal(text: str) -> float | None:
    """Read a plain number quickly; None where the text is anything else."""
    if text and len(text) < 60 and not text.strip("0123456789.eE+-") and text[-1] not in "eE+-":
        try:
            value = float(text)
        except ValueError:
            return None
        return value if abs(value) < float("inf") else None
    return None


def _formula(table: Table, scalar: Scalar, page: Page) -> Array | None:
    text = folded(scalar)
    if text.strip().lower() in NOT_NUMBERS:
        fix = "write a number, -1e9 for a score that a mask hides"
        page.report("HW206", f"`{text.strip()}` is no finite number", scalar, fix=fix)
        return None
    names = [row.name for row in table]
    scope = scope_of(names, table.functions, [row.name for row in table if row.shape])
    try:
        tree = one_reading(text, scope, None, table)
        work = table.copy()
        work.define(" value", tree)
        missing = [name for name in work.needed([" value"]) if work[name].formula is None and name not in work.values]
        if missing:
            page.report("HW206", f"`{missing[0]}` has no value, only a shape", scalar, fix="give it a value above")
            return None
        value: Array = solve_table(work, [" value"])[" value"]
    except FormulaError as error:
        page.refuse(error, scalar)
        return None
    if not is_finite(value):
        page.report("HW206", "this is no finite number", scalar, fix="write a number")
        return None
    return value


def _listed(table: Table, tree: Seq, page: Page) -> Array | None:
    """Give the array of nested lists, all of one length at each depth."""
    before = len(page.found)
    rows = [value_of(table, item, page) for item in tree.items]
    if not rows:
        page.report("HW205", "an empty list has no entries", tree, fix="write [1, 2]")
    if len(page.found) > before:
        return None
    known = [row for row in rows if row is not None]
    for row, item in zip(known, tree.items, strict=True):
        if row.shape != known[0].shape:
            wanted, found = (show_shape(tuple(each.shape)) for each in (known[0], row))
            message = f"the rows of a list have unlike shapes: {wanted} first, then {found}"
            page.report("HW207", message, item, fix="give every row as many entries")
            return None
    return array_of(known)


def _shape_words(scalar: Scalar, page: Page) -> Shape | None:
    """Read `vector d1`, `matrix d2 x d1`, `scalar`; None where the text is no shape."""
    words = scalar.text.split()
    if not words or words[0] not in SHAPES:
        return None
    sizes = [word for word in words[1:] if word not in ("x", "×", "*")]
    wanted = SHAPES[words[0]]
    if wanted is not None and len(sizes) != wanted:
        number = ("no size", "one size", "two sizes")[wanted]
        fix = "write `vector 3`, `matrix 2 x 3`, `array 2 x 3 x 4` or `scalar`"
        page.report("HW207", f"`{words[0]}` takes {number}, not {len(sizes)}", scalar, fix=fix)
    shape: list[Size] = []
    for size in sizes:
        if size.isdigit() and 0 < int(size) <= 100_000:
            shape.append(int(size))
        elif size.isidentifier():
            shape.append(key(size))
        else:
            page.report("HW207", f"`{size}` is no size", scalar, fix="sizes are whole numbers or names")
    return tuple(shape)


def _between(table: Table, name: str, tree: Map, page: Page) -> bool:
    """Add a given whose shape is known, and between which values it lies."""
    parts = {key.text: value for key, value in tree.items}
    shape, ends = parts.get("shape"), parts.get("in")
    found = _shape_words(shape, page) if isinstance(shape, Scalar) else None
    if found is None or not isinstance(shape, Scalar):
        page.report("HW207", "this is no shape", shape or tree, fix="write `{shape: vector 3, in: [-1, 1]}`")
        return False
    domain = DOMAINS.get(shape.text.split()[0])
    if isinstance(ends, Seq):
        values = [value_of(table, end, page) for end in ends.items]
        low, high = (None if value is None or value.shape else float(value) for value in values)
        if low is None or high is None or not low < high:
            fix = "write the least value, then the largest: `in: [-1, 1]`"
            page.report("HW204", "two numbers are wanted here, the smaller one first", ends, fix=fix)
            return False
        if domain is not None:
            page.report("HW204", f"a {shape.text.split()[0]} says itself where it lies", ends, fix="leave `in` out")
            return False
        domain = Domain("real", low, high)
    _add_shape(table, name, found, domain)
    return True


def _add_shape(table: Table, name: str, shape: Shape, domain: Domain | None) -> None:
    for size in shape:
        if isinstance(size, str) and size not in table:
            table.give(size, (), None)
    table.give(name, shape, None)
    if domain is not None:
        table.domains[name] = domain
    if domain is not None and domain.kind == "one-hot":
        table.distributions.add(name)


def other_givens(entries: Iterable[tuple[Scalar, Tree]], table: Table, page: Page) -> dict[str, Array]:
    """Read `{y: 1}`: other values for givens, of the same shapes."""
    values: dict[str, Array] = {}
    for name, tree in entries:
        row = next((row for row in table if key(row.name) == key(name.text)), None)
        if row is None or row.formula is not None:
            fix = suggestion(name.text, [each.name for each in table if each.formula is None], "there are")
            page.report("HW103", f"`{name.text}` is not a given", name, fix=fix)
            continue
        value = value_of(table, tree, page)
        if value is not None and tuple(value.shape) != row.shape:
            page.report(
                "HW207",
                f"`{row.name}` is {show_shape(row.shape)}, and this is {show_shape(tuple(value.shape))}",
                name,
                fix="give it the same shape",
            )
        elif value is not None:
            values[row.name] = value
    return values


def as_given(shape: Shape) -> str:
    """Write a shape as a given has it: `scalar`, `vector 3`, `matrix 2 x 3`.

    >>> as_given((2, 3))
    'matrix 2 x 3'
    """
    word = ("scalar", "vector", "matrix", "array")[min(len(shape), 3)]
    return f"{word} {' x '.join(map(str, shape))}".rstrip()
