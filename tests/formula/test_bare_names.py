"""A declared name alone is read without the grammar, and as the grammar reads it."""

from hypothesis import given
from hypothesis import strategies as st

from hwcheck.formula.names import key
from hwcheck.formula.parse import Scope, readings

NAMES = st.sampled_from(["Y", "Y1", "Y_1", "Y₁", "e", "T", "dw", "w_new", "ŷ"])
FUNCTIONS = {"exp": ("exp", 1, 1), "e": ("e", 0, 0), "T": ("T", 1, 1)}


@given(st.lists(NAMES, min_size=1, max_size=5), st.sets(st.integers(0, 4)), st.booleans(), st.data())
def test_a_name_alone_is_read_as_the_same_name_between_blanks(
    declared: list[str], arrays: set[int], student: bool, data: st.DataObject
) -> None:
    names = {key(name): name for name in declared}
    scope = Scope(names, FUNCTIONS, frozenset(declared[at] for at in arrays if at < len(declared)), student)
    text = data.draw(st.sampled_from([*declared, *names]))
    alone, blank = readings(text, scope), readings(f" {text}", scope)
    assert alone == blank
    assert [(tree.at.start + 1, tree.at.end + 1) for tree in alone] == [(tree.at.start, tree.at.end) for tree in blank]
