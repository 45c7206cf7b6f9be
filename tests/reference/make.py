"""Work out the expected values with PyTorch and write `expected.txt`; `python -m tests.reference.make` repeats it.

Run it at the repository's top, in an environment of its own that has torch 2.13 (CPU) and nothing of hwcheck:

    python3 -m venv ../torchenv
    ../torchenv/bin/pip install torch==2.13.0
    ../torchenv/bin/python -m tests.reference.make                # writes tests/reference/expected.txt
    ../torchenv/bin/python -m tests.reference.make lstm 3         # prints a case: its sheet and all that PyTorch gives

`expected.txt` has a line for each case: its family, its number there, a mark of what was drawn, and the projections of
all compared quantities (see `record.py`), every bit of them in base64.
"""

import sys
from pathlib import Path

import torch
from torch import Tensor

from . import torch_functions as functions
from . import torch_layers as layers
from . import torch_sequences as sequences
from . import torch_stacks as stacks
from .cases import FAMILIES, Family
from .record import Case, digest, packed, projection
from .torch_training import train

#: The module of each reckoner, in which it has its name.
MODULES = (functions, layers, sequences, stacks)
FILE = Path(__file__).with_name("expected.txt")


def worked_out(family: Family, case: Case) -> dict[str, Tensor]:
    """Give all compared quantities of a case by their names."""
    given = {name: torch.tensor(value, dtype=torch.float64) for name, value in case.given.items()}
    names = [*case.parameters, *case.by]
    for name in names:
        given[name].requires_grad_(True)
    forward = next(getattr(module, family.reckoner) for module in MODULES if hasattr(module, family.reckoner))

    def at(step: int) -> dict[str, Tensor]:
        """Give what the network gives for the samples of a step, counted from 1."""
        batches = case.settings.get("batches", [[]])
        numbers = [number - 1 for number in batches[(step - 1) % len(batches)]]
        some = {name: given[name][numbers] for name in case.settings.get("samples", ())}
        return forward(case.settings, {**given, **some})

    found = {name: value.clone() for name, value in at(1).items()}  # some are views of a given
    loss = "E" if "E" in found else "L"
    slopes = torch.autograd.grad(found[loss], [given[name] for name in names], materialize_grads=True)
    found.update({f"d{loss}/d{name}": slope for name, slope in zip(names, slopes, strict=True)})
    trained = train(case, given, lambda step: at(step)[loss])
    return {name: {**found, **trained}[name].detach() for name in case.wanted()}


def line(family: Family, number: int, case: Case) -> str:
    """Give the line of a case."""
    values = worked_out(family, case)
    kept = [projection(name, value.flatten().tolist()) for name, value in values.items()]
    if not torch.tensor(kept).isfinite().all():
        raise ValueError(f"{family.name} {number} has values that are not finite: {values}")
    return f"{family.name} {number} {digest(case)} {packed(kept)}"


def main(arguments: list[str]) -> None:
    """Write the file, or print one case."""
    torch.set_default_dtype(torch.float64)
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    if arguments:
        family = next(each for each in FAMILIES if each.name == arguments[0])
        case = list(family.cases())[int(arguments[1])]
        print(case.sheet(), *(f"{name} = {value}" for name, value in worked_out(family, case).items()), sep="\n")
        return
    lines = [line(family, number, case) for family in FAMILIES for number, case in enumerate(family.cases())]
    FILE.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
    print(f"{len(lines)} cases, {FILE.stat().st_size} bytes")


if __name__ == "__main__":
    torch.set_printoptions(precision=17)
    main(sys.argv[1:])
