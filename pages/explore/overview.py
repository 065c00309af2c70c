"""Overview: what the register covers, what it lacks, what it rests on, and where to begin."""

from popmap.ui.as_of import edited_notice
from popmap.ui.overview_panel import details, headline, ways_in
from popmap.ui.page import begin, end

view = begin("overview", "Overview", "What this register covers, what it lacks and what it rests on")
edited_notice(view)
headline(view)
ways_in(view)
end(view, details(view))
