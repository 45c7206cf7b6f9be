"""Laws of the words for derivatives: every place at which a quantity is read has its rule, and a rule names a factor as
it stands in the derivative."""

import pytest
from hypothesis import given, settings

from hwcheck.formula.show import plain, unicode
from hwcheck.graph.grad import derivative_name, differentiate
from hwcheck.graph.paths import quantities_read
from hwcheck.graph.rules import rules
from tests.graph.test_symbolic import Network, networks, symbolic

SHAPES = {
    "x": ("n",),
    "y": ("n",),
    "b": ("m",),
    "W": ("m", "n"),
    "X": ("n", "k"),
    "w": (),
    "v": (),
}


@pytest.mark.parametrize(
    ("line", "by", "said"),
    [
        ("q = W x + b", "W", ["a product of matrices gives the other factor, transposed, on the right: `xᵀ`"]),
        ("q = W x + b", "x", ["a product of matrices gives the other factor, transposed, on the left: `Wᵀ`"]),
        ("q = W x + b", "b", ["a sum passes it on unchanged"]),
        ("q = W X + b", "b", ["a sum passes it on unchanged, added up over the samples"]),
        ("q = x - y", "y", ["the sign changes"]),
        ("q = x - y", "x", ["a difference passes it on unchanged"]),
        ("q = x - w", "w", ["the sign changes, added up over all entries"]),
        ("q = w v", "w", ["a product gives the other factor, `v`"]),
        ("q = w x", "w", ["a product gives the other factor, `x`, added up over all entries"]),
        ("q = w x", "x", ["a product gives the other factor, `w`"]),
        ("q = x .* y", "x", ["a product gives the other factor, `y`, entry by entry"]),
        ("q = w/v", "w", ["a quotient divides by `v`"]),
        ("q = w/v", "v", ["a quotient gives minus `w` over the square below"]),
        ("q = w^3", "w", ["a power gives the exponent `3` in front, and one less above"]),
        ("q = 2^w", "w", ["an exponent gives the power times the logarithm of the base"]),
        ("q = f(w v)", "w", ["f gives its derivative, f', then a product gives the other factor, `v`"]),
        ("q = sigmoid(x)", "x", ["sigmoid gives its derivative, q ⊙ (1 − q)"]),
        ("q = softmax(x)", "x", ["softmax gives its Jacobian, diag(p) − p pᵀ for p = `q`"]),
        ("q = ||x - y||^2", "y", ["the square of a norm gives twice the array, then the sign changes"]),
        ("q = mean((x - y)^2)", "x", None),
        ("q = w + w v", "w", ["a sum passes it on unchanged", "a product gives the other factor, `v`"]),
        ("q = step(w)", "w", ["this is flat: its slope is 0"]),
        ("q = w", "w", ["it is the same quantity"]),
        ("q = [x; y]", "y", ["each of the stacked arrays gets its own part"]),
        (
            "q = x[1] v",
            "x",
            ["a product gives the other factor, `v`, then an index reaches only the entries that are read"],
        ),
    ],
)
def test_a_rule_says_what_a_formula_does(line: str, by: str, said: list[str] | None) -> None:
    table = symbolic([line], SHAPES)
    found = rules(table, "q", by)
    assert found
    if said is not None:
        assert found == said


def test_forwards_a_matrix_is_its_own_jacobian() -> None:
    table = symbolic(["q = W x + b"], SHAPES)
    assert rules(table, "q", "x", True) == ["a product with a matrix has this matrix as its Jacobian: `W`"]
    assert rules(table, "q", "x", False, plain) == [
        "a product of matrices gives the other factor, transposed, on the left: `W.T`"
    ]


@settings(max_examples=100)
@given(networks())
def test_every_quantity_that_is_read_has_a_rule(net: Network) -> None:
    table = net.table
    wanted = [row.name for row in table if row.name != "J" and row.name not in table.symbols]
    forward = [row.name for row in table if row.role == "forward"]
    for name in forward:
        for other in quantities_read(table, name):
            for ahead in (False, True):
                found = rules(table, name, other, ahead)
                assert found
                assert all(found), (unicode(table[name].formula), other)
    differentiate(table, "J", wanted)
    assert all(derivative_name("J", name) in table for name in wanted)
