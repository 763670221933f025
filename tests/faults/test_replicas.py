"""Of several processes on one PostgreSQL one ends: the clients go on at the others, and each attempt is there once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.faults import replicas
from tests.faults.cluster import Cluster, cluster
from tests.faults.findings import is_sound
from tests.faults.server import Server

pytestmark = pytest.mark.xdist_group("faults-replicas")  # one database for all of them


@pytest.fixture(scope="module")
def postgresql() -> Iterator[Cluster]:
    with cluster() as made:
        yield made


def test_one_server_of_two_is_killed(postgresql: Cluster) -> None:
    with Server(postgresql.url) as server:
        assert is_sound(replicas.one_killed(postgresql, server, 1))


def test_one_worker_of_two_is_killed(postgresql: Cluster) -> None:
    assert is_sound(replicas.worker_killed(postgresql, 1))
