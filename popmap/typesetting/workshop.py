"""Documents and pictures set in processes of their own: side by side, and their memory is given back with them."""

from __future__ import annotations

import contextlib
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self, cast

from popmap.errors import PopmapError
from popmap.typesetting.jobs import Job, pdf_job, png_job, receive, send_job

AT_ONCE = 2
_ROOT = Path(__file__).resolve().parents[2]
_COMMAND = (sys.executable, "-m", "popmap.typesetting.worker")
_TRY_AGAIN = "Try again; if it happens again, the machine may have too little memory."


class TypesettingError(PopmapError):
    """A document or picture that could not be made."""


class Workshop:
    """Some worker processes; a thread that asks for a document waits for it, and the next thread gets the next worker.

    Use it as a context: its workers end with it, whatever they are at. A worker starts when it is first needed.
    """

    def __init__(self, at_once: int = AT_ONCE) -> None:
        """Prepare a workshop.

        Args:
            at_once: How many documents are set side by side at most.
        """
        self.at_once = at_once
        self._idle: queue.LifoQueue[subprocess.Popen[bytes] | None] = queue.LifoQueue()
        self._alive: set[subprocess.Popen[bytes]] = set()
        self._lock = threading.Lock()
        self._closed = False
        for _ in range(at_once):
            self._idle.put(None)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def pdf(
        self,
        template: Path,
        data: Mapping[str, object],
        made_at: datetime,
        pictures: Mapping[str, bytes] | None = None,
        *,
        tagged: bool = True,
        what: str = "A document",
    ) -> bytes:
        """Return a document; see `typesetting.pdf`.

        Args:
            template: See there.
            data: See there.
            made_at: See there.
            pictures: See there.
            tagged: See there.
            what: What to call it if it cannot be set, as the beginning of a sentence.

        Raises:
            TypesettingError: The template is wrong, which is a fault of popmap's, or the worker died.
        """
        return self._made(pdf_job(template, data, made_at, pictures or {}, tagged), what)

    def png(self, picture: bytes, scale: float = 2, *, what: str = "A picture") -> bytes:
        """Return a picture; see `typesetting.png`, and `pdf` for `what` and what can go wrong."""
        return self._made(png_job(picture, scale), what)

    def rest(self) -> None:
        """End the workers that have nothing to do, and so give back their memory; the next job starts a new one."""
        found = []
        with contextlib.suppress(queue.Empty):
            while True:
                found.append(self._idle.get_nowait())
        for worker in found:
            if worker:
                self._end(worker)
            self._idle.put(None)

    def close(self) -> None:
        """End all workers; whoever waits for one hears that it is closed."""
        with self._lock:
            self._closed = True
            alive = list(self._alive)
        for worker in alive:
            self._end(worker)

    def _made(self, job: Job, what: str) -> bytes:
        worker = self._idle.get()
        keep = False
        try:
            worker = worker or self._start()
            send_job(cast(BinaryIO, worker.stdin), job)
            answer = receive(cast(BinaryIO, worker.stdout))
            if answer is None:
                raise EOFError
            facts, (made,) = answer
            keep = not facts["leaving"]
        except (OSError, EOFError, ValueError) as error:
            raise TypesettingError(f"{what} could not be made: {self._why(worker)}.", _TRY_AGAIN) from error
        finally:
            if worker and not keep:
                self._end(worker)
            self._idle.put(worker if keep else None)
        if facts["fault"]:
            raise TypesettingError(
                f"{what} could not be made: {facts['fault'].splitlines()[0]}.", "This is a fault of popmap's: report it."
            )
        return made

    def _start(self) -> subprocess.Popen[bytes]:
        # Workers are side by side already; threads of their own would only cost them memory.
        environment = {**os.environ, "RAYON_NUM_THREADS": "1"}
        with self._lock:
            if self._closed:
                raise BrokenPipeError
            worker = subprocess.Popen(  # noqa: S603 - popmap itself
                _COMMAND,
                cwd=_ROOT,
                env=environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
            self._alive.add(worker)
        return worker

    def _end(self, worker: subprocess.Popen[bytes]) -> None:
        # It holds nothing that is still wanted, so there is nothing to wait for.
        worker.kill()
        worker.wait()
        with self._lock:
            self._alive.discard(worker)
        for pipe in (worker.stdin, worker.stdout):
            # What could not be written any more is of no use to anybody.
            with contextlib.suppress(OSError, ValueError, AttributeError):
                cast(BinaryIO, pipe).close()

    def _why(self, worker: subprocess.Popen[bytes] | None) -> str:
        if self._closed:
            return "the work was broken off"
        if worker is None:
            return f"{_COMMAND[0]} cannot be started"
        with contextlib.suppress(subprocess.TimeoutExpired):
            worker.wait(1)
        code = worker.returncode
        how = "did not answer" if code is None else f"was ended by signal {-code}" if code < 0 else f"ended with code {code}"
        return f"the process that sets it {how}"
