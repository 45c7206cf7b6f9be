"""All cases: the families, how many cases each has, and their draws."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from . import draw_functions as functions
from . import draw_layers as layers
from . import draw_loops as loops
from . import draw_optimizers as optimizers
from . import draw_sequences as sequences
from . import draw_stacks as stacks
from . import draw_windows as windows
from .record import Case, Draw


class Family(NamedTuple):
    """Cases of one kind: `reckoner` names the function that works them out in PyTorch.

    Each sheet stands for so many cases, with other numbers: reading and differentiating it costs more than its numbers.
    """

    name: str
    reckoner: str
    draw: Callable[[Draw], Case]
    sheets: int
    each: int = 2

    @property
    def count(self) -> int:
        """How many cases."""
        return self.sheets * self.each

    def cases(self) -> Iterator[Case]:
        """Draw the cases, always the same ones."""
        for number in range(self.count):
            yield self.draw(Draw(f"{self.name} {number // self.each}", f"{self.name} {number} entries"))


def _families() -> Iterator[Family]:
    for name in functions.ACTIVATIONS:
        yield Family(name, "activation", functions.activation(name), 12, 1)
    for name in functions.LOSSES:
        yield Family(name, "loss", functions.loss(name), 14, 1)
    for name in functions.PENALTIES:
        yield Family(name, "penalty", functions.penalty(name), 12, 1)
    yield Family("dense", "dense", layers.dense, 40)
    yield Family("classifier", "classifier", layers.classifier, 20)
    yield Family("conv2d", "conv2d", windows.conv2d, 50)
    yield Family("conv2d_transpose", "conv2d_transpose", windows.conv2d_transpose, 25)
    for name in ("max_pool", "avg_pool"):
        yield Family(name, "pool", windows.pool(name), 25)
    for name in ("conv", "conv_transpose", "maxpool", "avgpool"):
        yield Family(name, "primitive", windows.primitive(name), 12, 1)
    for name, count in (("batch_norm", 24), ("layer_norm", 20), ("group_norm", 16), ("instance_norm", 16)):
        yield Family(name, "norm", layers.norm(name), count)
    for name, draw in (("dropout", layers.dropout), ("embedding", layers.embedding), ("residual", layers.residual)):
        yield Family(name, name, draw, 20)
    for name, count in (("rnn", 25), ("lstm", 28), ("gru", 28)):
        yield Family(name, "recurrent", sequences.recurrent(name), count)
    yield Family("attention", "attention", sequences.attention, 30)
    yield Family("stack", "stack", stacks.stack, 18)
    yield Family("looped", "looped", loops.looped, 20)
    for name in optimizers.OPTIMIZERS:
        yield Family(name, "small_network", optimizers.optimizer(name), 22)
    yield Family("in_order", "small_network", optimizers.in_order, 10)
    yield Family("own_rule", "small_network", optimizers.own_rule, 20)
    yield Family("given_gradients", "given_gradients", optimizers.given_gradients, 12)
    yield Family("batches", "batches", optimizers.batches, 20)
    for name in ("perceptron", "delta", "adaline"):
        yield Family(name, "unit", optimizers.unit(name), 12, 1)


FAMILIES = tuple(_families())
