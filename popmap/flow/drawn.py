"""A Plotly figure that is made once and shown often."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go

try:
    from orjson import OPT_SERIALIZE_NUMPY, Fragment, dumps
except ImportError:  # Without orjson Plotly writes JSON itself, from the dictionary.
    Fragment = None

# What Plotly replaces in all it writes. It would do so in the end, but text takes it six times as long as bytes.
_REPLACED = ((b"<", rb"\u003c"), (b">", rb"\u003e"), (b"/", rb"\u002f"))


class _Plain(dict[str, Any]):
    """A figure as a dictionary that is written as JSON once.

    Plotly's `to_json_plotly` asks what it writes for `to_plotly_json` when it writes with orjson; text that is JSON already is copied.
    """

    __slots__ = ("_written",)

    def to_plotly_json(self) -> Any:
        """Return what to write: the dictionary, from the second time on its JSON; trace uids are left out as `plotly.io.to_json` does."""
        if Fragment is None:
            return dict(self)
        if not hasattr(self, "_written"):
            data = [{key: value for key, value in trace.items() if key != "uid"} for trace in self["data"]]
            written = dumps({**self, "data": data}, option=OPT_SERIALIZE_NUMPY)
            for character, escape in _REPLACED:
                written = written.replace(character, escape)
            self._written = Fragment(written)
        return self._written


class Drawn(go.Figure):
    """A figure that hands out the plain dictionary it was made of.

    Plotly copies and re-encodes a figure each time it is shown, which costs more than everything else popmap does for a picture; what
    popmap draws is plain lists and texts already, and nobody changes it once it is drawn. Plotly's own objects are made of it when
    something asks for them; to show it, nothing does.
    """

    def __init__(self, data: list[dict[str, Any]], layout: dict[str, Any]) -> None:
        self._plain = _Plain(data=data, layout=layout)

    def __reduce__(self) -> tuple[type[Drawn], tuple[Any, Any]]:
        """Return how to make a copy."""
        return Drawn, (self._plain["data"], self._plain["layout"])

    def to_dict(self) -> dict[str, Any]:
        """Return the figure as a dictionary, which must not be changed."""
        return self._plain

    def __getattr__(self, name: str) -> Any:
        """Make the figure that Plotly knows when the first of its attributes is asked for."""
        if name == "_plain" or name.startswith("__") or "_data_objs" in self.__dict__:
            raise AttributeError(name)
        # _validate=False saves 4 to 9 ms; tests have Plotly validate what is built here.
        super().__init__(dict(self._plain), _validate=False)
        return getattr(self, name)
