"""The import page's parts: sending a list in, deciding what it leaves open, and seeing what would change before it does."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

import streamlit as st

from popmap.differences import Change, counts
from popmap.errors import PopmapError
from popmap.lists import comparing
from popmap.lists.decisions import Source
from popmap.lists.planning import PASTED, Plan, apply
from popmap.ui import import_session, notices
from popmap.ui.import_deciding import contradictions, questions
from popmap.ui.import_mapping import mapping_panel
from popmap.ui.import_session import Sent
from popmap.ui.import_source import STYLE, source_markup
from popmap.ui.style import HISTORY
from popmap.ui.text import counted, markdown, markup
from popmap.ui.view import View
from popmap.ui.who import author, name_box

_MOST_MEGABYTES = 10
_LISTED = 300
# Shorter lists are read in less time than a progress bar takes to be seen.
_LONG = 100_000
_BY, _WHY, _PASTE, _UPLOADS = "import_by", "import_why", "import_paste", "popmap_lists"
_UPDATE, _COMPARE = "Update the register", "Only compare"
_TITLES = {Change.ADDED: "Added", Change.CHANGED: "Changed", Change.REMOVED: "Removed"}


def upload() -> None:
    """Show where to send a list in: as a file, or pasted."""
    st.html(
        '<div class="popmap"><p class="soft">A list of vendors or of categories of data, as it is published: a page’s tables, Markdown, '
        "HTML, CSV, XLSX, ODS, Parquet, JSON or YAML. You see what was understood, decide what it leaves open, and see what would change "
        "before anything is written. The list stays on this machine.</p></div>"
    )
    came = st.file_uploader(
        f"A file, up to {_MOST_MEGABYTES} MB", key=f"list_{st.session_state.get(_UPLOADS, 0)}", max_upload_size=_MOST_MEGABYTES
    )
    pasted = st.text_area("Or paste it here", key=_PASTE, height=180, placeholder="| Vendor | Purpose | Data | …")
    st.button("Read what I pasted", icon=":material/content_paste:", on_click=_paste, disabled=not (pasted or "").strip())
    if came is not None:
        import_session.take(came.name, came.getvalue())
        st.session_state[_UPLOADS] = st.session_state.get(_UPLOADS, 0) + 1
        st.rerun()


def _paste() -> None:
    text = st.session_state.get(_PASTE) or ""
    if text.strip():
        import_session.take(PASTED, text.encode("utf-8", "replace"))


def work(view: View, one: Sent, folder: Path) -> None:
    """Show what a list says, what it leaves open, and what would change."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.html(f'{STYLE}{HISTORY}<div class="popmap"><h2>{markup(one.name)}</h2></div>')
        st.button("Another list", icon=":material/folder_open:", key="other_list", on_click=import_session.put_away)
    try:
        plan = _planned(one, folder)
    except PopmapError as error:
        st.error(markdown(str(error)), icon=":material/error:")
        return
    _understood(plan)
    left, right = st.columns([3, 2], gap="medium")
    with right:
        st.html('<div class="popmap"><h2>The list’s own words</h2></div>' + source_markup(plan.reading, one.data))
    with left:
        _said_of_source(plan)
        mapping_panel(plan.reading)
        if plan.reading.records:
            intent = st.segmented_control("What for", [_UPDATE, _COMPARE], default=_UPDATE, required=True, key="import_intent")
            questions(plan, folder)
            if intent == _COMPARE:
                _comparison(one, folder)
            else:
                contradictions(plan)
                _changes(plan)
                _write(view, plan)


def _planned(one: Sent, folder: Path) -> Plan:
    """Return the plan; while a long list is read, how far it is. Whatever the reader presses meanwhile ends the reading."""
    if len(one.data) < _LONG:
        return import_session.planned(one, folder)
    with st.empty():

        def tell(done: int, steps: int) -> None:
            st.progress(done / max(1, steps), f"Reading the list: {done:,} of {steps:,} steps. “Another list” stops it.")

        plan = import_session.planned(one, folder, tell)
        st.html("")
    return plan


def _understood(plan: Plan) -> None:
    reading = plan.reading
    read = [table for table in reading.tables if table.kind]
    found = ", ".join(
        counted(
            sum(one.kind == kind for one in reading.records),
            kind.value,
            f"{kind.value.removesuffix('y')}{'ies' if kind.value.endswith('y') else 's'}",
        )
        for kind in dict.fromkeys(one.kind for one in reading.records)
    )
    if found:
        st.markdown(f"**Understood:** {found}, from {counted(len(read), 'table or list', 'tables and lists')}.")
    for one in reading.refusals:
        where = ", ".join(one.lines[:8]) + (f" and {len(one.lines) - 8:,} more" if len(one.lines) > 8 else "")
        st.error(f"**Not read:** {markdown(one.reason)} ({markdown(where)})", icon=":material/block:")
    if reading.notes:
        panel = st.expander(f"{counted(len(reading.notes), 'remark')} on what was read", key="import_notes", on_change="rerun")
        if panel.open:
            with panel:
                _list([f"{one.locator}: {one.text}{f' “{one.quote[:160]}”' if one.quote else ''}" for one in reading.notes])


