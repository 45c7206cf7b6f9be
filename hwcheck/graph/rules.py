"""What a formula does with a quantity, in words: the rules of differentiation on the way from its value to the name.

In `X1 = W1 U + b1`, a change of W1 passes a sum, then a product of matrices: the derivative comes back times Uᵀ on the
right.
"""

from __future__ import annotations

from collections.abc import Callable

from ..formula.expr import OPERATORS, Call, Expr, Name, names, substitute
from ..formula.show import unicode
from ..record import NamedTuple
from .algebra import transpose
from .build import filled
from .functions import arguments_of, is_unknown, row_of, template
from .meaning import meant
from .shapes import Shape, Shapes, is_number, over_batch, product, shape_of
from .table import Table

MOST_PLACES = 3  # places of one formula at which a quantity is read that are told apart
WIDEST = 40  # letters of a factor that is named

#: What is said of an operation that does the same to each of its operands.
PLAIN = {
    "sum": "a sum of entries passes the same on to each",
    "mean": "a mean passes the same on to each entry, divided by their number",
    "var": "a variance gives twice the distance from the mean, divided by the number of entries",
    "norm": "a norm gives the array divided by the norm",
    "ᵀ": "a transpose is turned back",
    "[]": "an index reaches only the entries that are read",
    "[,]": "each of the arrays side by side gets its own part",
    "[;]": "each of the stacked arrays gets its own part",
    "stack": "each of the stacked arrays gets its own part",
    "conv": "a convolution gives back a convolution: transposed by the array, of the array by the kernel",
    "conv_transpose": "a transposed convolution gives back a convolution",
    "maxpool": "the largest entry of each window gets all, the others nothing",
    "avgpool": "each entry of a window gets an equal share",
    "flip": "the order is turned back",
    "sample_sum": "the sum of a sample passes the same on to each of its entries",
    "reshape": "the entries are laid out as before",
    "diag": "only the diagonal counts",
    "max": "the largest gets all, the others nothing",
    "min": "the smallest gets all, the others nothing",
    "abs": "an absolute value gives the sign",
    "if": "the branch that holds gets all",
    "neg": "the sign changes",
}
FLAT = ("<", ">", "<=", ">=", "==", "!=", "sign", "step")
UNCHANGED = ("a sum passes it on unchanged", "a difference passes it on unchanged")
SQUARED_NORM = "the square of a norm gives twice the array"


Write = Callable[[Expr], str]


class Scene(NamedTuple):
    """The table that is differentiated, whether its Jacobians are said, and how formulas are written."""

    table: Table
    forward: bool
    write: Write

    def named(self, tree: Expr) -> str:
        """Write a factor that is not too long."""
        shown = self.write(tree)
        return f"`{shown}`" if len(shown) <= WIDEST else "the other part"


def rules(table: Table, reader: str, by: str, forward: bool = False, write: Write = unicode) -> list[str]:
    """Say what a definition gives for a quantity that it reads: one text for each place at which it does.

    Backwards, what comes to the definition goes on to the quantity; `forward`, it is the Jacobian of the definition.
    """
    formula = table[reader].formula
    if formula is None:
        return []
    found: list[str] = []
    _walk(formula, by, [], found, Scene(table, forward, write), Name(reader))
    return list(dict.fromkeys(found))[: MOST_PLACES + 1]


def _walk(tree: Expr, by: str, said: list[str], found: list[str], scene: Scene, out: Expr | None) -> None:
    """Collect the rules on the way to each place of a name."""
    if isinstance(tree, Name):
        if tree.id == by:
            telling = [text for text in said if text not in UNCHANGED] or said[:1]
            found.append(", then ".join(telling) or "it is the same quantity")
        return
    if not isinstance(tree, Call):
        return
    if tree.op == "^" and isinstance(tree.args[0], Call) and tree.args[0].op == "norm" and by in names(tree.args[0]):
        _walk(tree.args[0].args[0], by, [*said, SQUARED_NORM], found, scene, None)
        return
    for at, arg in enumerate(tree.args):
        if len(found) <= MOST_PLACES and by in names(arg):
            rule = _rule(tree, at, scene, out)
            _walk(arg, by, [*said, rule] if rule else said, found, scene, None)


