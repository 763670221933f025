"""Numbers that textbooks and articles on cross-entropy print, recomputed to twelve digits."""

from decimal import Decimal
from fractions import Fraction

import pytest

from quiz_bank.engine import reference
from quiz_bank.engine.reference import Exact


def decimals(*values: str) -> list[Exact]:
    return [Decimal(value) for value in values]


def digits(value: float, places: int = 12) -> str:
    return f"{value:.{places}f}"


LOGITS = decimals("2", "1", "0.1")


@pytest.mark.parametrize(
    ("probability", "nats", "bits"),
    [
        ("0.001", "6.907755278982", "9.965784284662"),
        ("0.99", "0.010050335854", "0.014499569695"),
        ("0.01", "4.605170185988", "6.643856189775"),
        ("0.40", "0.916290731874", "1.321928094887"),
        ("0.98", "0.020202707318", "0.029146345660"),
        ("0.9", "0.105360515658", "0.152003093445"),
        ("0.6", "0.510825623766", "0.736965594166"),
    ],
)
def test_surprisals_of_an_event(probability: str, nats: str, bits: str) -> None:
    assert digits(reference.surprisal(Decimal(probability))) == nats
    assert digits(reference.surprisal(Decimal(probability), log_base="2")) == bits


@pytest.mark.parametrize(
    ("probabilities", "nats"),
    [
        (decimals("0.2", "0.3", "0.5"), "1.029653014065"),
        (decimals("0.7", "0.2", "0.1"), "0.801818552543"),
        ([Fraction(1, 3)] * 3, "1.098612288668"),
        (decimals("1", "0", "0"), "0.000000000000"),
        (decimals("0.99", "0.01"), "0.056001534355"),
    ],
)
def test_entropies(probabilities: list[Exact], nats: str) -> None:
    assert digits(reference.entropy(probabilities)) == nats


def test_the_entropy_of_panda_bird_and_dog_in_bits() -> None:
    assert digits(reference.entropy(decimals("0.2", "0.3", "0.5"), log_base="2")) == "1.485475297227"


@pytest.mark.parametrize(
    ("target", "prediction", "nats"),
    [
        (decimals("1", "0", "0"), decimals("0.7", "0.2", "0.1"), "0.356674943939"),
        (decimals("0", "0", "1"), decimals("0.1", "0.2", "0.7"), "0.356674943939"),
        (decimals("0.99", "0.01"), decimals("0.01", "0.99"), "4.559218987487"),
        (decimals("1", "0", "0", "0", "0"), decimals("0.40", "0.30", "0.05", "0.05", "0.20"), "0.916290731874"),
    ],
)
def test_cross_entropies(target: list[Exact], prediction: list[Exact], nats: str) -> None:
    assert digits(reference.cross_entropy(target, prediction)) == nats


@pytest.mark.parametrize(
    ("logits", "loss"),
    [
        (LOGITS, "0.417030016278"),
        (decimals("5", "1", "0.5"), "0.029000039781"),
        (decimals("2", "1.8", "0.5"), "0.713861604409"),
        (decimals("0.5", "1", "5"), "4.529000039781"),
        (decimals("5", "0", "0"), "0.013385901721"),
    ],
)
def test_losses_of_logits_against_the_first_class(logits: list[Exact], loss: str) -> None:
    assert digits(reference.cross_entropy_from_logits(logits, 0)) == loss


def test_the_loss_of_one_set_of_logits_by_three_routes() -> None:
    assert digits(reference.surprisal(reference.softmax(LOGITS)[0])) == "0.417030016278"
    assert digits(-reference.log_softmax(LOGITS)[0]) == "0.417030016278"
    assert digits(reference.logsumexp(LOGITS) - 2) == "0.417030016278"


def test_softmax_and_gradient_of_those_logits() -> None:
    assert [digits(p) for p in reference.softmax(LOGITS)] == ["0.659001138886", "0.242432970705", "0.098565890409"]
    gradient = [digits(slope) for slope in reference.gradient_logits(LOGITS, 0)]
    assert gradient == ["-0.340998861114", "0.242432970705", "0.098565890409"]


def test_softmax_applied_twice() -> None:
    assert digits(reference.cross_entropy_from_logits(reference.softmax(LOGITS), 0)) == "0.802120891213"


def test_the_loss_against_a_smoothed_label() -> None:
    even = [Fraction(28, 30), Fraction(1, 30), Fraction(1, 30)]
    assert digits(reference.cross_entropy_from_logits(LOGITS, even)) == "0.513696682945"
    others_only = decimals("0.9", "0.05", "0.05")
    assert digits(reference.cross_entropy_from_logits(LOGITS, others_only)) == "0.562030016278"


def test_a_saturated_sigmoid_and_the_slopes_of_both_losses() -> None:
    assert digits(reference.sigmoid(10)) == "0.999954602131"
    assert f"{reference.gradient_mse_sigmoid(1, 10):.9e}" == "-4.121745838e-09"
    assert f"{reference.gradient_mse_sigmoid(1, -10):.9e}" == "-9.078749373e-05"
    assert digits(reference.gradient_bce_logit(1, -10)) == "-0.999954602131"


def test_three_labels_at_once() -> None:
    labels, logits = [1, 1, 0], decimals("2", "1.5", "-1")
    terms = [digits(term) for term in reference.multi_label_bce(labels, logits)]
    assert terms == ["0.126928011043", "0.201413277983", "0.313261687518"]
    assert digits(reference.multi_label_bce(labels, logits, reduction="mean")) == "0.213867658848"
    assert digits(reference.multi_label_bce(labels, logits, reduction="sum")) == "0.641602976544"
