"""What an operation means, where its sign or name alone does not tell.

A loop is its terms; `*` and juxtaposition are the product of linear algebra or the one that scales; `max(x)` is the
largest of all entries; the sum of each sample is that of all where there is one. Whoever reads a formula (values,
derivatives, entries) reads it through `meant`, and what differentiates it through `smooth`, which also gives ties their
side.
"""

from __future__ import annotations

from ..formula.expr import Call, Expr, Name, Num, bound_names, names, number, substitute
from .shapes import MAX_TERMS, Shapes, of_jacobian, product, refused, sample_axis, shape_of, times, whole_number

#: The largest or smallest of all entries; and the one that goes no lower, or no higher, than a fixed number. These are
#: rows that nobody types.
OF_ALL = {"max": "max of all", "min": "min of all"}
FIXED = {"max": "max with fixed", "min": "min with fixed"}


def meant(tree: Call, shapes: Shapes) -> Expr:
    """Give the operation that is meant; the same object where that is the one written.

    Raises:
        FormulaError: a loop that cannot be written out.
    """
    if tree.op == "[]":
        return of_jacobian(tree, shapes) or tree
    if binds(tree):
        return unrolled(tree, shapes)
    if tree.op in OF_ALL and len(tree.args) == 1:
        return Call(OF_ALL[tree.op], tree.args, tree.at)
    if tree.op == "sample_sum" and sample_axis(shape_of(tree.args[0], shapes), shapes.samples) is None:
        return Call("sum", tree.args, tree.at)
    if tree.op in ("*", "@"):
        left, right = (shape_of(arg, shapes) for arg in tree.args)
        if tree.op == "*":
            return Call("⊙" if times(left, right) == "each" else "@", tree.args, tree.at)
        found = product(left, right)
        if found is None or found[0] == "scale":
            return Call("⊙", tree.args, tree.at)
    return tree


def smooth(tree: Call, shapes: Shapes) -> Expr:
    """Give the operation that is meant, with a rule for its derivative: the largest of several is taken two at a time,
    and a fixed number stands second, whichever side it was written on; `||v||^2` has no root in it."""
    if tree.op == "^" and isinstance(tree.args[1], Num) and tree.args[1].value == 2:
        base = tree.args[0]
        if isinstance(base, Call) and base.op == "norm":
            return Call("sum", (Call("^", (base.args[0], tree.args[1]), tree.at),), tree.at)
    found = meant(tree, shapes)
    if found is not tree or tree.op not in FIXED:
        return found
    if len(tree.args) > 2:
        return Call(tree.op, (Call(tree.op, tree.args[:-1], tree.at), tree.args[-1]), tree.at)
    first, second = (all(name in shapes.numbers for name in names(arg)) for arg in tree.args)
    return tree if first == second else Call(FIXED[tree.op], tree.args[::-1] if first else tree.args, tree.at)


def binds(tree: Call) -> list[Call]:
    """Give the loops of a sum, maximum or minimum over loop variables: `j = 1..3` each."""
    return [arg for arg in tree.args if isinstance(arg, Call) and arg.op == "="]


def within(tree: Call, shapes: Shapes) -> Shapes | None:
    """Give what shapes are inferred from inside of a loop that has no fixed number of terms; None where all have."""
    open_ended = False
    for bind in binds(tree):
        variable, ends = bind.args
        assert isinstance(variable, Name)
        assert isinstance(ends, Call)
        low, high = (whole_number(end, shapes) for end in ends.args)
        open_ended = open_ended or isinstance(low, str) or isinstance(high, str)
        shapes = shapes.with_numbers({**shapes.numbers, variable.id: low if isinstance(low, int) else 1})
    return shapes if open_ended else None


def unrolled(tree: Call, shapes: Shapes) -> Expr:
    """Write a sum, maximum or minimum over loop variables out, term by term.

    Raises:
        FormulaError: ends of a loop that are no whole numbers, or more terms than can be meant.
    """
    terms: list[Expr] = [tree]
    for _ in range(sum(isinstance(arg, Call) and arg.op == "=" for arg in tree.args)):
        terms = [part for term in terms for part in _one_loop_less(term, shapes)]
        if len(terms) > MAX_TERMS:
            raise refused("this loop cannot be written out", tree, f"at most {MAX_TERMS} terms", "HW311")
    terms = [term.args[0] for term in terms if isinstance(term, Call)]
    if not terms:
        return Num(0.0, "0")
    if tree.op != "sum":
        return Call(tree.op, tuple(terms), tree.at) if len(terms) > 1 else terms[0]
    total = terms[0]
    for term in terms[1:]:
        total = Call("+", (total, term), tree.at)
    return total


def _one_loop_less(tree: Expr, shapes: Shapes) -> list[Expr]:
    """Write the outermost loop out; the ends of the loops inside may read its variable."""
    assert isinstance(tree, Call)
    bind, *rest = tree.args
    assert isinstance(bind, Call)
    variable, ends = bind.args
    assert isinstance(variable, Name)
    assert isinstance(ends, Call)
    low, high = (whole_number(end, shapes) for end in ends.args)
    if not isinstance(low, int) or not isinstance(high, int):
        end = high if isinstance(low, int) else low
        what = f"this loop cannot be written out, as `{end}` has no value"
        raise refused(what, bind, "write it with arrays, such as sum(x) or mean(x^2)", "HW311")
    if high - low >= MAX_TERMS:
        raise refused("this loop cannot be written out", bind, f"at most {MAX_TERMS} terms", "HW311")
    inside = Call(tree.op, tuple(rest), tree.at)
    return [_at(inside, variable.id, number(at)) for at in range(low, high + 1)]


def _at(tree: Expr, variable: str, value: Expr) -> Expr:
    """Give a formula with a value for a loop variable; loops inside may use its name for a variable of their own."""
    if not isinstance(tree, Call) or variable not in bound_names(tree):
        return substitute(tree, {variable: value})
    args: list[Expr] = []
    hidden = False
    for arg in tree.args:
        if isinstance(arg, Call) and arg.op == "=":
            args.append(Call("=", (arg.args[0], arg.args[1] if hidden else _at(arg.args[1], variable, value)), arg.at))
            hidden = hidden or arg.args[0] == Name(variable)
        else:
            args.append(arg if hidden else _at(arg, variable, value))
    return Call(tree.op, tuple(args), tree.at)
