"""Try every fault, many times: `python -m tests.faults`, or `--only disk-full --times 20`.

It prints a table, and fails where anything was lost, is there twice or doesn't hold together.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context

from rich.console import Console
from rich.table import Table

from tests.faults.everything import FAULTS, NEEDS, tried
from tests.faults.findings import Row

LANES = 2
"""How many faults are tried side by side, each on a database of its own."""

COLUMNS = ("fault", "times", "requests", "acknowledged", "stored", "lost", "duplicated", "broken")


def all_tried(names: list[str], times: int | None, share: float, console: Console) -> Iterator[tuple[str, Row]]:
    """Yield each row when its fault was tried, and say how it goes."""
    with ProcessPoolExecutor(LANES, mp_context=get_context("spawn"), max_tasks_per_child=1) as lanes:
        asked = {lanes.submit(tried, name, times, share): name for name in names}
        for done in as_completed(asked):
            row, seconds = done.result()
            console.print(f"{asked[done]}: {'sound' if row.sound else 'BROKEN'} after {seconds:.0f} s")
            yield asked[done], row


def shown(rows: dict[str, Row]) -> Table:
    """Return the table."""
    table = Table(*COLUMNS)
    for name, row in rows.items():
        counts = (row.times, row.requests, row.acknowledged, row.stored, row.lost, row.duplicated, len(row.faults))
        table.add_row(name, *(f"{count:,}" for count in counts))
    return table


def main() -> None:
    """Print the table and what is wrong; the exit status says whether anything is."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="+", choices=FAULTS, default=list(FAULTS), metavar="FAULT", help=", ".join(FAULTS))
    parser.add_argument("--times", type=int, help="how often each is tried")
    parser.add_argument("--share", type=float, default=1.0, help="how much of the usual times, where --times is not given")
    given, console = parser.parse_args(), Console(width=128)
    names = [name for name in given.only if name not in NEEDS or NEEDS[name]()]
    for name in set(given.only) - set(names):
        console.print(f"{name} is NOT tried: it needs root, and a mount or iptables.", style="yellow")
    found = dict(all_tried(names, given.times, given.share, console))
    console.print(shown({name: found[name] for name in names}))
    for name in names:
        for fault in found[name].faults:
            console.print(f"{name}: {fault}", style="red", markup=False)
    console.print(f"{sum(row.requests for row in found.values()):,} requests")
    raise SystemExit(not all(row.sound for row in found.values()))


if __name__ == "__main__":
    main()
