"""The history page's parts: edits made outside, the versions, and what changed from one to another."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import streamlit as st

from popmap.errors import PopmapError
from popmap.past import Changes, changes, restore
from popmap.register.history import Version, find
from popmap.register.saving import record, state
from popmap.ui import notices
from popmap.ui.evidence_history import FROM_KEY, TO_KEY
from popmap.ui.state import AT_KEY, value_in, write_key, write_keys
from popmap.ui.style import HISTORY
from popmap.ui.text import counted, markdown, markup
from popmap.ui.view import View
from popmap.ui.who import author, name_box

_LISTED = 400
_WHY, _RECORDED_BY, _RESTORED_BY = "history_why", "history_by", "restore_by"
_COLUMNS = ("Version", "When (UTC)", "Who", "Why")


def outside_panel(folder: Path, newest: Version | None) -> None:
    """Offer to record what was edited outside popmap, with the difference; or to begin a history.

    Args:
        folder: The register folder.
        newest: The newest version, None when no history is kept.
    """
    with st.container(border=True, key="outside_edits"):
        if newest:
            st.markdown("**The register was edited outside popmap since its last version.** Record it, so that the history says so.")
            _words(_changes(folder, newest, None), "outside")
        else:
            st.markdown(
                "**No history is kept of this register yet.** Record it as it is: from then on each change has its author, its reason and "
                "its day, and any version can be looked at again."
            )
        with st.container(horizontal=True, vertical_alignment="bottom"):
            name_box(_RECORDED_BY, "Who records it")
            st.text_input("Why", key=_WHY, max_chars=500, placeholder="As agreed with …" if newest else "As published on …")
            st.button("Record as a version", type="primary", icon=":material/save:", on_click=partial(_record, folder, state(folder)))


def version_table(known: Sequence[Version]) -> None:
    """Show all versions, the newest first, as a table that prints."""
    rows = "".join(
        f"<tr><td><code>{markup(one.short)}</code></td><td>{one.at:%Y-%m-%d %H:%M}</td><td>{markup(one.author)}</td>"
        f"<td>{markup(one.message)}</td></tr>"
        for one in known
    )
    head = "".join(f'<th scope="col">{name}</th>' for name in _COLUMNS)
    st.html(f'{HISTORY}<div class="popmap popmap-history"><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>')


def comparison(view: View, folder: Path, known: Sequence[Version], *, editable: bool) -> None:
    """Show two versions to choose, what changed from one to the other, and what can be done with the earlier one."""
    ids = [one.id for one in known]
    by_id = {one.id: one for one in known}
    later = _chosen(view, folder, TO_KEY) or known[0]
    before = ids[ids.index(later.id) + 1 :]
    earlier = _chosen(view, folder, FROM_KEY) or (by_id[before[0]] if before else None)
    st.session_state.update({"history_from": earlier.id if earlier else "", "history_to": later.id})
    with st.container(horizontal=True, vertical_alignment="bottom"):
        labels = {one.id: f"{one.short} · {one.at:%Y-%m-%d} · {one.author} · {one.message.splitlines()[0][:60]}" for one in known}
        labels[""] = "The beginning: nothing"
        st.selectbox(
            "From", [*ids, ""], format_func=labels.__getitem__, key="history_from", on_change=_write, args=(FROM_KEY, "history_from")
        )
        st.selectbox("To", ids, format_func=labels.__getitem__, key="history_to", on_change=_write, args=(TO_KEY, "history_to"))
        st.button(
            "View the register as it was",
            icon=":material/visibility:",
            help=f"Every page as of the version {later.short}; nothing can be changed there, and the link keeps it.",
            on_click=write_key,
            args=(AT_KEY, later.id),
        )
        if editable and later.id != known[0].id:
            with st.popover("Restore …", icon=":material/settings_backup_restore:"):
                st.markdown(f"The register becomes what it was in {later.short}, as a **new** version: nothing in the history goes away.")
                name_box(_RESTORED_BY, "Who restores it")
                st.text_input("Why", key="restore_why", max_chars=500)
                st.button("Restore this version", type="primary", on_click=partial(_restore, folder, later, state(folder)))
    _words(_changes(folder, earlier, later), "between")


def _changes(folder: Path, before: Version | None, after: Version | None) -> Changes | None:
    try:
        with st.spinner("Comparing …"):
            return changes(folder, before, after)
    except PopmapError as error:
        st.error(markdown(str(error)), icon=":material/error:")
        return None


def _words(found: Changes | None, key: str) -> None:
    """Show what changed: content first, evidence counted and folded away."""
    if found is None:
        return
    if not found:
        st.html('<div class="popmap"><p class="soft">Nothing changed between these two, row by row.</p></div>')
        return
    lines = found.lines()
    evidence = sum(one.table == "evidence" for one in found.rows)
    _list(lines[: len(lines) - evidence])
    if evidence:
        panel = st.expander(f"{counted(evidence, 'change')} in what cells rest on (evidence)", key=f"evidence_{key}", on_change="rerun")
        if panel.open:
            with panel:
                _list(lines[len(lines) - evidence :])


def _list(lines: Sequence[str]) -> None:
    more = f"<li>and {len(lines) - _LISTED:,} more; <code>popmap diff</code> lists all</li>" if len(lines) > _LISTED else ""
    items = "".join(f"<li>{markup(line)}</li>" for line in lines[:_LISTED])
    st.html(f'<div class="popmap"><ul class="popmap-changes">{items}{more}</ul></div>')


def _chosen(view: View, folder: Path, key: str) -> Version | None:
    named = value_in(view.query, key)
    try:
        return find(folder, named) if named else None
    except PopmapError as error:
        st.warning(f"This link names a version there is none of: {markdown(str(error))}")
        return None


def _write(key: str, widget: str) -> None:
    write_keys({key: (st.session_state[widget],) if st.session_state[widget] else ()})


def _record(folder: Path, seen: str) -> None:
    try:
        if state(folder) != seen:
            notices.leave(notices.ERROR, "The files were edited again meanwhile. Look at the difference, and record it then.")
            return
        version = record(folder, author=author(_RECORDED_BY), message=st.session_state.get(_WHY) or "", at=datetime.now(UTC))
    except PopmapError as error:
        notices.leave(notices.ERROR, str(error))
        return
    st.session_state[_WHY] = ""
    notices.leave(notices.DONE, f"Recorded as version {version.short}")


def _restore(folder: Path, version: Version, seen: str) -> None:
    try:
        made = restore(folder, version, author(_RESTORED_BY), st.session_state.get("restore_why") or "", seen)
    except PopmapError as error:
        notices.leave(notices.ERROR, str(error))
        return
    write_keys({FROM_KEY: (), TO_KEY: ()})
    notices.leave(notices.DONE, f"Restored as version {made.short}")
