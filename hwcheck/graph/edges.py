"""The computational graph: which quantity of a forward pass is worked out from which.

An arrow goes from a quantity to every definition whose formula reads it. Numbers and functions are no quantities, nor
are sizes; a derivative belongs to no forward pass; a given that nothing reads is no part of the graph.
"""

from collections.abc import Iterable

from .table import Table

Edge = tuple[str, str]


def graph_of(table: Table) -> dict[str, list[str]]:
    """Give the quantities of the forward pass, each with those that its formula reads, in the order of the table."""
    read = {row.name: _sources(table, row.name) for row in table if row.role == "forward"}
    used = {source for sources in read.values() for source in sources}
    return {name: read.get(name, []) for name in table.rows if name in read or name in used}


def edges_of(table: Table) -> list[Edge]:
    """Give the arrows of the forward pass, from what is read to what reads it, by the latter in the table's order."""
    return edges_in(graph_of(table))


def edges_in(graph: dict[str, list[str]]) -> list[Edge]:
    """Give the arrows of a graph."""
    return [(source, name) for name, sources in graph.items() for source in sources]


def readers_in(names: Iterable[str], edges: Iterable[Edge]) -> dict[str, list[str]]:
    """Give for each quantity those that read it."""
    found: dict[str, list[str]] = {name: [] for name in names}
    for source, name in edges:
        found[source].append(name)
    return found


def _sources(table: Table, name: str) -> list[str]:
    return [source for source in table.reads(name) if source not in table.symbols and source not in table.sizes]
