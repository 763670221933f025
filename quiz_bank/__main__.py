"""`python -m quiz_bank [SLUG …]` prints the proof of every family, or of those named, and fails where one fails."""

import sys

from quiz_bank.check import check, table
from quiz_bank.registry import FAMILIES, family


def main(slugs: list[str]) -> int:
    """Print the table and return the exit status."""
    reports = [check(family(slug)) for slug in slugs or FAMILIES]
    sys.stdout.write(table(reports))
    return int(any(report.failures for report in reports))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
