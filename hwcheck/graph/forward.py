"""The derivative of one formula by one quantity, as a matrix formula, all other names held fixed.

Forward accumulation (Griewank and Walther, Evaluating Derivatives, chapter 3): the derivative of a formula is put
together from those of its parts. A formula whose entries depend each on the same entry of the quantity keeps its
derivative as the diagonal, so that no matrix is written where a vector of slopes says it.
"""

from ..formula.expr import Call, Expr, Name, names
from ..record import NamedTuple
from .adjoints import share_of
from .algebra import ONE, is_zero, multiply, negative, plus, times, transpose
from .build import filled, full, ones, zero_like
from .functions import Function, arguments_of, body_of, is_unknown, row_of
from .meaning import smooth
from .shapes import Shape, is_number, shape_of, together
from .table import Table


class Local(NamedTuple):
    """The derivative of a formula: a matrix, a row where the formula is a number, or the diagonal of a matrix.

    By a number it has the formula's own shape.
    """

    tree: Expr
    diagonal: bool = False


class NoMatrixError(Exception):
    """An array of more than one axis lies on the way, so that no product of matrices gives the derivative."""


class Forward:
    """Differentiates formulas by one quantity, all other names held fixed."""

    def __init__(self, table: Table, by: str) -> None:
        """Differentiate by a quantity of at most one axis."""
        self.table, self.by, self.shapes = table, by, table.shapes
        self.shape = table.shape(by)
        self.vector = not is_number(self.shape)

    # --- arithmetic of derivatives --------------------------------------------------------------------------

    def whole(self, local: Local) -> Expr:
        """Give a diagonal as a matrix."""
        if not local.diagonal:
            return local.tree
        if is_number(shape_of(local.tree, self.shapes)):
            return times(local.tree, Call("I", ones(self.shape).args), self.shapes)
        return Call("diag", (local.tree,))

    def add(self, left: Local | None, right: Local | None) -> Local | None:
        """Add two derivatives of formulas of one shape."""
        if left is None or right is None:
            return left or right
        if left.diagonal and right.diagonal:
            return Local(plus(left.tree, right.tree), True)
        return Local(plus(self.whole(left), self.whole(right)))

    def each(self, factor: Expr, local: Local | None, inner: Shape, outer: Shape) -> Local | None:
        """Multiply by one factor for each entry of a formula; a number inside goes for every entry of an array
        outside."""
        if local is None or is_zero(factor):
            return None
        if isinstance(factor, Call) and factor.op == "neg":
            found = self.each(factor.args[0], local, inner, outer)
            return found and Local(negative(found.tree), found.diagonal)
        if is_number(inner) and not is_number(outer):
            factor = full(factor, outer, self.shapes)
        if not self.vector:
            return Local(times(factor, local.tree, self.shapes))
        if is_number(inner):
            return Local(multiply(factor, local.tree, self.shapes))
        if local.diagonal:
            return Local(times(factor, local.tree, self.shapes), True)
        if is_number(shape_of(factor, self.shapes)):
            return Local(times(factor, local.tree, self.shapes))
        return Local(multiply(Call("diag", (factor,)), local.tree, self.shapes))

    def after(self, matrix: Expr, local: Local | None, inner: Shape) -> Local | None:
        """Multiply by a matrix from the left."""
        if local is None:
            return None
        if not self.vector:
            return Local(multiply(matrix, full(local.tree, inner, self.shapes), self.shapes))
        if not local.diagonal:
            return Local(multiply(matrix, local.tree, self.shapes))
        if is_number(shape_of(local.tree, self.shapes)):
            return Local(times(local.tree, matrix, self.shapes))
        if isinstance(matrix, Call) and matrix.op == "ᵀ" and len(shape_of(matrix.args[0], self.shapes)) == 1:
            return Local(transpose(times(matrix.args[0], local.tree, self.shapes), self.shapes))
        return Local(multiply(matrix, self.whole(local), self.shapes))

    def summed(self, weights: Expr, local: Local | None, inner: Shape) -> Local | None:
        """Add the entries of a formula up, each with its weight."""
        if local is None or is_number(inner):
            return self.each(weights, local, (), ())
        if not self.vector:
            found = times(weights, local.tree, self.shapes)
            return Local(Call("sum", (full(found, inner, self.shapes),)))
        return self.after(transpose(full(weights, inner, self.shapes), self.shapes), local, inner)

    # --- the derivative of a formula ------------------------------------------------------------------------

    def of(self, tree: Expr, out: Expr | None = None) -> Local | None:
        """Give the derivative of a formula, whose value `out` may have a name; None where it is 0 everywhere.

        Raises:
            NoMatrixError: a part of more than one axis varies with a vector, or an operation has no matrix of its own.
        """
        if isinstance(tree, Name) and tree.id == self.by:
            return Local(ONE, self.vector)
        if not isinstance(tree, Call) or self.by not in names(tree):
            return None
        shape = shape_of(tree, self.shapes)
        if self.vector and len(shape) > 1:
            raise NoMatrixError
        plain = smooth(tree, self.shapes)
        if plain is not tree or not isinstance(plain, Call):
            return self.of(plain, out)
        row = row_of(tree.op, self.table.functions)
        if row.ahead is not None:
            return row.ahead(self, tree)
        return self.function(tree, row, shape, out or tree)

    def entrywise(self, tree: Call, shape: Shape, factors: tuple[Expr, ...]) -> Local | None:
        """Add up what the operands of an entry-by-entry operation give, each with its factor."""
        total: Local | None = None
        for arg, factor in zip(tree.args, factors, strict=True):
            inner = shape_of(arg, self.shapes)
            if together(inner, shape) is None:
                raise NoMatrixError
            total = self.add(total, self.each(factor, self.of(arg), inner, shape))
        return total

    def function(self, tree: Call, row: Function, shape: Shape, out: Expr) -> Local | None:
        """Differentiate an operation by the texts of its row."""
        given = {**arguments_of(tree, self.table.functions), "g": ONE, "out": out}

        def text(written: str) -> Expr:
            return filled(written, row.params, given, self.shapes, self.table.functions)

        if is_unknown(row):
            return self.entrywise(tree, shape, (Call(f"{tree.op}'", tree.args),))
        if row.jacobian and self.vector and not is_number(shape):
            return self.after(text(row.jacobian), self.of(tree.args[0]), shape)
        if row.kind == "each" and row.slope and not any(self.by in names(arg) for arg in tree.args[1:]):
            return self.entrywise(Call(tree.op, tree.args[:1]), shape, (text(row.slope),))
        texts = [text(one) for one in row.adjoints if isinstance(one, str)]
        if row.kind == "each" and len(texts) == len(tree.args):
            return self.entrywise(tree, shape, tuple(texts))
        if row.kind == "all" and texts:
            total: Local | None = None
            for arg, weights in zip(tree.args, texts, strict=False):
                total = self.add(total, self.summed(weights, self.of(arg), shape_of(arg, self.shapes)))
            return total
        if row.body:
            return self.of(body_of(tree, self.table.functions))
        raise NoMatrixError


