"""What a row of the table of layers says, and what its lines are written from."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from typing import TYPE_CHECKING

from ...graph.shapes import Shape, show_shape
from ...graph.sizes import Size
from ...record import NamedTuple
from ..ranges import Range

if TYPE_CHECKING:
    from ...graph.arrays import Array


class Setting(NamedTuple):
    """A setting of a layer: the kind of its value in a sheet, what it means, and an example.

    A `parameter` is what training changes unless it is frozen. All entries of its value lie `within` a range.
    """

    key: str
    about: str
    example: str
    kind: str = "formula"
    required: bool = False
    default: str = ""
    parameter: bool = False
    within: Range | None = None


class Data(NamedTuple):
    """What goes from one layer to the next: its text in formulas, its shape, and how its samples lie.

    `lies` is "columns" or "rows" for a batch or a sequence (the time steps are rows), "NCHW" or "NHWC" for images, ""
    where nothing has said it yet. The rows of `steps` are one sample, a sequence.
    """

    text: str
    shape: Shape
    lies: str = ""
    steps: bool = False


class Spot(NamedTuple):
    """A layer in its place: its number, its input, its settings as texts, and what it may ask.

    `called` gives the names of quantities by role; `shape` the shape of a formula; `value` its value, None where it is
    not known; `conventions` are those of the sheet, `fixed` those that it writes itself; `is_taken` tells whether a
    name stands for something already.
    """

    number: int
    data: Data
    settings: Mapping[str, str]
    called: Mapping[str, str]
    shape: Callable[[str], Shape]
    value: Callable[[str], Array | None]
    conventions: Mapping[str, str]
    fixed: frozenset[str]
    is_taken: Callable[[str], bool]

    @property
    def out(self) -> str:
        """Give the name of the layer's output."""
        return self.own(self.called["activation"])

    @property
    def pre(self) -> str:
        """Give the name of what goes into the layer's activation."""
        return self.own(self.called["pre_activation"])

    def own(self, name: str) -> str:
        """Give the name of a quantity of this layer: with its number."""
        return f"{name}{self.number}"

    def text(self, key: str) -> str:
        """Give a setting as a factor in a formula, in brackets where it is more than a name."""
        return factor(self.settings[key])

    def has(self, key: str) -> bool:
        """Tell whether a setting is written."""
        return key in self.settings

    def is_set(self, key: str, default: str = "no") -> bool:
        """Tell whether a setting says yes, or its default where it is left out."""
        return self.settings.get(key, default).strip() in ("yes", "true")

    def shape_of(self, key: str) -> Shape:
        """Give the shape of a setting's value."""
        return self.shape(self.settings[key])

    def shown(self, *keys: str) -> str:
        """Say which shapes settings have, and the input: "`W1` is a 2 x 3 matrix, `x` is a vector of 2"."""
        pairs = [(self.settings[key].strip(), self.shape_of(key)) for key in keys]
        return ", ".join(f"`{text}` is {show_shape(shape)}" for text, shape in [*pairs, self.data[:2]])

    def variable(self, letter: str) -> str:
        """Give a loop variable that stands for nothing else."""
        return variable(letter, self.is_taken)

    def variables(self, letters: str) -> list[str]:
        """Give loop variables, one for each letter."""
        return [self.variable(letter) for letter in letters]


class Out(NamedTuple):
    """What a layer gives: the name of its output, how this lies, and whether it makes its rows the steps of a
    sequence."""

    name: str
    lies: str = ""
    steps: bool = False


#: Gives the lines of a layer; those that are given before are defined when the next are asked for.
Writing = Generator[str, None, Out]


class Misfit(Exception):
    """A setting does not fit the input or another setting: which, why, and what to write; the code of a shape that does
    not, or of a value."""

    def __init__(self, setting: str, reason: str, fix: str, code: str = "HW310") -> None:
        """Say what is wrong with a setting."""
        super().__init__(reason)
        self.setting, self.reason, self.fix, self.code = setting, reason, fix, code


class Layer(NamedTuple):
    """A kind of layer: how its lines are written, its settings, what it does, and its formula as a reader knows it.

    `blame` has the settings at which an error in its lines is shown, the first that is written; `conventions` are those
    that change its lines, or what they mean.
    """

    name: str
    write: Callable[[Spot], Writing]
    settings: tuple[Setting, ...]
    about: str
    formula: str
    blame: tuple[str, ...] = ()
    conventions: tuple[str, ...] = ()


def variable(letter: str, is_taken: Callable[[str], bool]) -> str:
    """Give a loop variable that stands for nothing else: a letter, written as often as it takes."""
    while is_taken(letter):
        letter += letter[0]
    return letter


def factor(text: str) -> str:
    """Give a formula as a factor: in brackets where it is more than a name or a number."""
    plain = text.strip()
    return plain if plain.replace("_", "").replace(".", "").isalnum() else f"({plain})"


def each(loops: list[tuple[str, Size]]) -> str:
    """Give the end of a line that is a loop."""
    return " for " + ", ".join(f"{variable} = 1..{bound(size)}" for variable, size in loops)


def bound(size: Size) -> str:
    """Give a size as the end of a loop."""
    return str(size) if str(size).isalnum() else f"({size})"


def at(text: str, shape: Shape, places: Mapping[int, str]) -> str:
    """Give the part of an array at some places of its axes: `x[n,:,c]`; the text itself without places."""
    if not places:
        return text
    items = [places.get(axis, ":") for axis in range(len(shape))]
    while len(shape) > 2 and items[-1] == ":":
        items.pop()
    return f"{text}[{','.join(items)}]"
