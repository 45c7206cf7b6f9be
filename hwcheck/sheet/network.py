"""Networks: text with one definition a line, or layers that are expanded into such lines."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from ..formula.expr import Expr, names
from ..formula.names import key
from ..formula.parse import FormulaError, Scope
from ..graph.families import members_in
from ..graph.functions import arities
from ..graph.table import Table
from ..library.layers import LAYERS
from ..text import safe_text
from ..yamltree import Scalar
from .blocks import Block, Line, is_name
from .reading import Broken, Page, one_reading
from .records import RawLayers


def expanded(layers: RawLayers, page: Page) -> tuple[list[Line], list[str], str | None]:
    """Give the definitions of layers, their parameters, and the name of the loss."""
    called = {"pre_activation": "z", "activation": "a", "loss": "L", **layers.names}
    source = layers.input.text
    lines: list[Line] = []
    parameters: list[str] = []
    for number, (kind, settings) in enumerate(layers.layers, start=1):
        write, _required, _optional = LAYERS[kind.text]
        texts = {setting: scalar.text for setting, scalar in settings.items()}
        pre, out = (f"{called[role]}{number}" for role in ("pre_activation", "activation"))
        # an error in such a line points at the setting that it came from
        lines.extend(_written(text, settings.get("weights", kind)) for text in write(source, texts, pre, out))
        parameters.extend(texts[setting] for setting in ("weights", "bias") if setting in texts)
        source = out
    if layers.loss is None:
        return lines, parameters, None
    name, loss = layers.loss
    target = loss.get("target", name)
    lines.append(_written(f"{called['loss']} = {name.text}({source}, {target.text})", target))
    return lines, parameters, called["loss"]


def _written(text: str, at: Scalar) -> Line:
    name, _, formula = text.partition(" = ")
    return Line(name, formula, at, 0, 0)


class Draft(NamedTuple):
    """A table to which the lines of a network are added, one after the other.

    `known` has the quantities by the keys of their names, `arrays` those that have entries; `broken` are quantities
    whose own lines are wrong.
    """

    table: Table
    page: Page
    broken: set[str]
    known: dict[str, str]
    arrays: set[str]

    def scope(self, indices: Iterable[str] = ()) -> Scope:
        """Give the scope of a formula; it grows with the lines."""
        return Scope(self.known, arities(self.table.functions), self.arrays, False, frozenset(indices))

    def settle(self, tree: Expr) -> Expr:
        """Give a formula with the definitions of loops in it.

        Raises:
            Broken: it reads a quantity whose own line is wrong.
            FormulaError: it reads what no line of a network reads.
        """
        if any(name in self.broken for name in names(tree)):
            raise Broken
        table = self.table
        found = members_in(tree, table.families, table.shapes, table.__contains__)
        inside = next((name for name in names(found) if "/d" in name and name not in table), None)
        if inside is not None:
            fix = "ask for it in a question, or write its formula out"
            raise FormulaError(f"`{inside}` is a derivative, which no line of a network reads", 0, 1, fix, "HW313")
        return found

    def add(self, name: str, formula: Expr) -> None:
        """Add a definition.

        Raises:
            FormulaError: it does not fit.
        """
        if self.table.define(name, formula).shape:
            self.arrays.add(name)
        self.known[key(name)] = name


def define(table: Table, lines: Iterable[Line | Block], page: Page, broken: set[str]) -> None:
    """Add the lines of a network to the table; report what is wrong with one, and add its name to the broken ones.

    A line that reads a broken name is broken too, without a word: the first one says it all.
    """
    known = {key(name): name for name in [*(row.name for row in table), *broken]}
    draft = Draft(table, page, broken, known, {row.name for row in table if row.shape})
    for line in lines:
        if isinstance(line, Block):
            from .loops import define_block  # few networks have loops

            define_block(draft, line)
        elif "[" in line.name:
            from .loops import define_start

            define_start(draft, line)
        elif is_free(draft, line, line.name):
            with reported(draft, line, line.name):
                draft.add(line.name, one_reading(line.formula, draft.scope(), draft.settle, table))


@contextmanager
def reported(draft: Draft, line: Line, name: str) -> Iterator[None]:
    """Report the error of a line, and add its name to the broken ones."""
    try:
        yield
    except Broken:
        draft.broken.add(name)
    except FormulaError as error:
        draft.broken.add(name)
        if _is_own(line):
            draft.page.refuse(error, line.at, line.formula_at)
        else:
            draft.page.report(error.code, f"{error.reason} in `{line.name} = {line.formula}`", line.at, fix=error.fix)
    draft.known.setdefault(key(name), name)


def _is_own(line: Line) -> bool:
    """Tell a line of the teacher's from one of an expanded layer."""
    return line.name_at != line.formula_at


def is_free(draft: Draft, line: Line, name: str) -> bool:
    """Tell whether a name can be given to the quantity of a line; report why not."""
    end = line.name_at + len(line.name) if _is_own(line) else None
    if not is_name(name):
        fix = "names are letters, digits and _"
        draft.page.report("HW211", f"`{safe_text(line.name)}` cannot be a name", line.at, line.name_at, end, fix)
        return False
    if key(name) in draft.known:
        draft.page.report(
            "HW212", f"`{line.name}` is defined twice", line.at, line.name_at, end, "give it another name"
        )
        return False
    return True
