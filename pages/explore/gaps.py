"""Gaps: what the register does not say or says wrongly, keyed to the GDPR's articles."""

import streamlit as st

from popmap.tables import Ask
from popmap.ui.downloads import table_downloads
from popmap.ui.gap_panel import rule_panel, rule_table, severity_filter
from popmap.ui.gap_rules import rules_of
from popmap.ui.page import begin, end
from popmap.ui.text import counted

view = begin("gaps", "Gaps", "What the register does not say or says wrongly, with the article each gap rests on")
rules = rules_of(view.store, view.asked)
last = ""
if rules:
    with view.bar:
        shown = severity_filter(view, rules)
        table_downloads(view, "findings", Ask(view.asked), (), key="download_all_findings")
    st.markdown(f"**{counted(sum(rule.hits for rule in shown), 'finding')}** from {counted(len(shown), 'rule')}")
    rule_table(view, shown)
    last = rule_panel(view, shown)
elif view.asked:
    st.info("No gap rule hits what is behind the filter. Clear the filter to check the whole register.", icon=":material/check_circle:")
else:
    st.success("No gap rule hits this register.", icon=":material/check_circle:")
end(view, last)
