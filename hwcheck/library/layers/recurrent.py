"""Recurrent layers: one definition for each time step, so that gradients go back through time.

The input has a row for each time step. The formulas are those of Elman (1990), of Hochreiter and Schmidhuber (1997)
with the forget gate of Gers (2000), and of Cho and others (2014); `reset_after` is the form of cuDNN and PyTorch.
"""

from __future__ import annotations

from collections.abc import Callable

from ...graph.shapes import Shape, show_shape
from .dense import ACTIVATION
from .row import Layer, Misfit, Out, Setting, Spot, Writing, at, each

#: The blocks of rows that the weights have, by the letters of the gates, in PyTorch's order.
GATES = {"rnn": "h", "lstm": "ifgo", "gru": "rzn"}


class Cell:
    """The weights of a recurrent layer, as factors in formulas: all rows, or those of one gate."""

    def __init__(self, spot: Spot, kind: str) -> None:
        """Read the sizes.

        Raises:
            Misfit: the weights fit neither the input nor each other.
        """
        self.spot, self.kind = spot, kind
        self.gates = spot.settings.get("gates", GATES[kind]).strip()
        if sorted(self.gates) != sorted(GATES[kind]):
            fix = f"write each of the letters of {GATES[kind]} once"
            raise Misfit("gates", f"`{self.gates}` is no order of the gates {', '.join(GATES[kind])}", fix)
        shape = spot.data.shape
        if len(shape) != 2 or not all(isinstance(size, int) for size in shape):
            fix = "its input has a row for each time step, in numbers"
            raise Misfit("", f"{spot.shown()}, and no sequence", fix)
        self.steps, self.inputs = int(shape[0]), int(shape[1])
        self.joint = spot.has("weights")
        if self.joint == (spot.has("weights_input") and spot.has("weights_hidden")):
            if self.joint:
                raise Misfit(
                    "weights", "`weights` stands for `weights_input` and `weights_hidden`", "write one or the other"
                )
            missing = "weights_hidden" if spot.has("weights_input") else "weights_input"
            fix = "write weights_input and weights_hidden, or one `weights` with `order: xh`"
            raise Misfit(missing, f"`{missing}` is missing in a `{kind}` layer", fix)
        self.rows = self._checked_rows()
        self.units = self.rows // len(self.gates)
        self.order = spot.settings.get("order", "xh").strip()

    def _checked_rows(self) -> int:
        many = len(self.gates)
        key = "weights" if self.joint else "weights_hidden"
        weights = self.spot.shape_of(key)
        rows = weights[0] if len(weights) == 2 else 0
        units = rows // many if isinstance(rows, int) else 0
        if not units or rows != units * many:
            fix = f"give it a multiple of {many} rows, one block for each gate" if many > 1 else "give it a matrix"
            raise Misfit(key, f"`{key}` does not fit: {self.spot.shown(key)}", fix)
        vector = (units * many,)
        wanted: dict[str, Shape] = {
            "weights": (*vector, self.inputs + units),
            "weights_input": (*vector, self.inputs),
            "weights_hidden": (*vector, units),
            "bias": vector,
            "bias_hidden": vector,
            "initial": (units,),
            "initial_cell": (units,),
        }
        for name, shape in wanted.items():
            if self.spot.has(name):
                self.fits(name, shape)
        return units * many

    def fits(self, key: str, wanted: Shape) -> None:
        """Check the shape of a setting.

        Raises:
            Misfit: it has another one.
        """
        shape = self.spot.shape_of(key)
        if shape != wanted and not (shape in ((), (1,)) and wanted in ((1,), ())):
            raise Misfit(key, f"`{key}` does not fit: {self.spot.shown(key)}", f"give it {show_shape(wanted)}")

    def span(self, gate: str) -> str:
        """Give the rows that belong to a gate; all of them for ""."""
        if not gate:
            return ":"
        first = self.gates.index(gate) * self.units
        return f"{first + 1}..{first + self.units}"

    def weights(self, of: str, gate: str = "") -> str:
        """Give the weights on the input (x) or on the hidden state (h) as a factor."""
        rows = self.span(gate)
        if not self.joint:
            text = self.spot.text("weights_input" if of == "x" else "weights_hidden")
            return f"{text}[{rows},:]" if gate else text
        first = 1 if self.order[0] == of else (self.inputs if of == "h" else self.units) + 1
        size = self.inputs if of == "x" else self.units
        return f"{self.spot.text('weights')}[{rows},{first}..{first + size - 1}]"

    def product(self, x: str, h: str, gate: str = "") -> str:
        """Give the weights times the input plus the weights times the hidden state."""
        if self.joint:
            weights = self.spot.text("weights")
            both = f"[{x}; {h}]" if self.order == "xh" else f"[{h}; {x}]"
            return f"{weights}[{self.span(gate)},:] @ {both}" if gate else f"{weights} @ {both}"
        return f"{self.weights('x', gate)} {x} + {self.weights('h', gate)} {bracketed(h)}"

    def bias(self, key: str, gate: str = "") -> str:
        """Give the term of a bias, "" where there is none."""
        if not self.spot.has(key):
            return ""
        return f" + {self.spot.text(key)}" + (f"[{self.span(gate)}]" if gate and self.rows > 1 else "")

    def biases(self, gate: str = "") -> str:
        """Give the terms of both biases."""
        return self.bias("bias", gate) + self.bias("bias_hidden", gate)

    def start(self, name: str, key: str) -> str:
        """Give the line of a state before the first step."""
        return f"{name}[0] = {self.spot.settings[key] if self.spot.has(key) else f'zeros({self.units})'}"

    def through_time(self, starts: list[str], lines: list[str], t: str) -> str:
        """Give the lines of all steps."""
        return "\n".join([*starts, *(line + each([(t, self.steps)]) for line in lines)])

    def output(self) -> Writing:
        """Write the output: all hidden states, or the last one."""
        out = self.spot.out
        if self.spot.settings.get("returns", "all").strip() == "all":
            return Out(out, "rows", steps=True)
        yield f"{self.spot.own('last')} = {out}[{self.steps}]"
        return Out(self.spot.own("last"))


