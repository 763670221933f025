"""`python -m quiz_bank [SLUG …]` prints the proof of every family, or of those named, and fails where one fails."""

import sys

from quiz_bank.check import HEAD, check_all, row, summary
from quiz_bank.registry import FAMILIES


def main(slugs: list[str]) -> int:
    """Print the table, a row as soon as it is proven, and return the exit status."""
    sys.stdout.write(HEAD + "\n")
    reports = []
    for report in check_all(slugs or list(FAMILIES)):
        reports.append(report)
        sys.stdout.write(row(report) + "\n")
        sys.stdout.flush()
    sys.stdout.write(summary(reports) + "\n")
    return int(any(report.failures for report in reports))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
