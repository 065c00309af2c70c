"""What a page shows, and to whom."""

from __future__ import annotations

from dataclasses import dataclass

from popmap.filters import Filter, to_english
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
    """

    store: Store
    asked: Filter
    flows: int
    theme: str
    query: Query
    turned: bool
    public: bool = False

    @property
    def scope(self) -> str:
        """Return the active filter in English, "" when nothing is filtered."""
        return to_english(self.asked, self.store.known) if self.asked else ""
