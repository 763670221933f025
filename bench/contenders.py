"""What accuracy is measured of, by every road: reference, interval arithmetic, arrays, SciPy and plain NumPy."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from bench.optional import library
from quiz_bank.engine import arrays, reference
from tests.engine import formulas
from tests.engine.oracle import nearest

Case = tuple[Any, ...]
Function = Callable[..., Any]
Floats = NDArray[np.float64]
Row = list[float]


@dataclass(frozen=True, slots=True)
class Quantity:
    """One quantity by every road, on logits with a target, on a label with a scalar logit, or on two distributions."""

    kind: Literal["logits", "scalars", "distributions"]
    bound: float
    reference: Function
    oracle: Function | None
    arrays: Function
    scipy: Function | None
    plain: Function | None


def _shifted(z: Row) -> tuple[Floats, Floats]:
    differences: Floats = np.asarray(z) - np.max(z)
    return differences, np.exp(differences)


def _softmax(z: Row, _: int) -> Floats:
    powers = _shifted(z)[1]
    result: Floats = powers / powers.sum()
    return result


def _log_softmax(z: Row, _: int = 0) -> Floats:
    differences, powers = _shifted(z)
    result: Floats = differences - np.log(powers.sum())
    return result


def _less_one_hot(p: Floats, t: int) -> Floats:
    result: Floats = p - np.eye(len(p))[t]
    return result


def _sigmoid(z: float) -> Floats:
    result: Floats = 1 / (1 + np.exp(-np.asarray(z, dtype=float)))
    return result


def _focal(z: Row, t: int) -> Floats:
    log_p = _log_softmax(z)[t]
    result: Floats = -((1 - np.exp(log_p)) ** 2) * log_p
    return result


def _kl(p: Row, q: Row) -> Floats:
    a, b = np.asarray(p), np.asarray(q)
    result: Floats = np.where(a == 0, 0.0, a * np.log(a / b)).sum()
    return result


def _js(p: Row, q: Row) -> Floats:
    middle = [(a + b) / 2 for a, b in zip(p, q, strict=True)]
    return (_kl(p, middle) + _kl(q, middle)) / 2


def _squared_slope(share: Floats, y: float) -> Floats:
    result: Floats = 2 * (share - y) * share * (1 - share)
    return result


def _softplus_loss(y: int, z: float) -> Floats:
    result: Floats = np.maximum(z, 0) - np.float64(z) * y + np.log1p(np.exp(-np.abs(z)))
    return result


def _in_scipy(make: Callable[[Any], Function]) -> Function | None:
    special = library("scipy.special")
    return make(special) if special else None


def _scipy_js(special: Any) -> Function:  # noqa: ANN401 - a module without types
    def divergence(p: Row, q: Row) -> Floats:
        middle = (np.asarray(p) + q) / 2
        result: Floats = (special.rel_entr(p, middle).sum() + special.rel_entr(q, middle).sum()) / 2
        return result

    return divergence


QUANTITIES = {
    "CE from logits, hard label": Quantity(
        "logits",
        4,
        reference.cross_entropy_from_logits,
        lambda z, t: np.inf if z[t] == -np.inf else nearest(formulas.hard_loss, z, t),
        arrays.cross_entropy_from_logits,
        _in_scipy(lambda special: lambda z, t: special.logsumexp(z) - z[t]),
        lambda z, t: -_log_softmax(z)[t],
    ),
    "p − y, hard label": Quantity(
        "logits",
        4,
        reference.gradient_logits,
        lambda z, t: [nearest(formulas.hard_slope, z, t, j) for j in range(len(z))],
        arrays.gradient_logits,
        _in_scipy(lambda special: lambda z, t: _less_one_hot(special.softmax(z), t)),
        lambda z, t: _less_one_hot(_softmax(z, t), t),
    ),
    "softmax": Quantity(
        "logits",
        4,
        lambda z, _: reference.softmax(z),
        lambda z, _: [nearest(formulas.softmax, z, j) for j in range(len(z))],
        lambda z, _: arrays.softmax(z),
        _in_scipy(lambda special: lambda z, _: special.softmax(z)),
        _softmax,
    ),
    "log-softmax": Quantity(
        "logits",
        4,
        lambda z, _: reference.log_softmax(z),
        lambda z, _: [-np.inf if v == -np.inf else -nearest(formulas.hard_loss, z, j) for j, v in enumerate(z)],
        lambda z, _: arrays.log_softmax(z),
        _in_scipy(lambda special: lambda z, _: special.log_softmax(z)),
        _log_softmax,
    ),
    "focal loss, γ = 2": Quantity(
        "logits",
        16,
        lambda z, t: reference.focal_loss_from_logits(z, t, gamma=2),
        None,
        lambda z, t: arrays.focal_loss_from_logits(z, t, gamma=2),
        None,
        _focal,
    ),
    "BCE from a logit": Quantity(
        "scalars",
        4,
        reference.binary_cross_entropy_from_logits,
        lambda y, z: nearest(formulas.logit_loss, y, z),
        arrays.binary_cross_entropy_from_logits,
        _in_scipy(lambda special: lambda y, z: -special.log_expit(z if y else -z)),
        _softplus_loss,
    ),
    "σ(z) − y": Quantity(
        "scalars",
        4,
        reference.gradient_bce_logit,
        lambda y, z: nearest(formulas.logit_slope, y, z),
        arrays.gradient_bce_logit,
        _in_scipy(lambda special: lambda y, z: special.expit(z) - y),
        lambda y, z: _sigmoid(z) - y,
    ),
    "squared error's gradient": Quantity(
        "scalars",
        16,
        reference.gradient_mse_sigmoid,
        lambda y, z: nearest(formulas.squared_error_slope, y, z),
        arrays.gradient_mse_sigmoid,
        _in_scipy(lambda special: lambda y, z: _squared_slope(special.expit(z), y)),
        lambda y, z: _squared_slope(_sigmoid(z), y),
    ),
    "entropy": Quantity(
        "distributions",
        4,
        lambda p, _: reference.entropy(p),
        lambda p, _: nearest(formulas.entropy, p),
        lambda p, _: arrays.entropy(p),
        _in_scipy(lambda special: lambda p, _: special.entr(p).sum()),
        lambda p, _: -np.where(np.asarray(p) == 0, 0.0, p * np.log(p)).sum(),
    ),
    "KL": Quantity(
        "distributions",
        4,
        reference.kl_divergence,
        lambda p, q: nearest(formulas.divergence, p, q) if all(b for a, b in zip(p, q, strict=True) if a) else np.inf,
        arrays.kl_divergence,
        _in_scipy(lambda special: lambda p, q: special.rel_entr(p, q).sum()),
        _kl,
    ),
    "JS": Quantity("distributions", 16, reference.jensen_shannon, None, arrays.jensen_shannon, _in_scipy(_scipy_js), _js),
}