def _rule(tree: Call, at: int, scene: Scene, out: Expr | None) -> str:
    """Say what an operation does to what comes back to one of its operands."""
    table, shapes = scene.table, scene.table.shapes
    op = tree.op
    if op in ("+", "-"):
        return _added(tree, at, shapes)
    if op in ("*", "@", "⊙") and not any(isinstance(arg, Call) and arg.op == "=" for arg in tree.args):
        return _multiplied(tree, at, scene)
    if op == "/":
        other = scene.named(tree.args[1 - at])
        return f"a quotient divides by {other}" if at == 0 else f"a quotient gives minus {other} over the square below"
    if op == "^":
        if at == 1:
            return "an exponent gives the power times the logarithm of the base"
        return f"a power gives the exponent {scene.named(tree.args[1])} in front, and one less above"
    if op in PLAIN:
        return PLAIN[op]
    if op in FLAT:
        return "this is flat: its slope is 0"
    if op in OPERATORS:
        return ""
    row = row_of(op, table.functions)
    if is_unknown(row):
        return f"{op} gives its derivative, {op}'"
    if row.kind == "each" and row.slope and at == 0:
        slope = _slope(tree, row.slope, out, scene)
        return f"{row.name} gives its derivative{slope}"
    if row.jacobian:
        value = scene.named(out) if out is not None else "its value"
        jacobian = scene.write(substitute(template(row.jacobian, row.params, table.functions), {"out": Name("p")}))
        return f"{row.name} gives its Jacobian, {jacobian} for p = {value}"
    return f"{row.name} gives its derivative" + (f" ({row.name} is {row.about})" if row.about else "")


def _slope(tree: Call, text: str, out: Expr | None, scene: Scene) -> str:
    """Give the formula of a slope where it is short."""
    if "out" in text and out is None:
        return ""
    table = scene.table
    given = arguments_of(tree, table.functions)
    if out is not None:
        given["out"] = out
    row = row_of(tree.op, table.functions)
    shown = scene.write(filled(text, row.params, given, table.shapes, table.functions))
    return f", {shown}" if len(shown) <= WIDEST else ""


def _added(tree: Call, at: int, shapes: Shapes) -> str:
    """Say what a sum or difference passes on; a bias gets the sum over its batch."""
    word = "the sign changes" if tree.op == "-" and at == 1 else UNCHANGED[tree.op == "-"]
    own, whole = shape_of(tree.args[at], shapes), shape_of(tree, shapes)
    if own == whole:
        return word
    if is_number(own) and not is_number(whole):
        return f"{word}, added up over all entries"
    return f"{word}, added up over the samples" if over_batch(whole, own, shapes.samples) is not None else word


def _multiplied(tree: Call, at: int, scene: Scene) -> str:
    """Say what a product passes on: the other factor, on the other side and transposed where it is a matrix."""
    shapes = scene.table.shapes
    other = tree.args[1 - at]
    a, b = (shape_of(arg, shapes) for arg in tree.args)
    linear = meant(tree, shapes) if tree.op == "*" else tree
    matrices = isinstance(linear, Call) and linear.op == "@" and a and b and product(a, b) is not None
    found = product(a, b)
    if matrices and found is not None and found[0] == "matrix":
        if scene.forward and at == 1:
            return f"a product with a matrix has this matrix as its Jacobian: {scene.named(other)}"
        turned = scene.named(transpose(other, shapes))
        side = "right" if at == 0 else "left"
        return f"a product of matrices gives the other factor, transposed, on the {side}: {turned}"
    own: Shape = (a, b)[at]
    if is_number(own) and not is_number((a, b)[1 - at]):
        return f"a product gives the other factor, {scene.named(other)}, added up over all entries"
    both = not is_number(a) and not is_number(b)
    return f"a product gives the other factor, {scene.named(other)}" + (", entry by entry" if both else "")
