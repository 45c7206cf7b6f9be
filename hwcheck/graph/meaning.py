"""What an operation means, where its sign or name alone does not tell.

A loop of few turns is its terms; `*` and juxtaposition are the product of linear algebra or the one that scales;
`max(x)` is the largest of all entries; the sum of each sample is that of all where there is one. Whoever reads a
formula (values, derivatives, entries) reads it through `meant`, and what differentiates it through `smooth`, which also
gives ties their side.
"""

from __future__ import annotations

from ..formula.expr import Call, Expr, Name, Num, bound_names, names, number, rewrite, substitute, walk
from .functions import row_of
from .shapes import (
    MAX_TERMS,
    Shapes,
    fixed_number,
    of_jacobian,
    product,
    refused,
    sample_axis,
    shape_of,
    times,
    whole_number,
)
from .sizes import size_in, size_tree

MOST_WRITTEN = 16  # terms of a loop that are written out where it is differentiated

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
        return member_at(tree, shapes) or of_jacobian(tree, shapes) or tree
    if tree.op == "mean" and binds(tree):
        return averaged(tree)
    if tree.op == "stack" and not shape_of(tree.args[0], shapes):
        return Call("[;]", tree.args, tree.at)
    if binds(tree):
        return unrolled(tree, shapes)
    if tree.op == "^" and isinstance(tree.args[1], Num) and tree.args[1].value == 2:
        base = tree.args[0]
        if isinstance(base, Call) and base.op == "norm":  # the square has no root in it
            return Call("sum", (Call("^", (base.args[0], tree.args[1]), tree.at),), tree.at)
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
    """Give the operation that is meant, with a rule for its derivative: the largest of several is taken two at a time
    unless its row takes all at once, and a fixed number stands second, whichever side it was written on."""
    found = meant(tree, shapes)
    if found is not tree or tree.op not in FIXED:
        return found
    if len(tree.args) > 2:
        at_once = not isinstance(row_of(tree.op, shapes.functions).vjp[0], str)
        return tree if at_once else Call(tree.op, (Call(tree.op, tree.args[:-1], tree.at), tree.args[-1]), tree.at)
    first, second = (all(name in shapes.numbers for name in names(arg)) for arg in tree.args)
    return tree if first == second else Call(FIXED[tree.op], tree.args[::-1] if first else tree.args, tree.at)


def binds(tree: Call) -> list[Call]:
    """Give the loops of a sum, maximum or minimum over loop variables: `j = 1..3` each."""
    return [arg for arg in tree.args if isinstance(arg, Call) and arg.op == "="]


def averaged(tree: Call) -> Expr:
    """Give a mean over loop variables as the sum over their number."""
    turns: Expr = number(1)
    for bind in binds(tree):
        ends = bind.args[1]
        assert isinstance(ends, Call)
        low, high = ends.args
        many = high if low == number(1) else Call("+", (Call("-", (high, low)), number(1)))
        turns = many if turns == number(1) else Call("*", (turns, many))
    return Call("/", (Call("sum", tree.args, tree.at), turns), tree.at)


def member_at(tree: Call, shapes: Shapes) -> Expr | None:
    """Give the part of a stack that an index picks by its place alone; None for any other index."""
    base, first, *rest = tree.args
    if not isinstance(base, Call) or base.op != "stack" or _read(first):
        return None
    place = fixed_number(first, shapes)
    return None if place is None else _picked(Call("[]", (base, number(place), *rest), tree.at))


def within(tree: Call, shapes: Shapes, inside: bool = False) -> Shapes | None:
    """Give what shapes are inferred from inside of a loop that is kept as one: its number of terms is not fixed, or too
    large to be read one by one, or it stands `inside` of such a loop and only picks entries; None where it is written
    out."""
    terms = 1
    for bind in binds(tree):
        variable, ends = bind.args
        assert isinstance(variable, Name)
        assert isinstance(ends, Call)
        low, high = (whole_number(end, shapes) for end in ends.args)
        if isinstance(low, int) and isinstance(high, int):
            terms *= max(high - low + 1, 0)
        else:
            terms = MAX_TERMS + 1
        shapes = shapes.with_numbers({**shapes.numbers, variable.id: low if isinstance(low, int) else 1})
    if tree.op == "[for]":
        return shapes if is_even(tree) else None
    kept = terms > MAX_TERMS or (terms > MOST_WRITTEN and is_even(tree)) or (inside and _picks(tree))
    return shapes if kept and binds(tree) else None


