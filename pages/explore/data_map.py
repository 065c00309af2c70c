"""Data map: which categories of personal data go to which vendors, as a picture and as a table of the same rows."""

from popmap.tables import Ask
from popmap.ui.map_options import options
from popmap.ui.map_panel import draw
from popmap.ui.page import begin, end
from popmap.ui.table import register_table

view = begin("data_map", "Data map", "Which categories of personal data go to which vendors, and why")
draw(view, options(view))
register_table(
    view,
    "flows",
    Ask(view.asked),
    empty="No flow matches. Remove a filter above, or add flows to flows.csv.",
)
end(view)
