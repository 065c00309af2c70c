"""Evidence: everything about the register as one file that verifies later, without this server and without popmap."""

from popmap.ui.evidence_panel import contents, made, options, signing
from popmap.ui.page import begin, end
from popmap.ui.renderings_panel import renderings_panel

view = begin("evidence", "Evidence", "One file an auditor can keep, and check byte for byte without popmap")
asked = options(view)
if not made(view, asked):
    contents()
signing(view, asked)
renderings_panel(view)
end(view)
