"""The process that sets documents for another one: `python -m popmap.typesetting.worker`, jobs on its input, files on its output.

It imports typst and no other library, holds no more than one document at a time, and ends with the pipe it reads from.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from pathlib import Path

from popmap.typesetting.compiling import forget, run
from popmap.typesetting.jobs import receive_job, send

# Bytes of memory after which a worker asks to be replaced by a fresh one: a usual document leaves it below.
_MOST = 90_000_000


def main() -> None:
    """Work until there is no more to do."""
    # Ctrl+C reaches every process of a terminal; this one ends when the one it works for does.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    source, out = sys.stdin.buffer, sys.stdout.buffer
    # The other side may be gone, in the middle of a job, too.
    with contextlib.suppress(BrokenPipeError, EOFError):
        while job := receive_job(source):
            try:
                made, fault = run(job), ""
            except Exception as error:  # noqa: BLE001 - whatever it is, the one who asked is told
                made, fault = b"", str(error) or type(error).__name__
            del job
            leaving = _held() > _MOST
            send(out, {"fault": fault, "leaving": leaving}, [made])
            if leaving:
                return
            del made
            forget()


def _held() -> int:
    """Return the bytes of memory this process holds, 0 where the system does not tell."""
    try:
        return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        return 0


if __name__ == "__main__":
    main()
    # Nothing is left to write, and a pipe that is gone is no reason to complain at the end.
    os._exit(0)
