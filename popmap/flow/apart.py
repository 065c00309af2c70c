"""Boxes that overlap, moved apart as little as that takes."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import lru_cache

PUSHES = 120
# Where there is no room at all: how much further down than everything else.
_BELOW = 50.0


def keep_apart(
    centres: list[list[float]],
    sizes: Sequence[tuple[float, float]],
    heights: tuple[float, float],
    middle: float,
    aside: Callable[[float, float], float],
) -> None:
    """Move boxes until none overlaps another.

    Args:
        centres: Each box's [x, y] in pixels, changed in place; of two that collide for good, the later one gives way.
        sizes: Each box's width and height.
        heights: Between which heights their centres stay while there is room.
        middle: The x they stand around.
        aside: How far from the middle a box may stand, by its height on the page and its width.
    """
    top, bottom = heights
    for _ in range(PUSHES):
        moved = _push(centres, sizes)
        for centre, (across, _) in zip(centres, sizes, strict=True):
            centre[1] = min(max(centre[1], top), bottom)
            side = aside(centre[1], across)
            centre[0] = min(max(centre[0], middle - side), middle + side)
        if not moved:
            break
    for at, (x, y) in enumerate(centres):
        boxes = [(centre[0], centre[1], size[0], size[1]) for centre, size in zip(centres, sizes, strict=True)]
        others = boxes[:at] + boxes[at + 1 :]
        if not _free(x, y, sizes[at], others[:at]):
            # Where pushing found no way out, the nearest free place, or below everything.
            places = ((x + right, y + down) for right, down in _nearby())
            inside = (place for place in places if top <= place[1] <= bottom and abs(place[0] - middle) <= aside(place[1], sizes[at][0]))
            below = (middle, max(bottom, *(centre[1] for centre in centres)) + _BELOW)
            centres[at][:] = next((place for place in inside if _free(*place, sizes[at], others)), below)


def _free(x: float, y: float, size: tuple[float, float], others: Sequence[tuple[float, float, float, float]]) -> bool:
    return not any(
        abs(x - other_x) < (size[0] + across) / 2 - 0.5 and abs(y - other_y) < (size[1] + tall) / 2 - 0.5
        for other_x, other_y, across, tall in others
    )


@lru_cache(maxsize=1)
def _nearby() -> list[tuple[float, float]]:
    """Return steps away from a place, the shortest first."""
    steps = [(24.0 * right, 10.0 * down) for right in range(-20, 21) for down in range(-80, 81)]
    return sorted(steps, key=lambda step: (math.hypot(*step), step))


def _push(centres: list[list[float]], sizes: Sequence[tuple[float, float]]) -> bool:
    moved = False
    for one in range(len(centres)):
        for other in range(one):
            dx, dy = centres[one][0] - centres[other][0], centres[one][1] - centres[other][1]
            over_x = (sizes[one][0] + sizes[other][0]) / 2 - abs(dx)
            over_y = (sizes[one][1] + sizes[other][1]) / 2 - abs(dy)
            if over_x > 0 and over_y > 0:
                axis, over, way = (0, over_x, dx) if over_x < over_y else (1, over_y, dy)
                shift = (over / 2 + 0.1) * (1 if way >= 0 else -1)
                centres[one][axis] += shift
                centres[other][axis] -= shift
                moved = True
    return moved