def shared(ahead: Forward, tree: Call) -> Local | None:
    """Differentiate the largest, or the smallest, of several arguments, with equal shares for all that are it."""
    shares = tuple(share_of(tree, arg) for arg in tree.args)
    return ahead.entrywise(tree, shape_of(tree, ahead.shapes), shares)


def linear(ahead: Forward, tree: Call) -> Local | None:
    """Differentiate a product of linear algebra."""
    left, right = tree.args
    a, b = shape_of(left, ahead.shapes), shape_of(right, ahead.shapes)
    total = ahead.after(left, ahead.of(right), b)
    if not ahead.vector:
        changed = ahead.of(left)
        return ahead.add(total, changed and Local(multiply(full(changed.tree, a, ahead.shapes), right, ahead.shapes)))
    if isinstance(left, Call) and left.op == "ᵀ" and len(shape_of(left.args[0], ahead.shapes)) == 1:
        return ahead.add(total, ahead.after(transpose(right, ahead.shapes), ahead.of(left.args[0]), (a[1],)))
    if is_number(b):
        return ahead.add(total, ahead.each(right, ahead.of(left), a, shape_of(tree, ahead.shapes)))
    if ahead.by in names(left):
        raise NoMatrixError
    return total


def transposed(ahead: Forward, tree: Call) -> Local | None:
    """Differentiate a transpose."""
    inner = ahead.of(tree.args[0])
    return inner and Local(
        transpose(full(inner.tree, shape_of(tree.args[0], ahead.shapes), ahead.shapes), ahead.shapes)
    )


def indexed(ahead: Forward, tree: Call) -> Local | None:
    """Differentiate an entry or a slice."""
    inner, items = shape_of(tree.args[0], ahead.shapes), tree.args[1:]
    local = ahead.of(tree.args[0])
    if local is None or is_number(inner):
        return local
    if not ahead.vector:
        return Local(Call("[]", (full(local.tree, inner, ahead.shapes), *items)))
    found = Call("[]", (ahead.whole(local), *items, Call(":", ())))
    return Local(found if shape_of(tree, ahead.shapes) else transpose(found, ahead.shapes))


def stacked(ahead: Forward, tree: Call) -> Local | None:
    """Differentiate arrays stacked or set side by side."""
    parts: list[Expr] = []
    for arg in tree.args:
        inner, local = shape_of(arg, ahead.shapes), ahead.of(arg)
        if not ahead.vector:
            parts.append(full(local.tree, inner, ahead.shapes) if local else zero_like(inner))
        else:
            parts.append(ahead.whole(local) if local else Call("zeros", ones(((inner or (1,))[0], *ahead.shape)).args))
    return Local(Call(tree.op, tuple(parts)))
