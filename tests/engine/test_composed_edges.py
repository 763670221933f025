"""The edges of the composed quantities: exact results, infinite ones, refusals, and printed numbers."""

import math
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from quiz_bank.engine import reference, rounding
from quiz_bank.engine.logforms import perfect_root

INF = math.inf
UNKNOWN: Any = "other"  # what a caller without types may pass
Rows = list[list[float]]
HALVES = [0.5, 0.5]


@pytest.fixture
def few_digits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Allow three doublings only: what needs more raises an error."""
    monkeypatch.setattr(rounding, "PRECISIONS", rounding.PRECISIONS[:4])


@pytest.mark.usefixtures("few_digits")
def test_powers_that_are_rational_are_exact() -> None:
    border = 1 + Fraction(1, 2**53)
    assert reference.perplexity([1, 1, 1], normalise=True) == 3
    assert reference.sequence_perplexity([Fraction(1, 4), Fraction(1, 9)]) == 6
    assert reference.sequence_perplexity([1 / border**2 / 2, Fraction(1, 2)]) == reference.nearest_float(2 * border)
    assert reference.sequence_perplexity([Fraction(2**106, (2**53 + 1) ** 2), 1]) == 1
    assert reference.probability_from_surprisal(1075, log_base="2") == 0
    assert reference.perplexity_from_loss(1024, log_base="2") == INF
    assert reference.perplexity_from_loss(0) == 1


@pytest.mark.usefixtures("few_digits")
def test_powers_far_beyond_a_float_cost_few_digits() -> None:
    assert reference.perplexity_from_loss(10**20) == INF
    assert reference.probability_from_surprisal(10**20) == 0
    assert reference.perplexity_from_loss(10**20, log_base="2") == INF
    assert reference.probability_from_surprisal(10**20, log_base="10") == 0


def test_a_perfect_power_has_an_integer_root() -> None:
    assert perfect_root(3**40, 40) == 3
    assert perfect_root(3**40 + 1, 40) is None
    assert perfect_root(7, 1) == 7
    assert perfect_root(2, 1000) is None


@pytest.mark.usefixtures("few_digits")
def test_converting_there_and_back_by_exact_factors_is_exact() -> None:
    for base in ("e", "2", "10"):
        assert reference.convert_information(0.1, from_base=base, to_base=base) == 0.1
        assert reference.convert_information(0, from_base="e", to_base=base) == 0


@pytest.mark.usefixtures("few_digits")
def test_what_says_nothing_of_each_other_shares_no_information() -> None:
    independent = [[2, 4, 6], [3, 6, 9]]
    assert reference.mutual_information(independent, normalise=True) == 0
    assert reference.conditional_entropy([[1, 0], [0, 1]], normalise=True) == 0
    assert reference.jensen_shannon(HALVES, HALVES) == 0
    assert reference.joint_entropy([[1, 1], [1, 1]], log_base="2", normalise=True) == 2


@pytest.mark.usefixtures("few_digits")
def test_a_student_that_equals_its_teacher_has_no_divergence() -> None:
    assert reference.distillation_loss([3, 1], [2, 0], 0, temperature=2, hard_weight=0) == 0
    hard = reference.cross_entropy_from_logits([3, 1], 0)
    assert reference.distillation_loss([3, 1], [2, 0], 0, temperature=1, hard_weight=1) == hard
    assert reference.distillation_loss([3, 1], [9, 0], 0, temperature=5, hard_weight=1) == hard


def test_a_student_may_mask_only_what_the_teacher_masks() -> None:
    masked, open_ = [-INF, 1, 2], [0, 1, 2]
    assert reference.distillation_loss(masked, open_, 1, temperature=1, hard_weight=0.5) == INF
    assert reference.distillation_loss(masked, masked, 1, temperature=1, hard_weight=0) == 0
    assert reference.distillation_loss(open_, masked, 1, temperature=1, hard_weight=0) > 0
    assert reference.distillation_loss(masked, open_, 0, temperature=1, hard_weight=1) == INF


@pytest.mark.usefixtures("few_digits")
def test_the_jacobian_of_equal_logits_is_exact() -> None:
    assert reference.softmax_jacobian([2, 2]) == ((0.25, -0.25), (-0.25, 0.25))
    border = 1 + Fraction(1, 2**53)
    assert reference.softmax_jacobian([2, 2], temperature=1 / border)[0] == (0.25, -0.25)
    assert reference.softmax_jacobian([2, 2, -(10**300)], temperature=1 / border)[0][0] == 0.25
    assert reference.softmax_jacobian([-INF, 5]) == ((0, 0), (0, 0))
    assert reference.softmax_jacobian([7]) == ((0,),)


def test_a_focal_loss_without_focus_is_the_cross_entropy() -> None:
    z = [0.3, -1.7, 2]
    assert reference.focal_loss_from_logits(z, 1, gamma=0) == reference.cross_entropy_from_logits(z, 1)
    assert reference.focal_loss(0, 0.3, gamma=0) == reference.binary_cross_entropy(0, 0.3)
    assert reference.gradient_focal_logit(0, 0.3, gamma=0) == reference.gradient_bce_logit(0, 0.3)
    assert reference.gradient_focal_logit(1, 0, gamma=0, alpha=Fraction(2**53 + 1, 2**54)) == -0.25


@pytest.mark.usefixtures("few_digits")
def test_focal_losses_at_the_ends() -> None:
    for gamma in (0, 2, Fraction(1, 2)):
        assert reference.focal_loss(1, 1, gamma=gamma) == 0
        assert reference.focal_loss(1, 0, gamma=gamma) == INF
        assert reference.focal_loss(1, 0, gamma=gamma, alpha=0) == 0
        assert reference.focal_loss_from_logit(1, INF, gamma=gamma) == 0
        assert reference.focal_loss_from_logit(1, -INF, gamma=gamma) == INF
        assert reference.focal_loss_from_logit(0, INF, gamma=gamma, alpha=1) == 0
        assert reference.focal_loss_from_logit(1, -1e300, gamma=gamma) == 1e300
        assert reference.gradient_focal_logit(1, INF, gamma=gamma) == 0
        assert reference.gradient_focal_logit(1, -INF, gamma=gamma, alpha=0.25) == -0.25
        assert reference.gradient_focal_logit(0, 1e300, gamma=gamma, alpha=0.25) == 0.75


@pytest.mark.usefixtures("few_digits")
def test_a_huge_focus_or_step_leaves_nothing() -> None:
    assert reference.loss_after_step([2, 1], 0, learning_rate=10**20) == 0
    assert reference.loss_after_step([2, 1], 0, learning_rate=-(10**20)) > 1e19
    assert reference.focal_loss(1, 0.5, gamma=10**20) == 0
    assert reference.focal_loss_from_logits([0, 0], 1, gamma=10**20) == 0


def test_ignored_rows_count_for_nothing() -> None:
    rows: Rows = [[0.5, 1.5], [2, 0.1], [1, 1]]
    loss = reference.batch_cross_entropy(rows, [0, -100, 1], ignore_index=-100)
    assert loss == reference.batch_cross_entropy([rows[0], rows[2]], [0, 1])
    assert reference.batch_cross_entropy(rows, [0, -100, 1], ignore_index=-100, reduction="none")[1] == 0
    assert reference.batch_gradient(rows, [0, -100, 1], ignore_index=-100)[1] == (0, 0)


def test_a_mean_over_no_weight_is_nan_and_a_sum_is_zero() -> None:
    assert math.isnan(reference.batch_cross_entropy([[1, 2]], [0], ignore_index=0))
    assert reference.batch_cross_entropy([[1, 2]], [0], ignore_index=0, reduction="sum") == 0
    assert math.isnan(reference.batch_cross_entropy([[1, 2]], [0], class_weights=[0, 1]))
    assert all(map(math.isnan, reference.batch_gradient([[1, 2]], [0], class_weights=[0, 1])[0]))


def test_a_masked_class_without_weight_costs_nothing() -> None:
    masked: Rows = [[-INF, 2]]
    assert reference.batch_cross_entropy(masked, [0], class_weights=[0, 1], reduction="sum") == 0
    assert reference.batch_cross_entropy([[-INF, 2], [1, 2]], [0, 0]) == INF
    assert reference.batch_cross_entropy([[1, 2]], [[0.5, 0.5]]) == reference.cross_entropy_from_logits([1, 2], HALVES)
    assert reference.smoothed_cross_entropy([-INF, 2], 1, epsilon=0.1) == INF


def test_smoothing_at_its_ends() -> None:
    assert reference.label_smoothing_floor(3, epsilon=0) == 0
    assert reference.label_smoothing_gap(3, epsilon=0) == INF
    assert reference.label_smoothing_gap(3, epsilon=1, smoothing="others") == -INF
    assert reference.label_smoothing_gap(3, epsilon=1) == 0
    assert reference.label_smoothing_gap(3, epsilon=Decimal("0.1")) == reference.surprisal(Fraction(1, 28))


def test_the_ends_of_logit_and_coin() -> None:
    assert (reference.logit(0), reference.logit(0.5), reference.logit(1)) == (-INF, 0, INF)
    assert reference.coin_of_entropy(0) == 0
    assert reference.coin_of_entropy(1, log_base="2") == 0.5
    assert reference.coin_of_entropy(5e-324) == 0
    assert reference.binary_entropy(1) == 0


def test_scores_at_their_ends() -> None:
    assert reference.squared_error([1, 0], [0.5, 2], reduction="none") == (0.25, 4)
    assert reference.squared_error([1, 0], [0.5, 2], reduction="sum") == 4.25
    assert reference.brier_score([0.5, 0.5], [1, 0]) == 0.5
    assert reference.hinge_loss(3) == 0
    assert reference.logistic_loss(-INF) == INF
    assert reference.gradient_probabilities([0.5, 0, 0.5], [0.25, 0, 1]) == (-2, 0, -0.5)
    assert reference.loss_after_step([-INF, 1], 0, learning_rate=1) == INF
    assert reference.loss_after_step([2, 1], 0, learning_rate=0) == reference.cross_entropy_from_logits([2, 1], 0)


def test_printed_numbers() -> None:
    z = [Decimal(2), Decimal(1), Decimal("0.1")]
    tenth = Decimal("0.1")
    assert f"{reference.smoothed_cross_entropy(z, 0, epsilon=tenth):.12f}" == "0.513696682945"
    assert f"{reference.smoothed_cross_entropy(z, 0, epsilon=tenth, smoothing='others'):.12f}" == "0.562030016278"
    assert f"{reference.focal_loss_from_logits([5, 0, 0], 0, gamma=2):.9e}" == "2.366660476e-06"
    errors = [reference.squared_error([1, 0, 0], [Fraction(x) for x in row]) for row in (("5", "1", ".5"), (".5", "1", "5"))]
    assert errors == [5.75, 8.75]
    close = reference.squared_error([1, 0, 0], [Decimal(2), Decimal("1.8"), Decimal("0.5")])
    assert f"{close:.12f}" == "1.496666666667"


REFUSED: list[tuple[Callable[[], object], str]] = [
    (lambda: reference.entropy([0, 0], normalise=True), "probabilities must not all be 0"),
    (lambda: reference.joint_entropy([[1, 0], [0]]), "rows of the table must have the same length, not 1 and 2"),
    (lambda: reference.mutual_information([]), "table must have at least one component"),
    (lambda: reference.perplexity_from_loss(-1), "loss must not be negative, not -1"),
    (lambda: reference.coin_of_entropy(1), "entropy must be at most that of a fair coin, not 1"),
    (lambda: reference.smoothed_target(3, 3, epsilon=0), "target must be a class index from 0 to 2, not 3"),
    (
        lambda: reference.smoothed_target(0, 1, epsilon=0, smoothing="others"),
        "smoothing over the other classes needs at least 2 classes",
    ),
    (lambda: reference.smoothed_target(0, 2, epsilon=0, smoothing=UNKNOWN), "smoothing must be 'all' or 'others', not 'other'"),
    (lambda: reference.label_smoothing_gap(1, epsilon=0), "classes must be at least 2, not 1"),
    (lambda: reference.double_softmax_floor(0), "classes must be positive, not 0"),
    (lambda: reference.batch_cross_entropy([[1, 2]], [0, 1]), "targets and logits must have the same length, not 2 and 1"),
    (
        lambda: reference.batch_cross_entropy([[1, 2]], [0], class_weights=[1]),
        "class_weights and logits must have the same length, not 1 and 2",
    ),
    (lambda: reference.batch_gradient([[1, 2]], [0], reduction=UNKNOWN), "reduction must be 'sum' or 'mean', not 'other'"),
    (lambda: reference.clip_symmetric([[1, 2]]), "rows and columns must have the same length, not 2 and 1"),
    (lambda: reference.focal_loss(2, 0.5, gamma=1), "target must be 0 or 1, not 2"),
    (lambda: reference.focal_loss_from_logit(2, 0.5, gamma=1), "target must be 0 or 1, not 2"),
    (lambda: reference.focal_loss_from_logits([1, 2], 2, gamma=1), "target must be a class index from 0 to 1, not 2"),
    (
        lambda: reference.distillation_loss([1], [1], 0, temperature=1, hard_weight=0, soft_term=UNKNOWN),
        "soft_term must be 'kl' or 'cross-entropy', not 'other'",
    ),
    (lambda: reference.binary_cross_entropy_from_logits(1, 0, pos_weight=-1), "pos_weight must not be negative, not -1"),
    (lambda: reference.squared_error([1], [INF]), "prediction[0] must be a finite number, not inf"),
]


@pytest.mark.parametrize(("call", "message"), REFUSED, ids=[message for _, message in REFUSED])
def test_what_cannot_be_computed_with_is_refused_with_a_message_that_names_it(call: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError) as refusal:  # noqa: PT011 - the whole message is compared below
        call()
    assert str(refusal.value) == message