def bracketed(text: str) -> str:
    """Give a factor that may be a product in brackets."""
    return f"({text})" if "⊙" in text else text


def _parts(spot: Spot) -> tuple[str, str, str]:
    """Give the loop variable, the input of a step and the hidden state before it."""
    t = spot.variable("t")
    return t, at(spot.data.text, spot.data.shape, {0: t}), f"{spot.out}[{t}-1]"


def rnn(spot: Spot) -> Writing:
    """Write a simple recurrent layer."""
    cell = Cell(spot, "rnn")
    t, x, h = _parts(spot)
    activation = spot.settings.get("activation", "tanh").strip()
    lines = [
        f"{spot.pre}[{t}] = {cell.product(x, h)}{cell.biases()}",
        f"{spot.out}[{t}] = {activation}({spot.pre}[{t}])",
    ]
    yield cell.through_time([cell.start(spot.out, "initial")], lines, t)
    return (yield from cell.output())


def lstm(spot: Spot) -> Writing:
    """Write an LSTM: the gates i, f and o, the candidate g, and the cell c."""
    cell = Cell(spot, "lstm")
    t, x, h = _parts(spot)
    names = {letter: spot.own(letter) for letter in "ifgoc"}
    now = {letter: f"{name}[{t}]" for letter, name in names.items()}
    lines = [f"{spot.pre}[{t}] = {cell.product(x, h)}{cell.biases()}"]
    for gate in cell.gates:
        function = "tanh" if gate == "g" else "sigmoid"
        lines.append(f"{now[gate]} = {function}({spot.pre}[{t},{cell.span(gate)}])")
    lines += [
        f"{now['c']} = {now['f']} ⊙ {names['c']}[{t}-1] + {now['i']} ⊙ {now['g']}",
        f"{spot.out}[{t}] = {now['o']} ⊙ tanh({now['c']})",
    ]
    starts = [cell.start(spot.out, "initial"), cell.start(names["c"], "initial_cell")]
    yield cell.through_time(starts, lines, t)
    return (yield from cell.output())