def _said_of_source(plan: Plan) -> None:
    """Show where the list is from, to be corrected."""
    source = plan.source
    panel = st.expander(f"Source: {source.title} ({source.id})", key="import_source", on_change="rerun")
    if not panel.open:
        return
    with panel:
        with st.container(horizontal=True):
            title = st.text_input("Title", source.title, key="source_title", max_chars=300)
            key = st.text_input(
                "Key", source.id, key="source_key", max_chars=100, help="Reading a list again under the same key replaces it."
            )
        with st.container(horizontal=True, vertical_alignment="bottom"):
            url = st.text_input("Published at", source.url, key="source_url", placeholder="https://…", max_chars=2_000)
            held = date.fromisoformat(source.retrieved_on) if source.retrieved_on else None
            taken = st.date_input("Retrieved on", held, key="source_day", format="YYYY-MM-DD")
            stated = Source(
                key.strip() or source.id, title.strip() or source.title, url.strip(), taken.isoformat() if isinstance(taken, date) else ""
            )
            st.button("Take this", on_click=import_session.state_source, args=(stated,))


def _changes(plan: Plan) -> None:
    content = [one for one in plan.changes if one.table != "evidence"]
    evidence = len(plan.changes) - len(content)
    if not plan.files and not plan.open_questions and not plan.open_contradictions:
        st.success("Nothing to change: the register says all of this already.", icon=":material/check:")
        return
    totals = counts(content)
    same = sum(plan.unchanged.values())
    st.subheader("What would change", anchor=False)
    st.markdown(
        f"**{totals[Change.ADDED]:,} added, {totals[Change.CHANGED]:,} changed, {totals[Change.REMOVED]:,} removed**, {same:,} unchanged; "
        f"{counted(evidence, 'change')} in what cells rest on."
    )
    for change, title in _TITLES.items():
        lines = [str(one) for one in content if one.change is change]
        if lines:
            panel = st.expander(
                f"{title} ({len(lines):,})", expanded=change is not Change.ADDED, key=f"changes_{change.value}", on_change="rerun"
            )
            if panel.open:
                with panel:
                    _list(lines)


def _write(view: View, plan: Plan) -> None:
    if not plan.files:
        return
    if not view.editable:
        st.info("This register is not to be changed here; on the page History you can start one of your own.", icon=":material/lock:")
        return
    left = len(plan.open_questions) + len(plan.open_contradictions)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name_box(_BY, "Who decides")
        st.text_input("Why", key=_WHY, max_chars=500, placeholder=f"Imported {plan.source.title}")
        st.button(
            f"Decide {counted(left, 'more question')}" if left else "Write it to the register",
            type="primary",
            icon=":material/save:",
            disabled=not plan.ready,
            on_click=partial(_apply, plan),
        )


def _apply(plan: Plan) -> None:
    why = (st.session_state.get(_WHY) or "").strip() or f"Imported {plan.source.title}"
    try:
        version = apply(plan, author(_BY), why, datetime.now(UTC))
    except PopmapError as error:
        notices.leave(notices.ERROR, str(error))
        return
    notices.leave(notices.DONE, f"Written as version {version.short}")


def _comparison(one: Sent, folder: Path) -> None:
    register = import_session.register(folder)
    found = comparing.differences(register, comparing.of_list(register, import_session.read(one), one.decided))
    if not found:
        st.success("They say the same, in all that the list states.", icon=":material/check:")
        return
    st.subheader(counted(len(found), "difference"), anchor=False)
    _list([comparing.words(each) for each in found])
    with st.container(horizontal=True):
        for form, label in (("csv", "CSV"), ("xlsx", "Excel"), ("json", "JSON")):
            st.download_button(
                label,
                data=partial(comparing.table_file, register, one.name, found, form, datetime.now(UTC)),
                file_name=f"differences.{form}",
                on_click="ignore",
                icon=":material/download:",
            )


def _list(lines: list[str]) -> None:
    more = f"<li>and {len(lines) - _LISTED:,} more</li>" if len(lines) > _LISTED else ""
    st.html(
        f'<div class="popmap"><ul class="popmap-changes">{"".join(f"<li>{markup(line)}</li>" for line in lines[:_LISTED])}{more}</ul></div>'
    )
