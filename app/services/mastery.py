"""Whether a family is known: Bayesian Knowledge Tracing over first tries.

Corbett, A. T. & Anderson, J. R. (1995). Knowledge tracing: Modeling the acquisition of procedural knowledge.
User Modeling and User-Adapted Interaction 4, 253–278.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from statistics import fmean
from typing import Final

MASTERED: Final = 0.95
"""From this probability on a family counts as mastered, the threshold of Corbett and Anderson's tutor."""


@dataclass(frozen=True, slots=True)
class Skill:
    """The four probabilities of the model; each lies strictly between 0 and 1.

    Raises
    ------
    ValueError
        For a probability that is 0 or 1 or outside, and for guess + slip ≥ 1, where a right answer would speak against knowing.
    """

    known: float = 0.2  # before the first problem: who practises for interviews has met some of it, seldom to three digits
    learn: float = 0.15  # from one problem to the next: each ends with its diagnosis and a worked solution, one rarely does it
    guess: float = 0.05  # right without knowing: three digits can't be guessed, yet a wrong method can meet the truth
    slip: float = 0.1  # wrong in spite of knowing: one in ten, for logarithms typed under a clock

    def __post_init__(self) -> None:
        if not all(0 < chance < 1 for chance in (self.known, self.learn, self.guess, self.slip)):
            raise ValueError("each probability must lie strictly between 0 and 1")
        if self.guess + self.slip >= 1:
            raise ValueError("guess + slip must be less than 1")


TYPICAL: Final = Skill()


def mastery(observations: Iterable[bool], skill: Skill = TYPICAL) -> float:
    """Return the probability that a skill is known after the last observation.

    Each observation is weighed by Bayes' rule, then the problem itself may have taught the skill:
    P ← P(known | answer), P ← P + (1 − P)·learn.

    Parameters
    ----------
    observations
        For each problem, oldest first, whether its first counted try was right.
    skill
        The model's probabilities. For a problem with options, `guess` is 1/count.

    Returns
    -------
    float
        `skill.known` where nothing was observed. Near certainty the nearest float64 can be 1.

    Examples
    --------
    After 1,000 right answers 1 − P is about 1e-1324 and P itself rounds to 1, which no wrong answer could ever move again.
    Logarithms of the odds still move:

    >>> mastery([True] * 1000 + [False] * 2000) < MASTERED
    True
    """
    if_right = math.log1p(-skill.slip) - math.log(skill.guess)
    if_wrong = math.log(skill.slip) - math.log1p(-skill.guess)
    log_odds = math.log(skill.known) - math.log1p(-skill.known)
    for right in observations:
        log_odds = _after_learning(log_odds + (if_right if right else if_wrong), skill.learn)
    return (1 + math.tanh(log_odds / 2)) / 2  # the sigmoid, without an exponential that could overflow


def topic_mastery(families: Mapping[str, float], all_of_topic: Collection[str]) -> float:
    """Return the mean mastery over a topic's families, where a family never met has the prior, `TYPICAL.known`.

    Parameters
    ----------
    families
        Mastery by family slug; families outside the topic are passed over.
    all_of_topic
        The slugs of the topic, at least one.

    Raises
    ------
    ValueError
        For a topic without families.
    """
    return fmean(families.get(slug, TYPICAL.known) for slug in all_of_topic)


def _after_learning(log_odds: float, learn: float) -> float:
    """Return ln((odds + learn)/(1 − learn)), which is P + (1 − P)·learn in odds, where the odds themselves may overflow."""
    high, low = max(log_odds, math.log(learn)), min(log_odds, math.log(learn))
    return high + math.log1p(math.exp(low - high)) - math.log1p(-learn)
