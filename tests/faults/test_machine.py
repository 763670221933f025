from __future__ import annotations

from tests.faults.machine import lived


def test_whatever_people_do_in_any_order_is_answered_and_what_is_stored_holds_together(database_url: str) -> None:
    row = lived(database_url, 4)
    assert row.faults == ()
    assert row.requests > 100
