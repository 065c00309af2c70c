"""A Plotly figure that is made once and shown often."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go


class Drawn(go.Figure):
    """A figure that hands out the plain dictionary it was made of.

    Plotly copies and re-encodes a figure each time it is shown, which costs more than everything else popmap does for a picture; what
    popmap draws is plain lists and texts already, and nobody changes it once it is drawn.
    """

    def __init__(self, data: list[dict[str, Any]], layout: dict[str, Any]) -> None:
        # _validate=False saves 4 to 9 ms more; tests have Plotly validate what is built here.
        super().__init__({"data": data, "layout": layout}, _validate=False)
        self._plain = {"data": data, "layout": layout}

    def to_dict(self) -> dict[str, Any]:
        """Return the figure as a dictionary, which must not be changed."""
        return self._plain
