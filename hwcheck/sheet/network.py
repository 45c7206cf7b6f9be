"""Networks: text with one definition a line, or layers that are expanded into such lines."""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from ..formula.expr import Expr, names
from ..formula.names import key
from ..formula.parse import FormulaError, Scope
from ..graph.functions import arities
from ..graph.table import Table
from ..library.layers import LAYERS
from ..text import safe_text
from ..yamltree import Scalar
from .reading import Broken, Page, one_reading
from .records import RawLayers

OTHER_SIGNS = (":=", "==", "<-", "←", ":")  # which people write for =


class Line(NamedTuple):
    """One definition as text: its name, its formula, and the scalar it stands in, from which character on."""

    name: str
    formula: str
    at: Scalar
    name_at: int
    formula_at: int


def lines_of(network: Scalar, page: Page) -> Iterator[Line]:
    """Give the definitions of a network's text; report lines that are none."""
    start = 0
    for text in network.text.split("\n"):
        begin, start = start, start + len(text) + 1
        code = text.partition("#")[0]
        if not code.strip():
            continue
        left = len(code) - len(code.lstrip())
        name, equals, formula = code.partition("=")
        if code.split()[0] == "for" or " for " in code:
            page.report(
                "HW210",
                "loops over lines are not read in this version",
                network,
                begin + left,
                begin + len(code.rstrip()),
                "write one line for each step",
            )
        elif not equals or formula.startswith("=") or name.endswith(":"):
            parts = (code.partition(sign) for sign in OTHER_SIGNS)
            name, sign, formula = next((each for each in parts if each[1] and is_name(each[0].strip())), ("z1", "", ""))
            page.report(
                "HW210",
                "a line of a network is `name = formula`",
                network,
                begin + left,
                begin + len(code.rstrip()),
                f"write {name.strip()} = {safe_text(formula.strip(), 60) if sign else 'W1 x + b1'}",
            )
            if sign:  # go on with what is meant: other lines read it
                yield Line(name.strip(), formula, network, begin + left, begin + len(name) + len(sign))
        else:
            yield Line(name.strip(), formula, network, begin + left, begin + len(name) + 1)


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


def define(table: Table, lines: Iterable[Line], page: Page, broken: set[str]) -> None:
    """Add the lines of a network to the table; report what is wrong with one, and add its name to the broken ones.

    A line that reads a broken name is broken too, without a word: the first one says it all.
    """
    known = {key(name): name for name in [*(row.name for row in table), *broken]}
    arrays = {row.name for row in table if row.shape}
    scope = Scope(known, arities(table.functions), arrays)  # it grows with the lines

    def settle(tree: Expr) -> Expr:
        if any(name in broken for name in names(tree)):
            raise Broken
        inside = next((name for name in names(tree) if "/d" in name and name not in table), None)
        if inside is not None:
            fix = "ask for it in a question, or write its formula out"
            raise FormulaError(f"`{inside}` is a derivative, which no line of a network reads", 0, 1, fix, "HW313")
        return tree

    for line in lines:
        if not _is_free(line, known, page):
            continue
        try:
            if table.define(line.name, one_reading(line.formula, scope, settle, table)).shape:
                arrays.add(line.name)
        except Broken:
            broken.add(line.name)
        except FormulaError as error:
            broken.add(line.name)
            if _is_own(line):
                page.refuse(error, line.at, line.formula_at)
            else:
                page.report(error.code, f"{error.reason} in `{line.name} = {line.formula}`", line.at, fix=error.fix)
        known[key(line.name)] = line.name


def _is_own(line: Line) -> bool:
    """Tell a line of the teacher's from one of an expanded layer."""
    return line.name_at != line.formula_at


def _is_free(line: Line, known: Mapping[str, str], page: Page) -> bool:
    """Tell whether a line's name can be given to a quantity; report why not."""
    end = line.name_at + len(line.name) if _is_own(line) else None
    if not is_name(line.name):
        fix = "names are letters, digits and _"
        page.report("HW211", f"`{safe_text(line.name)}` cannot be a name", line.at, line.name_at, end, fix)
        return False
    if key(line.name) in known:
        page.report("HW212", f"`{line.name}` is defined twice", line.at, line.name_at, end, "give it another name")
        return False
    return True


def is_name(text: str) -> bool:
    """Tell whether a text can be the name of a quantity."""
    plain = key(text)
    return (
        bool(plain) and (plain[0].isalpha() or plain[0] == "_") and all(char.isalnum() or char == "_" for char in plain)
    )
