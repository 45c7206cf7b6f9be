"""What a row of the table of operations says, and how its texts are read.

Every operation of the formula language, operator or function, is one row: its value where NumPy gives it, else its body
as text in the formula language; its slope or its vector-Jacobian products as text too; and further slopes that are
equal to it as functions but not on a student's own numbers. Everything else (shapes, derivatives, values, printing, the
reference page) reads these rows. The names in the texts: the parameters, `out` for the value, `g` for the adjoint of
`out`. Where no text says it, because it depends on the layout of arrays, a row names a rule in Python.
"""

from collections.abc import Callable, Mapping
from math import inf
from typing import TYPE_CHECKING, Any

from ..formula.expr import OPERATORS, Call, Expr, substitute
from ..formula.names import key
from ..formula.parse import Scope, readings
from ..record import NamedTuple
from ..remember import remembered

if TYPE_CHECKING:
    from .forward import Forward, Local
    from .lower import Lowering
    from .shapes import Shape, Shapes

Array = Any  # one of NumPy's, or a single number of NumPy's
Value = Callable[..., Array]
#: (operation, operand, adjoint of the value as an array, shapes) -> adjoint of the operand
Pullback = Callable[[Call, Expr, Expr, "Shapes"], Expr]


class Function(NamedTuple):
    """One operation.

    `kind` says how arguments make the value: "each" acts on every entry (several arguments are brought to one shape),
    "all" makes one number of all entries, "body" is worked out from the body, "own" has rules of its own. `value` takes
    the arguments, for "all" the entries along the last axis. `slope` is the derivative by the first argument of a row
    of kind "each"; `vjp` has an adjoint for each argument, or one rule in Python for all of them; beside a slope it may
    leave out the first. `defaults` are the texts of the trailing parameters that may be left out; `arity` the fewest
    and most arguments, where the parameters do not say it. `fused` is (inner function, text): the adjoint of the inner
    function's argument where this function takes that function's value directly. `jacobian` is the matrix of a function
    that makes a vector of a vector, where a textbook has one. `range` are the least and the largest value of an entry.

    The rules in Python, where `kind` does not say it all: `shape` infers the shape, `lower` gives the instructions,
    `entry` one entry's formula, `ahead` the derivative as a matrix.
    """

    name: str
    params: tuple[str, ...] = ("x",)
    kind: str = "each"
    body: str = ""
    value: Value | None = None
    slope: str = ""
    forms: tuple[str, ...] = ()
    vjp: tuple[str | Pullback, ...] = ()
    defaults: tuple[str, ...] = ()
    arity: tuple[int, int] | None = None
    fused: tuple[str, ...] = ()
    jacobian: str = ""
    aliases: tuple[str, ...] = ()
    about: str = ""
    range: tuple[float, float] = (-inf, inf)
    shape: "Callable[[Call, Shapes], Shape] | None" = None
    lower: "Callable[[Lowering, Call], int] | None" = None
    entry: "Callable[[Call, tuple[int, ...], Shapes], Expr] | None" = None
    ahead: "Callable[[Forward, Call], Local | None] | None" = None

    @property
    def adjoints(self) -> tuple[str | Pullback, ...]:
        """The vector-Jacobian products of the arguments, that of the first by the slope where `vjp` leaves it out."""
        by_slope = self.slope and len(self.vjp) < len(self.params)
        return (f"g ⊙ ({self.slope})", *self.vjp) if by_slope else self.vjp


Functions = Mapping[str, Function]


def row_of(op: str, functions: Functions) -> Function:
    """Give the row of an operation; that of the derivative f' has the slope of f as its body, where there is one.

    Raises:
        KeyError: no operation has that name.
        FormulaError: the derivative of a body that is too large to be differentiated.
    """
    row = functions.get(op)
    if row is not None:
        return row
    mark = id(functions), op
    return remembered(_DERIVED, mark, MOST_DERIVED, lambda: (functions, _derivative(op, functions)))[1]


#: Rows of derivatives by the identity of the functions, which are kept with them so that no others can take it.
_DERIVED: dict[tuple[int, str], tuple[Functions, Function]] = {}
MOST_DERIVED = 500


