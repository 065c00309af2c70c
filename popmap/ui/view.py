"""What a page shows, and to whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from popmap.filters import Filter, to_english
from popmap.opened import BUNDLED
from popmap.register.history import Version
from popmap.store import Store
from popmap.ui.state import Query


@dataclass(frozen=True, slots=True)
class View:
    """What a page shows.

    Attributes:
        store: The register.
        asked: The active filter.
        flows: How many flows are behind it.
        theme: "light" or "dark".
        query: What the URL held when the page began.
        turned: Whether the reader came from another page.
        public: Whether columns meant for those who keep the register are left out, here and in every file.
        version: The version of the register that is looked at; None for the register as it is.
        bar: The row under the page's head: the filter bar, and in a line below it what the page itself has to set.
    """

    store: Store
    asked: Filter
    flows: int
    theme: str
    query: Query
    turned: bool
    public: bool = False
    version: Version | None = None
    bar: Any = None

    @property
    def editable(self) -> bool:
        """Return whether the register may be changed from here: neither the bundled sample nor an earlier version may."""
        return self.version is None and self.store.folder != BUNDLED

    @property
    def scope(self) -> str:
        """Return the active filter in English, "" when nothing is filtered."""
        return to_english(self.asked, self.store.known) if self.asked else ""
