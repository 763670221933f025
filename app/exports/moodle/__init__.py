"""A question file in Moodle's XML format.

Every problem is carried, by the type of question that comes nearest to it:

- one number: `numerical`, with the grader's own tolerance, and each misconception's value as a wrong answer that is told why;
- a number that Moodle can't judge (infinite, nan, or so small that its own rounding covers it): `multichoice` among the values
  that right and wrong ways lead to;
- options to pick, and the points of a self-assessment: `multichoice`, with the grader's own shares;
- vectors, matrices, orderings, matchings and problems of several parts: `cloze`, a gap for each component.

What Moodle's questions have no place for: an answer as an expression or in another unit, more digits asked of a coarse one, and
marking a later part by the learner's own earlier numbers.
"""

from app.exports.moodle.document import questions

__all__ = ["questions"]