def gru(spot: Spot) -> Writing:
    """Write a GRU: the reset gate r, the update gate u and the candidate n."""
    cell = Cell(spot, "gru")
    t, x, h = _parts(spot)
    r, u, n = (f"{spot.own(letter)}[{t}]" for letter in "run")
    lines = [f"{name} = sigmoid({cell.product(x, h, gate)}{cell.biases(gate)})" for gate, name in (("r", r), ("z", u))]
    if spot.settings.get("form", "reset_after").strip() == "reset_before":
        lines.append(f"{n} = tanh({cell.product(x, f'{r} ⊙ {h}', 'n')}{cell.biases('n')})")
    else:
        hidden = f"({cell.weights('h', 'n')} {h}{cell.bias('bias_hidden', 'n')})"
        lines.append(f"{n} = tanh({cell.weights('x', 'n')} {x}{cell.bias('bias', 'n')} + {r} ⊙ {hidden})")
    lines.append(f"{spot.out}[{t}] = (1 - {u}) ⊙ {n} + {u} ⊙ {h}")
    yield cell.through_time([cell.start(spot.out, "initial")], lines, t)
    return (yield from cell.output())


def _settings(kind: str) -> tuple[Setting, ...]:
    gates = GATES[kind]
    rows = "" if len(gates) == 1 else ", the rows in blocks, one for each gate"
    found = [
        Setting("weights_input", f"the weights on the input{rows}", "Wx", parameter=True),
        Setting("weights_hidden", f"the weights on the hidden state{rows}", "Wh", parameter=True),
        Setting("weights", "in the place of both: the weights on input and hidden state, stacked", "W", parameter=True),
        Setting("order", "which stands above in the stack: x, or h", "hx", "stack order", default="xh"),
        Setting("bias", "the bias", "b", parameter=True),
        Setting("bias_hidden", "a second bias, of the hidden state", "bh", parameter=True),
        Setting("initial", "the hidden state before the first step", "h0", default="zeros"),
    ]
    if kind == "lstm":
        found.append(Setting("initial_cell", "the cell before the first step", "c0", default="zeros"))
    if kind == "rnn":
        found.append(ACTIVATION._replace(example="relu", default="tanh"))
    else:
        about = f"the order of the blocks of rows: an order of {gates}"
        found.append(Setting("gates", about, gates[::-1], "gates", default=gates))
    if kind == "gru":
        about = "whether the reset gate acts on the hidden state before the weights, or on the product"
        found.append(Setting("form", about, "reset_before", "gru form", default="reset_after"))
    found.append(Setting("returns", "the output: all hidden states, or the last one", "last", "returns", default="all"))
    return tuple(found)


def _row(kind: str, write: Callable[[Spot], Writing], about: str, formula: str) -> Layer:
    return Layer(kind, write, _settings(kind), about, formula, ("weights", "weights_input"))


ROWS = (
    _row("rnn", rnn, "a simple recurrent layer", "z[t] = Wx x[t] + Wh a[t-1] + b, a[t] = activation(z[t])"),
    _row(
        "lstm",
        lstm,
        "a long short-term memory with the gates i (input), f (forget), o (output) and the candidate g",
        "z[t] = Wx x[t] + Wh a[t-1] + b; i, f, o = sigmoid and g = tanh of their rows of z; c[t] = f ⊙ c[t-1] + i ⊙ g, "
        "a[t] = o ⊙ tanh(c[t])",
    ),
    _row(
        "gru",
        gru,
        "a gated recurrent unit with the gates r (reset), z (update, called u) and the candidate n",
        "r, u = sigmoid(Wx x[t] + Wh a[t-1] + b), n = tanh(Wx x[t] + b + r ⊙ (Wh a[t-1] + bh)), "
        "a[t] = (1 - u) ⊙ n + u ⊙ a[t-1]",
    ),
)
