"""The folder that results go to: made, held by one run at a time, and rid of what a killed run left half-written."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import sys
from collections.abc import Iterator
from time import sleep

from ..diagnostics import Diagnostic, Invalid
from ..files import TEMPORARY, append, refuse_writing

LOCK = ".lock"
FEEDBACK = "feedback"  # the folder within for what students are given
GIVEN = ".feedback"  # the list of these files
MOMENT = 0.1  # seconds, in which a run that has just taken the folder writes its number there
LEFT = re.compile(rf"^\..+\.\d+{re.escape(TEMPORARY)}$")


@contextlib.contextmanager
def held(folder: str) -> Iterator[None]:
    """Make a folder and keep other runs from writing to it; what holds it is gone when this process is.

    Raises:
        Invalid: another run holds it, or it cannot be written to.
    """
    path = os.path.join(folder, LOCK)
    try:
        os.makedirs(folder, exist_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o666)
    except OSError as error:
        refuse_writing(folder, error)
    try:
        if not _locked(handle):
            sleep(MOMENT)
            holder = os.read(handle, 20).decode("ascii", "replace").strip()
            message = f"another run{f' (process {holder})' if holder.isdigit() else ''} writes to this folder"
            raise Invalid([Diagnostic("HW007", message, folder, help="wait until it is done, or give another folder")])
        try:
            os.ftruncate(handle, 0)
            append(handle, f"{os.getpid()}\n".encode())
            for place in (folder, os.path.join(folder, FEEDBACK)):
                for name in os.listdir(place) if os.path.isdir(place) else []:
                    if LEFT.match(name):
                        os.unlink(os.path.join(place, name))
        except OSError as error:
            refuse_writing(folder, error)
        yield
    finally:
        os.close(handle)


def _locked(handle: int) -> bool:
    """Lock an open file for this process alone, which its copies are not; tell whether nobody else has it."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        return error.errno not in (errno.EACCES, errno.EAGAIN, errno.EDEADLK)  # others: no locks on this file system
    return True
