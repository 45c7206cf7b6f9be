"""What students work out instead: the rewritten formulas of each definition, compiled to run on their own numbers.

What is made here depends on the sheet alone and is kept with the table that was made ready for marking.
"""

from collections.abc import Callable, Container, Iterable, Mapping

import numpy as np

from ..formula.expr import Call, Expr, Name, names
from ..formula.lex import FormulaError
from ..graph.algebra import transpose
from ..graph.build import full, ones
from ..graph.evaluate import Program, compile_table
from ..graph.functions import Array
from ..graph.lower import Code, Lowering
from ..graph.shapes import Shape, is_number, shape_of, together
from ..graph.table import Definition
from ..record import NamedTuple
from ..sheet.problem import OwnSlip
from .precision import HIDDEN_DIGITS, rounding
from .slips import SLIPS
from .slips.scene import Scene, scene_of
from .slips.trees import renamed
from .work import Sheetwork

#: Of one definition, so many rewritten formulas are tried.
MOST_CANDIDATES = 400
#: So many entries are moved, one after the other, to see how far a candidate may be off.
MOST_MOVED = 300
#: What the formula language and NumPy raise about a formula that no shapes fit; anything else is a mistake of ours.
UNFIT = (FormulaError, ValueError, KeyError)  # a loop variable is known inside of its loop alone


class Candidate(NamedTuple):
    """A formula that is worked out in the place of a definition's, by the slip with this code; `variant` counts them.

    `own` tells that the sheet itself names it.
    """

    code: str
    site: str
    variant: int
    formula: Expr
    own: bool = False


class Trial(NamedTuple):
    """The candidates of one definition, compiled: the instructions of each, and the slot of its value."""

    candidates: tuple[Candidate, ...]
    size: int
    constants: dict[int, Array]
    inputs: dict[str, int]
    codes: tuple[Code, ...]
    outs: tuple[int, ...]


def scene_for(work: Sheetwork) -> Scene:
    """Give the scene of a table."""
    if "scene" not in work.trials:
        work.trials["scene"] = scene_of(work.table)
    scene: Scene = work.trials["scene"]
    return scene


def candidates(scene: Scene, name: str) -> list[Candidate]:
    """Give every formula that the catalogue knows for a definition, brought to its shape; none twice for one code.

    A definition that is a bare name is the same quantity: what is known for it is known for that, and where another
    definition reads it, it is read there.
    """
    table = scene.table
    row = table[name]
    if row.formula is None:
        return []
    aliases = [each for each in table if each.name != name and table.root(each.name) == name]
    found: list[tuple[str, Expr]] = [
        (code, tree) for each in (row, *aliases) for code, tree in _rewritten(scene, each._replace(formula=row.formula))
    ]
    for read in names(row.formula):
        if read in table and isinstance(table[read].formula, Name):
            found += [(code, renamed(row.formula, read, tree)) for code, tree in _rewritten(scene, table[read])]
    out: list[Candidate] = []
    seen: set[tuple[str, Expr]] = {(code, tree) for code in SLIPS for tree in (row.formula, *row.forms)}
    variants: dict[str, int] = {}
    for code, tree in found:
        fit = fitted(scene, tree, row.shape)
        if fit is None or (code, fit) in seen or len(out) >= MOST_CANDIDATES:
            continue
        seen.add((code, fit))
        variants[code] = variants.get(code, -1) + 1
        out.append(Candidate(code, name, variants[code], fit))
    return out


def _rewritten(scene: Scene, row: Definition) -> Iterable[tuple[str, Expr]]:
    for slip in SLIPS.values():
        for rewrite in slip.rewrites:
            try:
                for tree in rewrite(scene, row):
                    yield slip.code, tree
            except UNFIT:
                continue  # a formula of shapes that the rewrite was not made for


def fitted(scene: Scene, tree: Expr, wanted: Shape) -> Expr | None:
    """Bring a formula to the shape of a definition as a student would; None where that makes no sense."""
    shapes = scene.table.shapes
    try:
        shape = shape_of(tree, shapes)
        if shape == wanted or (is_number(shape) and is_number(wanted)):
            return tree
        if is_number(shape):
            return full(tree, wanted, shapes)
        if is_number(wanted):
            return _summed(tree)
        if len(shape) == 1 and len(wanted) == 2 and shape[0] == wanted[0]:
            return Call("@", (tree, transpose(ones((wanted[1],)), shapes)))
        if len(shape) == len(wanted) == 1 and shape != wanted:
            return full(_summed(tree), wanted, shapes)
        return tree if together(shape, wanted) == wanted else None
    except UNFIT:
        return None


def _summed(tree: Expr) -> Expr:
    return Call("sum", (tree,))


def expect(work: Sheetwork, slips: Iterable[OwnSlip]) -> None:
    """Have the mistakes that the sheet itself names tried as well; to be called before anything is tried."""
    if "own" not in work.trials:
        work.trials["own"] = [
            Candidate(slip.code, work.table.root(slip.name), -1, slip.formula, True)
            for slip in slips
            if slip.name in work.table
        ]


