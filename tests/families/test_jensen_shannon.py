"""Jensen-Shannon divergence: known pairs, its bound, what follows, each mistake by hand, and parameters at their edges."""

import pytest

from quiz_bank.families.jensen_shannon.family import FAMILY
from quiz_bank.grading.judge import grade
from quiz_bank.parameters import ParameterError
from quiz_bank.variants import explicit

# The mixture is [5/16, 3/16, 1/2]; KL(p||m) = 0.133636, KL(q||m) = 0.138879 nats.
PAIR: dict[str, object] = {"target": ["0.5", "0.25", "0.25"], "prediction": ["0.125", "0.125", "0.75"]}
RIGHT: dict[str, object] = {"jsd": "0.1363", "share": "0.1966"}


def test_two_mirrored_coins_are_apart_by_what_a_fair_coin_has_more_of() -> None:
    truths = explicit(FAMILY, 1, {"target": ["0.75", "0.25"], "prediction": ["0.25", "0.75"], "log_base": "2"}).truths
    assert truths == pytest.approx({"jsd": 0.188721875541, "share": 0.188721875541}, abs=1e-12)  # 1 - H(1/4) in bits


def test_distributions_without_a_common_class_reach_the_bound() -> None:
    truths = explicit(FAMILY, 1, {"target": ["1", "0"], "prediction": ["0", "1"]}).truths
    assert truths == {"jsd": 0.6931471805599453, "share": 1.0}  # ln 2


def test_equal_distributions_are_not_apart() -> None:
    variant = explicit(FAMILY, 1, {"target": ["0.3", "0.7"], "prediction": ["0.3", "0.7"]})
    assert variant.truths == {"jsd": 0.0, "share": 0.0}


def test_a_share_that_follows_from_a_wrong_divergence_is_credited() -> None:
    jsd, share = grade(explicit(FAMILY, 1, PAIR), {"jsd": "0.300", "share": "0.433"}).parts
    assert (jsd.result, share.result, share.carried_from) == ("wrong", "right", ("jsd",))


@pytest.mark.parametrize(
    ("part", "answer", "code"),
    [
        ("jsd", "0.5779", "mean-of-the-two-kls"),
        ("jsd", "-0.5569", "mixture-unnormalised"),  # 0.1363 - ln 2
        ("jsd", "0.1336", "one-side-only"),
        ("jsd", "0.1389", "one-side-only"),
        ("jsd", "0.2725", "sum-for-mean"),
        ("jsd", "0.3691", "distance-for-divergence"),
        ("share", "0.1363", "bound-of-one"),
        ("share", "0.1240", "bound-by-classes"),  # 0.1363 / ln 3
        ("share", "5.087", "share-inverted"),
    ],
)
def test_each_mistake_is_named(part: str, answer: str, code: str) -> None:
    verdict = next(each for each in grade(explicit(FAMILY, 1, PAIR), RIGHT | {part: answer}).parts if each.name == part)
    assert verdict.diagnosis is not None
    assert (verdict.result, verdict.diagnosis.code) == ("wrong", code)


@pytest.mark.parametrize(
    ("changes", "pointer", "code"),
    [
        ({"target": ["0.7", "0.2", "0"]}, "/target", "sum-not-one"),
        ({"prediction": ["0.5", "0.5"]}, "/prediction", "length-differs"),
        ({"prediction": ["1.5", "-0.5", "0"]}, "/prediction/0", "probability-range"),
    ],
)
def test_what_is_no_pair_of_distributions_is_refused(changes: dict[str, object], pointer: str, code: str) -> None:
    with pytest.raises(ParameterError) as caught:
        explicit(FAMILY, 1, PAIR | changes)
    assert (caught.value.pointer, caught.value.code) == (pointer, code)
