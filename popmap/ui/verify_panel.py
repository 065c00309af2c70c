"""Checking an evidence pack that a reader sends in: intact or not, signed by whom, made from what, and what has changed since."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

import streamlit as st
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from popmap.errors import PopmapError
from popmap.evidence.against import Since, since
from popmap.evidence.manifest import PUBLIC, Manifest
from popmap.evidence.signing import parse_public
from popmap.evidence.verdict import Verdict
from popmap.evidence.verify import verify
from popmap.ui.style import LINE, OVERVIEW
from popmap.ui.text import NOT_STATED, counted, markdown, markup
from popmap.ui.view import View

PACK_KEY, PEM_KEY, CHECKED = "verify_pack", "verify_key", "popmap_checked"
_MOST_MEGABYTES = 10
_NOT_THERE = "not in the pack"
_LISTED = 100
_STYLE = (
    f"{OVERVIEW}<style>.popmap-verdict {{border: {LINE}; border-left-width: .4rem; border-radius: .4rem; padding: .9rem 1.1rem; "
    "margin: .3rem 0 .4rem} .popmap-verdict.good {border-left-color: #2e8b57} .popmap-verdict.bad {border-left-color: #d64545} "
    ".popmap-verdict p.big {font-size: 1.35rem; font-weight: 600; line-height: 1.3; margin: 0 0 .35rem} "
    ".popmap-verdict p {overflow-wrap: anywhere} .popmap-grid code {overflow-wrap: anywhere; white-space: normal}</style>"
)


@dataclass(frozen=True, slots=True)
class Sent:
    """A pack that came: its file's name, its bytes, and the public key that should have signed it, None when none was given."""

    name: str
    data: bytes
    key: Ed25519PublicKey | None


def sent() -> Sent | None:
    """Show where to send in a pack and a key, and return what came; None while nothing did, or a key that is none."""
    came = st.file_uploader("The pack: a ZIP file, up to 10 MB", type=["zip"], key=PACK_KEY, max_upload_size=_MOST_MEGABYTES)
    pem = st.text_area(
        "The public key that should have signed it (optional)",
        key=PEM_KEY,
        height=110,
        placeholder="-----BEGIN PUBLIC KEY----- …",
        help="The content of the .pub file, got from whoever signed in another way than with the pack.",
    )
    if came is None:
        st.html(
            '<div class="popmap"><p class="soft">Every byte is accounted for: a file that was changed, taken out, put in or moved is named '
            "with its place. Nothing is unpacked or run, and the pack stays on this machine. Check a larger one with the command line:</p>"
            "</div>"
        )
        st.code("popmap verify pack.zip --key signer.key.pub --against my-register", language=None)
        return None
    try:
        key = parse_public(pem.strip().encode() + b"\n", "That") if pem and pem.strip() else None
    except PopmapError as error:
        st.error(markdown(str(error)), icon=":material/key_off:")
        return None
    return Sent(came.name, came.getvalue(), key)


def result(view: View, pack: Sent) -> None:
    """Show what checking a pack found, and what has changed in the register since."""
    verdict = verify(pack.data, pack.key)
    checked = [(fault.kind, fault.shown or "the archive", fault.words, fault.place or _NOT_THERE) for fault in verdict.faults]
    about = _about(verdict.manifest, verdict) if verdict.manifest else {}
    # For the evidence view, on which nothing can be sent in.
    st.session_state[CHECKED] = (pack.name, hashlib.sha256(pack.data).hexdigest(), _headline(verdict), str(verdict.signer), checked, about)
    st.html(f"{_STYLE}{_verdict(pack, verdict)}")
    if verdict.intact:
        digest = hashlib.sha256(pack.data).hexdigest()
        try:
            compared = view.store.remember(("since", digest), lambda: since(verdict, view.store))
        except PopmapError as error:
            st.warning(markdown(str(error)))
        else:
            st.html(_since(compared, view.store.settings.title))
    if verdict.manifest:
        st.html(_facts(verdict.manifest, verdict))