def trial_of(work: Sheetwork, name: str) -> Trial:
    """Compile the candidates of a definition, those that the sheet names first, or take what was compiled before."""
    key = f"trial {name}"
    if key not in work.trials:
        scene = scene_for(work)
        known = set(work.programs[0].slots)
        own = [each for each in work.trials.get("own", ()) if each.site == name]
        some = [each for each in (*own, *candidates(scene, name)) if known.issuperset(_read(scene, each.formula))]
        work.trials[key] = _compiled(scene, some)
    trial: Trial = work.trials[key]
    return trial


def _read(scene: Scene, tree: Expr) -> list[str]:
    return [name for name in names(tree) if name in scene.table]


def _compiled(scene: Scene, some: Iterable[Candidate]) -> Trial:
    low = Lowering(scene.table.shapes, batched=False)
    inputs: dict[str, int] = {}
    kept: list[Candidate] = []
    codes: list[Code] = []
    outs: list[int] = []
    for each in some:
        for name in _read(scene, each.formula):
            if name not in inputs:
                inputs[name] = low.slots[name] = low.slot()
        start = len(low.code)
        try:
            out = low.define(each.formula, scene.table.shape(each.site))
        except UNFIT:
            del low.code[start:]
            continue
        kept.append(each)
        codes.append(low.code[start:])
        outs.append(out)
    return Trial(tuple(kept), low.size, low.constants, inputs, tuple(codes), tuple(outs))


def tried(
    trial: Trial, value_of: Callable[[str], Array], only: Container[str] | None = None
) -> list[tuple[Candidate, Array]]:
    """Work the candidates out on the values of what they read; of some codes alone if asked.

    A formula that cannot be worked out on these numbers has no value and is left out.
    """
    slots: list[Array] = [None] * trial.size
    for at, constant in trial.constants.items():
        slots[at] = constant
    for name, at in trial.inputs.items():
        slots[at] = value_of(name)
    out: list[tuple[Candidate, Array]] = []
    with np.errstate(all="ignore"):
        for each, code, end in zip(trial.candidates, trial.codes, trial.outs, strict=True):
            if only is not None and each.code not in only:
                continue
            for kernel, reads, at in code:
                slots[at] = kernel(*[slots[read] for read in reads])
            out.append((each, slots[end]))
    return out


def one_of(trial: Trial, candidate: Candidate) -> Trial:
    """Give a trial of one candidate alone."""
    number = trial.candidates.index(candidate)
    return trial._replace(candidates=(candidate,), codes=(trial.codes[number],), outs=(trial.outs[number],))


def shaken(
    trial: Trial, candidate: Candidate, value_of: Callable[[str], Array], unit_of: Callable[[str], Array]
) -> Array | None:
    """Give how far a candidate's value may be moved, entry by entry: by the last places of what it reads, and by
    rounding on the way. None where more than MOST_MOVED entries would have to be moved, each for itself."""
    alone = one_of(trial, candidate)
    (code,), (end,) = alone.codes, alone.outs
    if len(code) > MOST_MOVED:
        return None
    slots: list[Array] = [None] * trial.size
    for at, constant in trial.constants.items():
        slots[at] = constant
    read: dict[int, Array] = {}
    for name, at in trial.inputs.items():
        slots[at] = np.asarray(value_of(name), dtype=float)
        read[at] = np.asarray(unit_of(name), dtype=float)

    def worked(slots: list[Array], nudged: int = -1, nudge: Array | None = None) -> list[Array]:
        slots = list(slots)
        if nudged in read:
            slots[nudged] = slots[nudged] + nudge
        with np.errstate(all="ignore"):
            for kernel, reads, at in code:
                slots[at] = kernel(*[slots[each] for each in reads])
                if at == nudged:
                    slots[at] = slots[at] + nudge
        return slots

    base = worked(slots)
    moves = {at: read[at] for at in {each for _, reads, _ in code for each in reads} if at in read}
    moves.update({at: rounding(np.asarray(base[at]), np.asarray(HIDDEN_DIGITS)) for _, _, at in code if at != end})
    if sum(np.count_nonzero(size) for size in moves.values()) > MOST_MOVED:
        return None
    total = np.zeros(np.shape(base[end]))
    for at, size in moves.items():
        for place in np.flatnonzero(size):
            nudge = np.zeros(np.shape(size))
            nudge.reshape(-1)[place] = size.reshape(-1)[place]
            with np.errstate(all="ignore"):
                total = total + np.abs(worked(slots, at, nudge)[end] - base[end])
    return total


def everywhere(work: Sheetwork, code: str, variant: int) -> Program | None:
    """Give the schedule of a student who makes one mistake wherever it can be made; None where it leads in a circle."""
    key = f"everywhere {code} {variant}"
    if key not in work.trials:
        forms: dict[str, Expr] = {}
        for name in work.key:
            some = [each for each in trial_of(work, name).candidates if each.code == code]
            if some:  # functions differ in how many forms there are of their slopes
                forms[name] = some[min(variant, len(some) - 1)].formula
        work.trials[key] = _in_order(work, forms)
    program: Program | None = work.trials[key]
    return program


def _in_order(work: Sheetwork, forms: Mapping[str, Expr]) -> Program | None:
    try:
        return compile_table(work.table, work.wanted, batched=True, forms=forms)
    except (*UNFIT, RecursionError):
        return None
