"""The menu: made once, and yet no run's pages are another's."""

from __future__ import annotations

from screens import OTHERS, PAGES, Open

from popmap.ui.navigation import menu


def test_each_run_has_pages_of_its_own(open_page: Open):
    """A run marks the page it may call; two runs at once do not take each other's mark away, because they share no page."""
    open_page("overview")
    one, other = ([page for pages in menu().values() for page in pages] for _ in range(2))
    assert [page.url_path for page in one] == [page.url_path for page in other] == ["", *PAGES[1:], *OTHERS]
    assert not {id(page) for page in one} & {id(page) for page in other}


def test_pages_stand_in_sub_folders(open_page: Open):
    """No page's file stands directly in pages/, where a first deep link would run it without app.py."""
    open_page("overview")
    files = [page._page for pages in menu().values() for page in pages]
    assert all(file.is_file() and file.parent.parent.name == "pages" for file in files)
