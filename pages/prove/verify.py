"""Verify: whether an evidence pack is as it was made, whose signature it carries, and what has changed in the register since."""

from popmap.ui.page import begin, end
from popmap.ui.verify_panel import result, sent

view = begin("verify", "Verify", "Is an evidence pack as it was made, by whom, and does the register still say the same?", filtered=False)
pack = sent()
if pack:
    result(view, pack)
end(view)
