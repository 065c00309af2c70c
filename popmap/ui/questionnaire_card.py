"""How an answer looks: its outcome, its words, why the question was read so, and what it rests on."""

from __future__ import annotations

from urllib.parse import parse_qs

import streamlit as st

from popmap.answering.answers import stamp
from popmap.answering.approved import Offer
from popmap.answering.model import Answer, Outcome, Question
from popmap.filters import TEXT_KEY
from popmap.store import Store
from popmap.ui.navigation import page
from popmap.ui.text import counted, markup

MARKS = {Outcome.ANSWERED: "✓", Outcome.PERSON: "✎", Outcome.NOT_STATED: "∅", Outcome.NOT_REGISTER: "–"}
LABELS = {
    Outcome.ANSWERED: "Answered from rows",
    Outcome.PERSON: "Evidence for a person",
    Outcome.NOT_STATED: "Not stated in the register",
    Outcome.NOT_REGISTER: "Not a register question",
}
MEANINGS = {
    Outcome.ANSWERED: "The register’s rows say this.",
    Outcome.PERSON: "Whether something is in place is for a named person to say; these are the facts.",
    Outcome.NOT_STATED: "The register has a place for this, and it is empty.",
    Outcome.NOT_REGISTER: "A register does not hold this, or the question was not understood for certain.",
}
LANGUAGE_NAMES = {"en": "English", "fr": "French", "de": "German", "es": "Spanish"}
_SHOWN_ROWS = 50
_LINE = "1px solid #8896a84d"
_SOFT = "color-mix(in srgb, currentColor 72%, transparent)"
# The page's own, as .streamlit/config.toml has it: what scrolls behind the buttons must not show through.
_PAPER, _DARK_PAPER = "#ffffff", "#10161f"
# White reads on it at 5:1, and it stands off from both themes' background at 3:1; the dark theme's own colour is too light for white.
_BUTTON = "#1f6fc4"
# The four outcomes differ in their mark, their words and the line at their side; colour only comes on top.
STYLE = "".join(
    line.strip()
    for line in f"""<style>
.popmap-answer {{border: {_LINE}; border-left: .4rem solid #8896a8; border-radius: .4rem; padding: .75rem 1rem .8rem; font-size: .95rem}}
.popmap-answer.answered {{border-left-color: #2f8f5b}}
.popmap-answer.evidence-for-a-person {{border-left: .4rem double #b7791f}}
.popmap-answer.not-stated {{border-left: .4rem dashed #c2562d}}
.popmap-answer.not-a-register-question {{border-left: .4rem dotted #8896a8}}
.popmap-answer p {{margin: .45rem 0 0; line-height: 1.5; overflow-wrap: anywhere; white-space: pre-line}}
.popmap-answer .outcome {{margin: 0; font-weight: 600; line-height: 1.4; white-space: normal}}
.popmap-answer .outcome b {{display: inline-block; min-width: 1.5rem; height: 1.5rem; line-height: 1.4rem; text-align: center;
 margin-right: .5rem; border: 1px solid currentColor; border-radius: .3rem; font-weight: 700}}
.popmap-line {{padding: .2rem .6rem .25rem; font-size: .9rem}}
.popmap-ground {{border-width: 1px 0 0; border-radius: 0; padding: .1rem 0 0}}
.popmap-answer .answered-text {{max-height: 16rem; overflow-y: auto}}
.popmap-answer .soft, .popmap-question .soft {{font-size: .85rem; color: {_SOFT}}}
.popmap-answer mark {{background: color-mix(in srgb, currentColor 13%, transparent); color: inherit;
 border-radius: .25rem; padding: 0 .3rem}}
.popmap-answer .flag {{border: 1px dashed currentColor; border-radius: .4rem; padding: .45rem .7rem}}
.popmap-answer details {{margin-top: .55rem; font-size: .85rem}}
.popmap-answer summary {{cursor: pointer; font-weight: 600}}
.popmap-answer table {{width: 100%; border-collapse: collapse; margin: .3rem 0 0}}
.popmap-answer th, .popmap-answer td {{text-align: left; vertical-align: top; padding: .3rem .6rem .3rem 0; border: 0;
 border-bottom: {_LINE}; overflow-wrap: anywhere; font-weight: 400}}
.popmap-answer thead th {{color: {_SOFT}}}
.popmap-answer q {{font-style: italic; quotes: "“" "”"}}
.popmap-place p {{font-size: .85rem; color: {_SOFT}; margin: 0}}
.popmap-question h3 {{font-size: 1.05rem; line-height: 1.4; font-weight: 600; margin: 0 0 .2rem; padding: 0; white-space: pre-line;
 overflow-wrap: anywhere; max-height: 7rem; overflow-y: auto}}
.popmap-question p {{margin: 0; line-height: 1.5; overflow-wrap: anywhere}}
[data-testid=stBaseButton-primary], [data-testid=stBaseButton-primary]:hover {{background: {_BUTTON}; border-color: {_BUTTON}; color: #fff}}
[data-testid=stBaseButton-primary] kbd {{color: #fff; opacity: 1}}
.st-key-review_outcome button[data-selected=true] {{background: transparent !important; font-weight: 600 !important}}
.st-key-decide {{gap: .5rem; padding: .35rem 0; background: light-dark({_PAPER}, {_DARK_PAPER})}}
[data-testid=stLayoutWrapper]:has(> .st-key-decide) {{position: sticky; bottom: 0; z-index: 2}}
.st-key-review_who > * {{flex: 1 1 9rem; width: auto; min-width: 0}}
.st-key-review_body {{align-items: flex-start; gap: 1.25rem}}
.st-key-review_body > * {{flex: 1 1 18rem; width: auto; min-width: 0}}
.st-key-review_body > :last-child {{flex: 1.25 1 22rem}}
.st-key-panel_head > :first-child, .st-key-file_head > :first-child {{flex: 1 1 6rem; width: auto; min-width: 0}}
.st-key-file_head h2, .st-key-file_head .soft {{white-space: nowrap; overflow: hidden; text-overflow: ellipsis}}
.st-key-file_head h2 {{padding: .2rem 0}}
.st-key-panel_head {{gap: .75rem}}
</style>""".splitlines()
)


