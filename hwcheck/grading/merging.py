"""Joining the journals of several runs about one sheet, such as shards that different machines marked."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence, Set
from contextlib import contextmanager
from typing import NoReturn

from ..diagnostics import Diagnostic, Invalid
from .journal import NAME, Entry, Header, Journal, merged, opened, read

Part = tuple[str, dict[str, Entry]]  # the path of a journal, and which of its lines are taken


@contextmanager
def joined(folder: str, parts: Sequence[str]) -> Iterator[tuple[Header, Journal, list[str]]]:
    """Write the journal of a folder from those of others, and open it; say which shards, such as 2/3, are not there.

    Raises:
        Invalid: they are about different sheets, or say different things about one file; or one cannot be used.
    """
    paths = [os.path.join(part, NAME) for part in parts]
    first: Header | None = None
    taken: dict[str, tuple[str, str]] = {}
    chosen: list[Part] = []
    shards: set[tuple[int, int]] = set()
    for path in paths:
        header, entries, _ = read(path)
        if header is None:
            _refuse("this file is no journal of `hwcheck grade`", path)
        shards.add(header.shard)
        if first is None:
            first = header
        elif header._replace(shard=first.shard) != first:
            _refuse(f"this is about another sheet, or from another version, than {paths[0]}", path)
        for file, entry in entries.items():
            digest, other = taken.setdefault(file, (entry.digest, path))
            if digest != entry.digest:
                _refuse(f"it says something else about `{file}` than {other} does", path)
        chosen.append((path, {file: entry for file, entry in entries.items() if taken[file][1] == path}))
    if first is None:
        raise ValueError("no journals are given")
    header = first._replace(shard=(1, 1))
    target = os.path.join(folder, NAME)
    if target in paths:
        _refuse("this folder is the one that the results go to", target)
    merged(target, header, chosen)
    with opened(folder, header, taken) as journal:
        yield header, journal, _missing(shards)


def _missing(shards: Set[tuple[int, int]]) -> list[str]:
    wanted = {(part, parts) for _, parts in shards for part in range(1, parts + 1)}
    return [f"{part}/{parts}" for part, parts in sorted(wanted - shards)]


def _refuse(message: str, path: str) -> NoReturn:
    raise Invalid([Diagnostic("HW007", message, path, help="give folders of results about one sheet and one class")])
