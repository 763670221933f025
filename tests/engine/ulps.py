"""How far float64 results are from correctly rounded ones, in units of the last place of the latter."""

import numpy as np
from numpy.typing import ArrayLike


def ulps(measured: ArrayLike, exact: ArrayLike) -> float:
    """Give the largest distance; inf for the other sign, another infinity, or nan."""
    ours, truth = np.broadcast_arrays(np.asarray(measured, dtype=float), np.asarray(exact, dtype=float))
    same = (ours == truth) | (np.isnan(ours) & np.isnan(truth))
    comparable = np.isfinite(ours) & np.isfinite(truth) & (np.sign(ours) * np.sign(truth) >= 0)
    with np.errstate(all="ignore"):
        distance = np.abs(ours - truth) / np.spacing(np.abs(truth))
    return float(np.max(np.where(same, 0.0, np.where(comparable, distance, np.inf)), initial=0.0))
