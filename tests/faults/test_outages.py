"""PostgreSQL goes away or refuses: 503 and not ready meanwhile, at work again without a restart, nothing lost."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.faults import outages
from tests.faults.cluster import Cluster, cluster
from tests.faults.findings import is_sound
from tests.faults.server import Server

pytestmark = pytest.mark.xdist_group("faults-outages")  # one server for all of them


@pytest.fixture(scope="module")
def postgresql() -> Iterator[Cluster]:
    with cluster() as made:
        yield made


@pytest.fixture(scope="module")
def server(postgresql: Cluster) -> Iterator[Server]:
    with Server(postgresql.url) as server:
        yield server


def test_postgresql_is_stopped_and_started_again(postgresql: Cluster, server: Server) -> None:
    assert is_sound(outages.stopped(postgresql, server, 3))


def test_postgresql_takes_no_more_connections_for_a_while(postgresql: Cluster, server: Server) -> None:
    assert is_sound(outages.refused(postgresql, server, 1))


def test_postgresql_takes_nothing_that_is_written_for_a_while(postgresql: Cluster, server: Server) -> None:
    assert is_sound(outages.read_only(postgresql, server, 1))


def test_connections_end_in_the_middle_of_work(postgresql: Cluster, server: Server) -> None:
    assert is_sound(outages.disconnected(postgresql, server, 2))


def test_what_was_stored_though_the_answer_to_commit_was_lost_is_stored_once(postgresql: Cluster) -> None:
    assert is_sound(outages.cut(postgresql, 2))
