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
    """Cases of one kind: `reckoner` names the function that works them out in PyTorch."""

    name: str
    reckoner: str
    draw: Callable[[Draw], Case]
    count: int

    def cases(self) -> Iterator[Case]:
        """Draw the cases, always the same ones."""
        return (self.draw(Draw(f"{self.name} {number}")) for number in range(self.count))


def _families() -> Iterator[Family]:
    for name in functions.ACTIVATIONS:
        yield Family(name, "activation", functions.activation(name), 12)
    for name in functions.LOSSES:
        yield Family(name, "loss", functions.loss(name), 14)
    for name in functions.PENALTIES:
        yield Family(name, "penalty", functions.penalty(name), 12)
    yield Family("dense", "dense", layers.dense, 80)
    yield Family("classifier", "classifier", layers.classifier, 40)
    yield Family("conv2d", "conv2d", windows.conv2d, 85)
    yield Family("conv2d_transpose", "conv2d_transpose", windows.conv2d_transpose, 45)
    for name in ("max_pool", "avg_pool"):
        yield Family(name, "pool", windows.pool(name), 50)
    for name in ("conv", "conv_transpose", "maxpool", "avgpool"):
        yield Family(name, "primitive", windows.primitive(name), 15)
    for name, count in (("batch_norm", 40), ("layer_norm", 40), ("group_norm", 30), ("instance_norm", 30)):
        yield Family(name, "norm", layers.norm(name), count)
    for name, draw in (("dropout", layers.dropout), ("embedding", layers.embedding), ("residual", layers.residual)):
        yield Family(name, name, draw, 40)
    for name, count in (("rnn", 50), ("lstm", 55), ("gru", 40)):
        yield Family(name, "recurrent", sequences.recurrent(name), count)
    yield Family("attention", "attention", sequences.attention, 55)
    yield Family("stack", "stack", stacks.stack, 36)
    yield Family("looped", "looped", loops.looped, 45)
    for name in optimizers.OPTIMIZERS:
        yield Family(name, "small_network", optimizers.optimizer(name), 40)
    yield Family("in_order", "small_network", optimizers.in_order, 20)
    yield Family("batches", "batches", optimizers.batches, 40)
    for name in ("perceptron", "delta", "adaline"):
        yield Family(name, "unit", optimizers.unit(name), 12)


FAMILIES = tuple(_families())
