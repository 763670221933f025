"""Measures accuracy and speed; on a machine that is never alone, what counts are the ratios within one run."""

from __future__ import annotations

from argparse import ArgumentParser

from bench import accuracy, arrays, attempt, bank, cold, engine, http, pages, practice, scaling
from bench.report import summary

SECTIONS = {
    "accuracy": accuracy.run,
    "engine": engine.run,
    "arrays": arrays.run,
    "bank": bank.run,
    "http": http.run,
    "attempt": attempt.run,
    "cold": cold.run,
    "pages": pages.run,
    "practice": practice.run,
    "scaling": scaling.run,
}


def main() -> None:
    parser = ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="take a tenth of the time")
    parser.add_argument("--only", choices=SECTIONS, help="measure one thing alone")
    options = parser.parse_args()
    for name, run in SECTIONS.items():
        if options.only in (None, name):
            run(0.1 if options.quick else 1.0)
    summary()


if __name__ == "__main__":
    main()