def _headline(verdict: Verdict) -> str:
    if not verdict.recognised:
        return "✕ Not an evidence pack"
    if not verdict.intact:
        return f"✕ Not intact: {counted(len(verdict.faults), 'thing')} found"
    return "✓ Intact: every byte is as it was made" if verdict.signer.as_wanted else "✕ Intact, but not signed by the key given"


def _verdict(pack: Sent, verdict: Verdict) -> str:
    good = verdict.intact and verdict.signer.as_wanted
    parts = [f'<p class="big">{_headline(verdict)}</p>', f"<p>{markup(verdict.signer)}</p>", f'<p class="soft">{markup(pack.name)}</p>']
    shown = verdict.faults[:_LISTED]
    rows = [
        f'<td class="short">{markup(fault.kind)}</td><th scope="row">{markup(fault.shown or "the archive")}</th>'
        f"<td>{markup(fault.words)}</td><td>{markup(fault.place) or _NOT_THERE}</td>"
        for fault in shown
    ]
    more = len(verdict.faults) - len(shown)
    table = _table(("What", "File", "What is wrong", "Where"), rows) if rows else ""
    table += f'<p class="soft">and {more:,} more</p>' if more else ""
    return f'<div class="popmap popmap-verdict {"good" if good else "bad"}" role="status">{"".join(parts)}{table}</div>'


def _since(compared: Since, title: str) -> str:
    changes = [("Settings", str(cell)) for cell in compared.settings] + [(one.change.capitalize(), str(one)) for one in compared.rows]
    rows = [f'<td class="short">{markup(kind)}</td><td>{markup(words)}</td>' for kind, words in changes[:_LISTED]]
    more = len(changes) - len(rows)
    table = _table(("What", "How"), rows) if rows else ""
    table += f'<p class="soft">and {more:,} more; popmap verify on the command line lists them</p>' if more else ""
    with_which = f'<p class="soft">Compared with the register that is open here: {markup(title or "one without a title")}</p>'
    return f'<div class="popmap"><h2>Since then</h2><p>{markup(compared)}</p>{with_which}{table}</div>'


def _about(stated: Manifest, verdict: Verdict) -> dict[str, str]:
    commit = f"commit {stated.commit}" if stated.commit else ""
    return {
        "Register": stated.title,
        "Fingerprint": stated.fingerprint,
        "History": commit if stated.at_commit or not commit else f"{commit}, whose files were others than those read",
        "Filter": stated.filter or "none, the whole register",
        "Findings as of": stated.as_of,
        "Made at": stated.made_at,
        "For": "outsiders, without internal columns" if stated.audience == PUBLIC else "internal use, with internal columns",
        "Files listed": f"{len(stated.files):,}",
        "Not reproducible": ", ".join(stated.not_reproducible) or "none of them",
        "Made with": ", ".join(f"{name} {version}" for name, version in stated.versions.items()),
        "SHA-256 of the manifest": verdict.digest,
    }


def _facts(stated: Manifest, verdict: Verdict) -> str:
    rows = (f'<th scope="row">{name}</th><td>{_cell(value)}</td>' for name, value in _about(stated, verdict).items())
    doubt = "" if verdict.intact else '<p class="soft">The pack is not intact, so none of this is proven.</p>'
    return f'<div class="popmap"><h2>What the pack says of itself</h2>{doubt}{_table(("Fact", "Stated"), rows)}</div>'


def _cell(value: str) -> str:
    return markup(value) if value else f'<span class="blank">{NOT_STATED}</span>'


def _table(headings: Iterable[str], rows: Iterable[str]) -> str:
    head = "".join(f'<th scope="col">{name}</th>' for name in headings)
    return f'<table class="popmap-grid"><thead><tr>{head}</tr></thead><tbody>{"".join(f"<tr>{row}</tr>" for row in rows)}</tbody></table>'
