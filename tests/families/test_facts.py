"""The articles' numbers, recomputed: every preset of the bank gives them, to the digits that are known."""

from __future__ import annotations

import pytest

from quiz_bank.problem import components
from quiz_bank.registry import family
from quiz_bank.variants import explicit, preset

# Slug, preset, part -> the values, from 50-digit arithmetic rounded to 12 decimals (or 10 digits where they are small).
FACTS: list[tuple[str, str, str, tuple[float, ...]]] = [
    ("surprisal", "panda", "surprisal", (6.907755278982,)),
    ("surprisal", "rare", "surprisal", (4.605170185988,)),
    ("surprisal", "certain", "surprisal", (0.010050335854,)),
    ("entropy", "forest", "entropy", (1.029653014065,)),
    ("entropy", "medium", "entropy", (0.801818552543,)),
    ("entropy", "uniform", "entropy", (1.098612288668,)),
    ("entropy", "one-hot", "entropy", (0.0,)),
    ("cross-entropy", "loaded-coin", "cross_entropy", (4.559218987487,)),
    ("cross-entropy-one-hot", "mock-question", "loss", (0.356674943939,)),
    ("cross-entropy-one-hot", "forest-dog", "loss", (0.356674943939,)),
    ("cross-entropy-one-hot", "animals-early", "loss", (0.916290731874,)),
    ("cross-entropy-one-hot", "animals-late", "loss", (0.020202707318,)),
    ("cross-entropy-one-hot", "weather-a", "loss", (0.105360515658,)),
    ("cross-entropy-one-hot", "weather-b", "loss", (0.510825623766,)),
    ("softmax", "three-routes", "probabilities", (0.659001138886, 0.242432970705, 0.098565890409)),
    ("ce-from-logits", "three-routes", "loss", (0.417030016278,)),
    ("ce-from-logits", "article-correct", "loss", (0.029000039781,)),
    ("ce-from-logits", "article-close", "loss", (0.713861604409,)),
    ("ce-from-logits", "article-wrong", "loss", (4.529000039781,)),
    ("gradient-logits", "three-routes", "gradient", (-0.340998861114, 0.242432970705, 0.098565890409)),
    ("multi-label-bce", "multi-label", "terms", (0.126928011043, 0.201413277983, 0.313261687518)),
    ("multi-label-bce", "multi-label", "sum", (0.641602976544,)),
    ("multi-label-bce", "multi-label", "mean", (0.213867658848,)),
    ("mse-sigmoid-gradient", "saturated-right", "mse_gradient", (-4.121745838e-9,)),
    ("mse-sigmoid-gradient", "saturated-wrong", "mse_gradient", (-9.078749373e-5,)),
    ("mse-sigmoid-gradient", "saturated-wrong", "bce_gradient", (-0.999954602131,)),
    ("ce-vs-mse", "article-correct", "squared_error", (5.75,)),
    ("ce-vs-mse", "article-close", "squared_error", (1.496666666667,)),
    ("ce-vs-mse", "article-wrong", "squared_error", (8.75,)),
    ("label-smoothing", "article-smoothing", "loss", (0.513696682945,)),
    ("focal-loss", "article-focal", "loss", (2.366660476e-6,)),
]


@pytest.mark.parametrize(("slug", "name", "part", "values"), FACTS)
def test_a_preset_gives_the_recomputed_number(slug: str, name: str, part: str, values: tuple[float, ...]) -> None:
    truth = preset(family(slug), name).numeric[part].truth
    assert components(truth) == pytest.approx(values, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize(
    ("slug", "parameters", "part", "value"),
    [
        ("surprisal", {"probability": "0.001", "log_base": "2"}, "surprisal", 9.965784284662),
        ("entropy", {"probabilities": ["0.2", "0.3", "0.5"], "log_base": "2"}, "entropy", 1.485475297227),
        ("entropy", {"probabilities": ["0.99", "0.01"]}, "entropy", 0.056001534355),
    ],
)
def test_the_same_in_bits_and_its_neighbours(slug: str, parameters: dict[str, object], part: str, value: float) -> None:
    assert explicit(family(slug), 1, parameters).truths[part] == pytest.approx(value, abs=1e-12)


ARTICLES = ("article-correct", "article-close", "article-wrong")
PRESETS = {
    "surprisal": ("panda", "rare", "certain"),
    "entropy": ("forest", "medium", "uniform", "one-hot"),
    "cross-entropy": ("loaded-coin",),
    "cross-entropy-one-hot": ("mock-question", "forest-dog", "animals-early", "animals-late", "weather-a", "weather-b"),
    "softmax": ("three-routes",),
    "ce-from-logits": ("three-routes", *ARTICLES),
    "ce-three-routes": ("three-routes",),
    "ce-vs-mse": ARTICLES,
    "spot-the-article-error": ARTICLES,
    "gradient-logits": ("three-routes",),
    "mse-sigmoid-gradient": ("saturated-right", "saturated-wrong"),
    "multi-label-bce": ("multi-label",),
    "label-smoothing": ("article-smoothing",),
    "class-weighted-ce": ("article-weights",),
    "focal-loss": ("article-focal",),
}


@pytest.mark.parametrize("slug", PRESETS)
def test_the_articles_problems_are_presets_by_name(slug: str) -> None:
    assert set(PRESETS[slug]) <= set(family(slug).presets)
