"""Work done by several processes: some tasks at a time, where a process that dies costs no more than one of them.

A worker reads batches of tasks from a pipe and answers them in order, so that it is known which batch it was at when it
died; the tasks of that are then done one by one. It ends by itself when the pipe is closed, as it is when the program
that started it is killed.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import sys
from collections import deque
from collections.abc import Callable, Generator, Iterable, Sequence
from itertools import islice
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from time import monotonic
from typing import Any

from ..record import NamedTuple

Task = Any
Answer = Any
Work = Callable[[Sequence[Task]], Sequence[Answer]]  # does a batch: an answer for each task

BATCH = 200  # tasks sent at once at most: pages that are marked together cost less, and what waits stays small
SPAN = 1.0  # seconds that a batch takes at most, by what the last one took
WARMING = 4  # tasks that each worker does before it gets one more at once: of a few slow ones each gets its share
PATIENCE = 60.0  # seconds for a batch, or for a task by itself; a page takes a few thousandths of one
TRIES = 2  # a process may be killed for what it has not done; one that dies again at the same task has done it


class Died(NamedTuple):
    """What stands for the answer to a task that no worker could answer."""

    reason: str


class _Failed(NamedTuple):
    """What a worker answers where the work itself ended in an error, which is not the task's fault."""

    error: Exception


class _Worker(NamedTuple):
    process: BaseProcess
    pipe: Connection
    batches: deque[list[Task]]
    heard: list[float]  # when it last answered


def worked(make: Callable[[], Work], tasks: Iterable[Task], count: int) -> Generator[tuple[Task, Answer]]:
    """Give tasks with their answers as these come, from `count` processes; `make` is called in each of them.

    Whoever takes them must close this: what interrupts the end of the workers is told only then.

    What `make` and the work need is there before, where processes are copies of this one; elsewhere both must be
    picklable. The answer to a task that kills its worker, or takes too long, is `Died`; those that were in a batch with
    it are done again.
    """
    todo = iter(tasks)
    again: deque[list[Task]] = deque()
    tries: dict[int, int] = {}
    workers: list[_Worker] = []
    done = 0
    pace = 0.0  # seconds for a task
    gc.freeze()  # so that processes that are copies of this one go on sharing what it has
    try:
        while True:
            many = min(BATCH, 1 + done // (WARMING * count), max(1, int(SPAN / max(pace, SPAN / BATCH))))
            for worker in [each for each in workers if len(each.batches) <= 1]:
                _send(worker, again.popleft() if again else [*islice(todo, many)])
            while len(workers) < count and (some := again.popleft() if again else [*islice(todo, many)]):
                workers.append(_started(make, workers))
                _send(workers[-1], some)
            busy = [each for each in workers if each.batches]
            if not busy:
                return
            ready = wait([each.pipe for each in busy], timeout=1.0)
            for worker in busy:
                before = worker.heard[0]
                answers, alive = _heard(worker) if worker.pipe in ready else ([], True)
                size = sum(map(len, islice(worker.batches, len(answers))))
                pace = (worker.heard[0] - before) / size if size else pace
                for answer in answers:
                    batch = worker.batches.popleft()
                    done += len(batch)
                    tries.pop(id(batch[0]), None)
                    if isinstance(answer, _Failed):
                        raise answer.error
                    yield from zip(batch, answer, strict=True)
                late = bool(worker.batches) and monotonic() - worker.heard[0] > PATIENCE
                if alive and not late:
                    continue
                workers.remove(worker)
                _end(worker)
                if worker.batches:
                    batch = worker.batches.popleft()
                    again.extend(worker.batches)
                    times = tries.pop(id(batch[0]), 0) + 1
                    if len(batch) > 1:
                        again.extend([task] for task in batch)
                    elif late:
                        yield batch[0], Died(f"it takes longer than {PATIENCE:g} seconds")
                    elif times < TRIES:
                        tries[id(batch[0])] = times
                        again.appendleft(batch)
                    else:
                        yield batch[0], Died(f"it ends the program ({_how(worker.process.exitcode)})")
    finally:
        for worker in workers:
            _end(worker)
        gc.unfreeze()


def _started(make: Callable[[], Work], others: Iterable[_Worker]) -> _Worker:
    """Start a worker; as a copy of this process it also has the pipes of the others, and must close them."""
    context: Any = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")
    ours, theirs = context.Pipe()
    held = [ours, *(each.pipe for each in others)] if sys.platform == "linux" else []
    process = context.Process(target=_work, args=(make, theirs, held, sys.getrecursionlimit()), daemon=True)
    process.start()
    theirs.close()
    return _Worker(process, ours, deque(), [monotonic()])


def _send(worker: _Worker, tasks: list[Task]) -> None:
    if not tasks:
        return
    if not worker.batches:
        worker.heard[0] = monotonic()
    worker.batches.append(tasks)
    try:
        worker.pipe.send(tasks)
    except OSError:
        return  # it has died, which is seen where it is listened to


def _heard(worker: _Worker) -> tuple[list[Answer], bool]:
    """Give the answers that are there, and whether there may be more."""
    answers: list[Answer] = []
    try:
        while len(answers) < len(worker.batches) and worker.pipe.poll():
            answers.append(worker.pipe.recv())
    except (EOFError, OSError):
        return answers, False
    worker.heard[0] = monotonic()
    return answers, True


def _end(worker: _Worker) -> None:
    worker.pipe.close()
    worker.process.kill()
    worker.process.join()


def _how(code: int | None) -> str:
    if code is not None and code < 0:
        try:
            return signal.Signals(-code).name
        except ValueError:
            return f"signal {-code}"
    return f"exit code {code}"


def _work(make: Callable[[], Work], pipe: Connection, held: list[Connection], deepest: int) -> None:
    """Answer tasks until there is nobody to answer; what stops the program is for the process that started this."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    sys.setrecursionlimit(deepest)
    for each in held:
        each.close()
    gc.disable()  # what goes in circles is looked for between the batches, where there is little
    try:
        work = make()
        gc.freeze()
        while True:
            tasks = pipe.recv()
            try:
                answer = work(tasks)
            except Exception as error:
                answer = _Failed(error)
            pipe.send(answer)
            gc.collect()
    except (EOFError, OSError):
        os._exit(0)