def answer_card(store: Store, question: Question, answer: Answer, offered: Offer | None, *, public: bool = False) -> str:
    """Return an answer as markup.

    Args:
        store: The register.
        question: What is asked.
        answer: What the register proposes.
        offered: The approved answer to it, None when there is none.
        public: Whether it is left out who approved an answer.
    """
    text = f'<p class="answered-text" lang="{question.language}" tabindex="0">{markup(answer.text)}</p>' if answer.text else ""
    said = f'{_outcome(answer)}{_approved(offered, public)}<p class="soft">{MEANINGS[answer.outcome]}</p>{text}'
    return f'<div class="popmap-answer {answer.outcome.value}" lang="en">{said}{_ground(store, question, answer)}</div>'


def outcome_line(answer: Answer, offered: Offer | None, *, public: bool = False) -> str:
    """Return what came of a question as markup, in a line, with what is known of an approved answer to it."""
    return f'<div class="popmap-answer popmap-line {answer.outcome.value}" lang="en">{_outcome(answer)}{_approved(offered, public)}</div>'


def ground(store: Store, question: Question, answer: Answer) -> str:
    """Return as markup why a question was read as it was, and the rows its answer rests on."""
    return f'<div class="popmap-answer popmap-ground" lang="en">{_ground(store, question, answer)}</div>'


def links(answer: Answer, key: str) -> None:
    """Show the ways from an answer to the view and the gap it rests on."""
    to_gap = answer.gap and answer.page != "gaps"
    if not answer.page:
        return
    with st.container(horizontal=True, key=key):
        if answer.gap and answer.page == "gaps":
            _gap_link(answer.gap)
        else:
            label = f"Show these rows on {page(answer.page).title}"
            # Without any key the page would bring back the filter the reader had before, and show other rows than these.
            query = parse_qs(answer.query) or {TEXT_KEY: [""]}
            st.page_link(page(answer.page), label=label, icon=":material/open_in_new:", query_params=query, width="content")
        if to_gap:
            _gap_link(answer.gap)


def _gap_link(code: str) -> None:
    st.page_link(page("gaps"), label=f"Gap: {code}", icon=":material/rule:", query_params={"rule": code}, width="content")


def _outcome(answer: Answer) -> str:
    return f'<p class="outcome"><b aria-hidden="true">{MARKS[answer.outcome]}</b>{LABELS[answer.outcome]}</p>'


def _ground(store: Store, question: Question, answer: Answer) -> str:
    return f'<p class="soft">{_why(question, answer)} · {markup(stamp(store, "en"))}</p>{_rows(answer)}'


def _approved(offered: Offer | None, public: bool) -> str:
    if not offered:
        return ""
    one = offered.approved
    flags = [
        "the rows it rests on have changed since" if offered.changed else "",
        f"it expired on {one.expires_on}" if offered.expired else "",
    ]
    said = " and ".join(filter(None, flags))
    who = "" if public else f" by {one.approved_by or 'nobody named'}"
    by = f"Approved{who}, {one.approved_on or 'no date'}"
    if not said:
        return f'<p class="flag">★ {markup(by)}; its rows are unchanged. It is proposed first.</p>'
    return f'<p class="flag">⚠ {markup(by)}, but {markup(said)}: look at it again before you use it.<br>{markup(one.answer)}</p>'


def _why(question: Question, answer: Answer) -> str:
    """Return why a question was read as it was, the words that decided it marked."""
    match = answer.match
    said, because, _ = match.why.partition(" because of: ")
    words = " ".join(f"<mark>{markup(word)}</mark>" for word in dict.fromkeys(match.words))
    because = f"{' because of' if because else ' Matched words:'} {words}" if words else ""
    asked = f"asked in {LANGUAGE_NAMES[question.language]}"
    if not match.intent:
        return f"{markup(said)}{because} · {asked}"
    ahead = f", {match.margin:.2f} ahead of the next reading" if match.margin < match.score else ", no other reading came near"
    return f"{markup(said)}{because} · match {match.score:.2f} of 1{ahead} · {asked}"


def _rows(answer: Answer) -> str:
    if not answer.rows:
        return ""
    rows = "".join(
        f"<tr><td>{markup(row.table)}</td><td>{markup(row.row_id)}</td>"
        f"<td>{f'<q>{markup(row.quote)}</q>' if row.quote else 'no quote'}</td><td>{markup(row.locator)}</td></tr>"
        for row in answer.rows[:_SHOWN_ROWS]
    )
    more = answer.row_count - min(len(answer.rows), _SHOWN_ROWS)
    rest = f'<p class="soft">and {more:,} more, in the view</p>' if more > 0 else ""
    return (
        f"<details><summary>Rests on {counted(answer.row_count, 'row')}</summary><table><thead><tr><th>Table</th><th>Row</th><th>Quote</th>"
        f"<th>Where</th></tr></thead><tbody>{rows}</tbody></table>{rest}</details>"
    )
