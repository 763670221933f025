"""Whether anything that the locks name is known to be vulnerable: `python -m tests.supply.audit`.

It asks through pip-audit, which calls a set clean when it could not ask about it; here that is no answer. Status 1: something
is vulnerable. Status 2: it could not be found out. Further words are handed to pip-audit.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from typing import Any, Final

from tests.supply.lock import BUILD, TRACED

CLEAN, VULNERABLE, UNKNOWN = 0, 1, 2
LOCKS: Final = (TRACED, BUILD)


def audit(options: Sequence[str]) -> tuple[int, str]:
    """Return the exit status and what to say."""
    locks = [word for lock in LOCKS for word in ("--requirement", str(lock))]
    fixed = ["--require-hashes", "--disable-pip", "--progress-spinner", "off", "--format", "json"]
    words = [sys.executable, "-m", "pip_audit", *fixed, *locks, *options]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    try:
        return verdict(json.loads(done.stdout)["dependencies"])
    except ValueError:
        reason = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
        return UNKNOWN, f"NOT AUDITED: the advisories can't be reached, so nothing is known of any distribution.\n{reason}"


def verdict(dependencies: Sequence[dict[str, Any]]) -> tuple[int, str]:
    """Return the exit status and what to say of pip-audit's report."""
    found = [f"{each['name']} {each['version']}: {_advisories(each)}" for each in dependencies if each.get("vulns")]
    skipped = [each for each in dependencies if "skip_reason" in each]
    if found:
        return VULNERABLE, "\n".join(["VULNERABLE:", *found])
    if skipped:
        counts = f"{len(skipped)} of {len(dependencies)} distributions, {skipped[0]['name']} the first"
        return UNKNOWN, f"NOT AUDITED: the advisories can't be reached or know nothing of {counts}."
    return CLEAN, f"No advisory names any of the {len(dependencies)} locked distributions."


def _advisories(dependency: dict[str, Any]) -> str:
    return "; ".join(
        f"{each['id']}, mended in {', '.join(each['fix_versions']) or 'no release'}" for each in dependency["vulns"]
    )


if __name__ == "__main__":
    status, said = audit(sys.argv[1:])
    sys.stdout.write(f"{said}\n")
    sys.exit(status)
