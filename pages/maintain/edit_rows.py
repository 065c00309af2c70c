"""Edit rows: the register's rows filled in by hand, each new cell with who confirms it and what it rests on."""

from popmap.opened import register_folder
from popmap.ui import notices
from popmap.ui.edit_panel import edit_panel, no_editing
from popmap.ui.page import begin, end

view = begin("edit_rows", "Edit rows", "Fill in what is not stated, by hand, each cell with who confirms it")
notices.show()
if view.editable:
    edit_panel(view, register_folder())
else:
    no_editing(view)
end(view)
