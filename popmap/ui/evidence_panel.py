"""Making an evidence pack: what goes into it and for whom, the making itself, and taking it away."""

from __future__ import annotations

import shlex
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlencode

import streamlit as st

from popmap.errors import PopmapError
from popmap.evidence.manifest import GUIDE, INTERNAL, MANIFEST, PUBLIC, SUMS
from popmap.evidence.pack import PAPERS, Options, Pack, make
from popmap.evidence.parts import PARTS
from popmap.filters import to_query
from popmap.ui.style import OVERVIEW
from popmap.ui.text import counted, markdown, markup
from popmap.ui.view import View

AUDIENCE_KEY, PAPER_KEY, TIME_KEY = "pack_for", "pack_paper", "pack_time"
_MADE = "popmap_pack"
_AUDIENCES = {PUBLIC: "Outsiders", INTERNAL: "Internal use"}
_PAPERS = {"a4": "A4", "letter": "Letter"}
_STYLE = f"{OVERVIEW}<style>.popmap .digest {{overflow-wrap: anywhere}}</style>"
_OF_EACH = {
    MANIFEST: "What the pack holds and was made from: SHA-256 and size of each file, the register’s version, filter, time and versions.",
    SUMS: "The SHA-256 of each file, for sha256sum -c.",
    GUIDE: "How to check all of it by hand, without popmap.",
}
# Each pack opens the register once more; that of several sessions at once would fill the memory.
_making = threading.Lock()


@dataclass(frozen=True, slots=True)
class Made:
    """A pack that was made in this session.

    Attributes:
        key: What it was made of: the register's fingerprint and the options.
        name: Its file's name.
        data: The archive.
        digest: The SHA-256 of its manifest.
        files: Each file's name, size and SHA-256.
    """

    key: tuple[object, ...]
    name: str
    data: bytes
    digest: str
    files: tuple[tuple[str, int, str], ...]


def options(view: View) -> Options:
    """Show what can be chosen about a pack, and return what is."""
    st.session_state.setdefault(TIME_KEY, datetime.now(UTC).replace(tzinfo=None, second=0, microsecond=0))
    with st.container(horizontal=True, vertical_alignment="bottom", key="pack_options"):
        audience = st.segmented_control(
            "For",
            list(_AUDIENCES),
            default=PUBLIC,
            required=True,
            format_func=lambda key: _AUDIENCES[key],
            key=AUDIENCE_KEY,
            help="For outsiders, internal columns (notes, owner, who checked) are left out everywhere, the register’s own tables included.",
        )
        paper = st.segmented_control(
            "Paper", list(PAPERS), default=PAPERS[0], required=True, format_func=lambda key: _PAPERS[key], key=PAPER_KEY
        )
        when = st.datetime_input(
            "Date and time (UTC)",
            key=TIME_KEY,
            format="YYYY-MM-DD",
            step=60,
            help="Stated in the pack; findings are judged as of this day. The same time, options and register give the same bytes.",
            width=230,
        )
    query = urlencode(to_query(view.asked), doseq=True)
    made_at = (when or datetime.now(UTC)).replace(tzinfo=UTC, second=0, microsecond=0)
    return Options(made_at, query, audience == INTERNAL, paper or PAPERS[0])


def made(view: View, asked: Options) -> bool:
    """Show the button that makes a pack and, once one is made of just this, what is in it and the way to take it away.

    Returns:
        Whether there is one.
    """
    key = (view.store.fingerprint, asked)
    kept: Made | None = st.session_state.get(_MADE)
    ready = kept if kept and kept.key == key else None
    st.html(f'{_STYLE}<div class="popmap"><p class="note">{_scope(view, asked)}</p></div>')
    with st.container(horizontal=True, vertical_alignment="center", key="pack_actions"):
        if ready:
            st.download_button(
                f"Download the pack ({_size(len(ready.data))})",
                data=ready.data,
                file_name=ready.name,
                mime="application/zip",
                key="download_pack",
                type="primary",
                icon=":material/download:",
                on_click="ignore",
            )
        label, kind = ("Make it again", "secondary") if ready else ("Make the pack", "primary")
        start = st.button(label, key="make_pack", type=kind, icon=":material/inventory_2:")
    if start:
        ready = _make(view, asked, key) or ready
        if ready and ready is not kept:
            st.session_state[_MADE] = ready
            st.rerun()
    if ready:
        _show(ready)
    return ready is not None


