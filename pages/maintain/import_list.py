"""Import a list: a published list read, decided on and written into the register, every cell with its source; or only compared."""

from popmap.opened import register_folder
from popmap.ui import notices
from popmap.ui.import_panel import upload, work
from popmap.ui.import_session import sent
from popmap.ui.page import begin, end

view = begin("import_list", "Import a list", "From a published list to the register, every cell with its source", filtered=False)
notices.show()
one = sent()
if one:
    work(view, one, register_folder())
else:
    upload()
end(view)
