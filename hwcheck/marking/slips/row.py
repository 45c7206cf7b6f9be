"""What a row of the catalogue of slips says."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from ...record import NamedTuple

if TYPE_CHECKING:
    from ...formula.expr import Expr
    from ...graph.table import Definition
    from .scene import Scene

    #: (scene, definition) -> the formulas that a student who makes the mistake works out in the definition's place
    Rewrite = Callable[[Scene, Definition], Iterator[Expr]]


class Example(NamedTuple):
    """One case of a slip: what is given, the right value and the wrong one, as text."""

    given: str
    right: str
    wrong: str


class Slip(NamedTuple):
    """A mistake that students make.

    `code` never changes. `name` is a phrase that goes on after "this is" ("a sign slip in one update"). `kind` is "bug"
    for a wrong rule, which hits every entry of its kind, "slip" for one that happens once, "note" for what takes no
    marks. `weight`, from 1 to 4, is how often it is seen. `what` says for a teacher what is done in the place of what;
    `hint` is told to the student: it points to the place and gives no number away; `see` is how to see it oneself.
    `alike` says with what it may coincide. `unless` makes it acceptable, as a convention is: unless the sheet fixes one
    of these conventions ("" where nothing can fix it). `rewrites` are what students work out instead, by the table
    of definitions; what is found in the digits, in the order or in the names of values has none.
    """

    code: str
    name: str
    kind: str
    category: str
    weight: int
    what: str
    hint: str
    see: str
    example: Example
    alike: str = ""
    unless: str | None = None
    rewrites: "tuple[Rewrite, ...]" = ()