def contents() -> None:
    """Show what a pack will hold."""
    rows = [(part.name, part.what) for part in PARTS if part.reproducible] + list(_OF_EACH.items())
    cells = (f'<th scope="row">{markup(name)}</th><td>{markup(what)}</td>' for name, what in rows)
    st.html(f'<div class="popmap"><h2>What is in a pack</h2>{_table(("File", "What it is for"), cells)}</div>')


def _make(view: View, asked: Options, key: tuple[object, ...]) -> Made | None:
    bar = st.progress(0.0, "Waiting for another pack to be made …")
    try:
        with _making:
            pack = make(view.store.folder, asked, tell=lambda share, what: bar.progress(min(share, 1.0), markdown(what)))
            return _kept(pack, key)
    except PopmapError as error:
        st.error(markdown(str(error)), icon=":material/error:")
        return None
    finally:
        bar.empty()


def _kept(pack: Pack, key: tuple[object, ...]) -> Made:
    listed = pack.manifest.files
    sizes = ((name, place.sum) for name, place in pack.files.places.items())
    # What no manifest lists has no sum to show; the manifest's own stands above the table.
    files = tuple((name, one.size, one.sha256 if name in listed else "") for name, one in sizes)
    return Made(key, pack.name, b"".join(pack.pieces()), pack.digest, files)


def _show(pack: Made) -> None:
    rows = (
        f'<th scope="row">{markup(name)}</th><td>{markup(_what(name))}</td><td class="number">{_size(size)}</td>'
        f'<td class="short"><code>{sha256[:12]}</code></td>'
        for name, size, sha256 in pack.files
    )
    st.html(
        f'<div class="popmap"><h2>{counted(len(pack.files), "file")}</h2>'
        f'<p class="soft">SHA-256 of its manifest, which names this pack: <code class="digest">{pack.digest}</code></p>'
        f"{_table(('File', 'What it is for', 'Size', 'SHA-256'), rows)}</div>"
    )


def _what(name: str) -> str:
    # A file in a folder is explained by the folder.
    return _OF_EACH.get(name) or next((part.what for part in PARTS if name == part.name or name.startswith(part.name)), "")


def _scope(view: View, asked: Options) -> str:
    rows = f"the rows behind the filter: {view.scope}" if view.asked else "the whole register"
    whom = (
        "The register comes byte for byte as it was read, internal columns included."
        if asked.internal
        else "Internal columns are left out, and the register comes as a public copy without them."
    )
    return markup(f"Tables and pictures hold {rows}. Findings as of {asked.made_at.date().isoformat()}. {whom}")


def signing(view: View, asked: Options) -> None:
    """Show how the same pack is made with a signature."""
    words = ["popmap", "evidence", str(view.store.folder), "-o", "pack.zip", "--date", asked.made_at.strftime("%Y-%m-%dT%H:%M:%SZ")]
    words += ["--filter", asked.query] if asked.query else []
    words += ["--internal"] if asked.internal else []
    words += ["--paper", asked.paper] if asked.paper != PAPERS[0] else []
    st.html(
        '<div class="popmap"><h2>Signed</h2><p class="soft">A pack made here is not signed: a private key has no place on a server that '
        "others use. On the command line the same pack comes with a signature (make a key once with popmap keygen):</p></div>"
    )
    st.code(f"{shlex.join(words)} --sign my.key", language=None, wrap_lines=True)


def _size(size: int) -> str:
    return f"{size:,} bytes" if size < 1_000 else f"{size / 1_000:,.0f} KB" if size < 1_000_000 else f"{size / 1_000_000:,.1f} MB"


def _table(headings: Iterable[str], rows: Iterable[str]) -> str:
    head = "".join(f'<th scope="col"{" class=number" if name == "Size" else ""}>{name}</th>' for name in headings)
    return f'<table class="popmap-grid"><thead><tr>{head}</tr></thead><tbody>{"".join(f"<tr>{row}</tr>" for row in rows)}</tbody></table>'
