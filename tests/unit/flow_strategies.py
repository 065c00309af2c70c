"""Made-up flow graphs for the property tests of the data map."""

from __future__ import annotations

from hypothesis import strategies as st

from popmap.flow.graph import LAYERS, NOT_STATED, OTHER, Path

KEYS = st.one_of(st.integers(0, 25).map(lambda number: f"k{number}"), st.sampled_from([NOT_STATED, OTHER]))
NAMES = st.one_of(
    st.text(max_size=40),
    st.sampled_from(["<b>bold</b>", "a" * 300, "名前株式会社" * 20, "שלום עולם", "\x00\x1f\ud800", "👩‍👩‍👧‍👦 family", "$x^2$", "=1+1"]),
)


@st.composite
def graph_parts(draw: st.DrawFn) -> tuple[tuple[str, ...], list[Path], dict[str, dict[str, str]]]:
    """Return layers, paths and labels to build a graph from."""
    layers = tuple(draw(st.lists(st.sampled_from(list(LAYERS)), min_size=2, max_size=5, unique=True)))
    keys = st.tuples(*[KEYS for _ in layers])
    paths = draw(st.lists(st.builds(Path, keys, st.integers(0, 60), st.integers(0, 3), st.integers(0, 3)), max_size=60))
    name = draw(NAMES)
    labels = {layer: {f"k{at}": f"{name}{at}" for at in range(0, 26, 3)} for layer in layers}
    return layers, paths, labels
