"""Optimizers: the rule of each as text, in `w` (the parameter), `g` (its gradient) and `lr` (the learning rate)."""

from typing import NamedTuple


class Optimizer(NamedTuple):
    """An update rule: its lines, the last of which gives `w`; and what it is called elsewhere."""

    name: str
    lines: tuple[str, ...]
    about: str


OPTIMIZERS = {
    row.name: row
    for row in (Optimizer("sgd", ("w = w - lr g",), "gradient descent: one step against the gradient (Cauchy, 1847)"),)
}