def _derivative(op: str, functions: Functions) -> Function:
    """Make the row of a derivative: by the slope of the function, or else from its body; one that is unknown has
    neither."""
    base = functions[op.rstrip("'")]
    above = row_of(op[:-1], functions)
    texts = [text for text in (above.slope, *above.forms) if text and "out" not in text]
    body = texts[0] if texts else ""
    if not body and above.body and above.kind == "each":
        from .slopes import slope_text  # few sheets read the derivative of a function that they declare

        body = slope_text(above, functions)
    return Function(op, base.params, body=body, defaults=base.defaults)


def is_unknown(row: Function) -> bool:
    """Tell whether a row is a declared unknown function, or the derivative of a function."""
    return row.kind == "each" and not (row.body or row.value or row.slope or row.vjp)


#: Begins the names of the operations that stand for many steps of training, before what they make of a quantity.
TRAINED = "train_"


def is_trained(formula: Expr | None) -> bool:
    """Tell whether a formula is one of many steps of training."""
    return isinstance(formula, Call) and formula.op.startswith(TRAINED)


def _lookup(functions: Functions) -> dict[str, tuple[str, int, int]]:
    found: dict[str, tuple[str, int, int]] = {}
    for row in functions.values():
        if row.name in OPERATORS or not row.name.isidentifier():
            continue
        least, most = row.arity or (len(row.params) - len(row.defaults), len(row.params))
        for name in (row.name, *row.aliases):
            found[key(name)] = (row.name, least, most)
    return found


MOST_LOOKUPS = 16
#: By the identity of the functions, which are kept with it so that no others can take it; they never change.
_LOOKUPS: dict[int, tuple[Functions, dict[str, tuple[str, int, int]]]] = {}


def arities(functions: Functions) -> dict[str, tuple[str, int, int]]:
    """Give the lookup of function names that a parser's scope needs: (name, fewest arguments, most)."""
    return remembered(_LOOKUPS, id(functions), MOST_LOOKUPS, lambda: (functions, _lookup(functions)))[1]


_TEXTS: dict[tuple[str, tuple[str, ...]], Expr] = {}


def template(text: str, params: tuple[str, ...], functions: Functions) -> Expr:
    """Give the tree of a row's text in its parameters, `out` and `g`; parsed once."""
    free = tuple(name for name in (*params, "out", "g") if not (name in functions and _applies(text, name)))
    known = _TEXTS.get((text, free))
    if known is None:
        found = readings(text, Scope({name: name for name in free}, arities(functions)))
        assert len(found) == 1, f"a row's text must have one reading: {text}"
        known = _TEXTS[text, free] = found[0]
    return known


def _applies(text: str, function: str) -> bool:
    """Tell whether a text applies a declared function that is called as a parameter is: `g(v)`, `g'(v)`."""
    for sign in ("(", "'"):
        before, found, _ = text.partition(function + sign)
        if found and not (before[-1:].isalnum() or before[-1:] == "_"):
            return True
    return False


def body_of(tree: Call, functions: Functions) -> Expr:
    """Give the body of a function at its arguments; errors inside it point at the call."""
    row = row_of(tree.op, functions)
    # the arguments stay the objects they are: what is known of them is kept by their identity
    return substitute(_pointing(template(row.body, row.params, functions), tree), arguments_of(tree, functions))


def arguments_of(tree: Call, functions: Functions) -> dict[str, Expr]:
    """Give the arguments of an operation by its parameters, defaults included."""
    row = row_of(tree.op, functions)
    given = dict(zip(row.params, tree.args, strict=False))
    for name, text in zip(reversed(row.params), reversed(row.defaults), strict=False):
        if name not in given and text:
            given[name] = template(text, (), functions)
    return given


def written_out(tree: Expr, functions: Functions, known: dict[str, int]) -> int:
    """Give the number of parts of a formula with the bodies of its functions in their places; `known` keeps theirs."""
    if not isinstance(tree, Call):
        return 1
    total = 1 + sum(written_out(arg, functions, known) for arg in tree.args)
    row = None if tree.op in OPERATORS else row_of(tree.op, functions)
    if row is None or not row.body:
        return total
    if row.name not in known:
        known[row.name] = written_out(template(row.body, row.params, functions), functions, known)
    return total + known[row.name]


def _pointing(body: Expr, tree: Call) -> Expr:
    if isinstance(body, Call):
        return Call(body.op, tuple(_pointing(arg, tree) for arg in body.args), tree.at)
    return body