def _picks(tree: Call) -> bool:
    """Tell whether the variables of a sum only pick entries, each for itself: `x[c]`, not `x[c + 1]` or `c x`."""
    variables = {bind.args[0].id for bind in binds(tree) if isinstance(bind.args[0], Name)}

    def only_picked(part: Expr) -> bool:
        if not isinstance(part, Call):
            return not (isinstance(part, Name) and part.id in variables)
        plain = part.op == "[]"
        return all(
            only_picked(arg) for arg in part.args if not (plain and isinstance(arg, Name) and arg.id in variables)
        )

    return only_picked(tree.args[-1])


#: Operations whose value has the shape that their arguments say.
SIZED = ("..", "=", "reshape", "ones", "zeros", "I", "linspace", "one_hot")


def is_even(tree: Call) -> bool:
    """Tell whether every turn of a loop makes arrays of the same shape: no size, slice or inner loop depends on it."""
    variables = {bind.args[0].id for bind in binds(tree) if isinstance(bind.args[0], Name)}
    for part in walk(tree):
        if isinstance(part, Call) and part.op in SIZED:
            sizes = part.args[1:] if part.op in ("=", "reshape", "one_hot") else part.args
            if any(variables & set(_read(size)) for size in sizes):
                return False
    return True


def _read(tree: Expr) -> list[str]:
    """Give every name in a formula, loop variables too."""
    return [part.id for part in walk(tree) if isinstance(part, Name)]


def unrolled(tree: Call, shapes: Shapes) -> Expr:
    """Write a sum, maximum or minimum over loop variables out, term by term; an array by loops as a stack.

    Raises:
        FormulaError: ends of a loop that are no whole numbers, or more terms than can be meant.
    """
    if tree.op == "[for]":
        body, bind, *rest = tree.args
        inner = Call("[for]", (body, *rest), tree.at) if rest else body
        return Call("stack", tuple(terms_of(inner, bind, shapes)), tree.at)
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
    return terms_of(Call(tree.op, tuple(rest), tree.at), bind, shapes)


def terms_of(inside: Expr, bind: Expr, shapes: Shapes) -> list[Expr]:
    """Give a formula for each value of a loop variable."""
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
    return [tidy(at_value(inside, variable.id, number(at))) for at in range(low, high + 1)]


def tidy(tree: Expr) -> Expr:
    """Give a formula with its indices worked out as far as they are numbers: `x[i + 2 - 1]` is `x[i + 1]`, and what a
    number picks of a stack is this part."""

    def change(part: Expr) -> Expr | None:
        if not isinstance(part, Call) or part.op not in ("[]", "place"):
            return None
        items = tuple(_tidied(item) if isinstance(item, Call) else item for item in part.args[1:])
        found = Call(part.op, (tidy(part.args[0]), *items), part.at)
        return _picked(found) or found

    return rewrite(tree, change)


def _picked(tree: Call) -> Expr | None:
    """Give the part of a stack that an index picks by its place alone, as a number; None for any other index."""
    base, *items = tree.args
    if not isinstance(base, Call) or base.op != "stack" or not items or not isinstance(items[0], Num):
        return None
    place = items[0].value
    if place != int(place) or not 1 <= place <= len(base.args):
        return None
    part, rest = base.args[int(place) - 1], tuple(items[1:])
    return Call("[]", (part, *rest), tree.at) if any(item != Call(":", ()) for item in rest) else part


def _tidied(item: Call) -> Expr:
    if item.op == "..":
        return Call("..", tuple(_tidied(end) if isinstance(end, Call) else end for end in item.args), item.at)
    found = size_in(item, lambda name: name.id)
    return item if found is None else size_tree(found)


def at_value(tree: Expr, variable: str, value: Expr) -> Expr:
    """Give a formula with a value for a loop variable; loops inside may use its name for a variable of their own."""
    if not isinstance(tree, Call) or variable not in bound_names(tree):
        return substitute(tree, {variable: value})
    args: list[Expr] = []
    hidden = False
    behind = tree.op == "[for]"  # its loops stand behind the formula that reads them
    for arg in (*tree.args[1:], tree.args[0]) if behind else tree.args:
        if isinstance(arg, Call) and arg.op == "=":
            args.append(
                Call("=", (arg.args[0], arg.args[1] if hidden else at_value(arg.args[1], variable, value)), arg.at)
            )
            hidden = hidden or arg.args[0] == Name(variable)
        else:
            args.append(arg if hidden else at_value(arg, variable, value))
    return Call(tree.op, (args[-1], *args[:-1]) if behind else tuple(args), tree.at)
