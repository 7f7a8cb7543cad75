"""What workers count together, in memory: sums, whoever ends and comes after, and no room left."""

import os

import pytest
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest, values

from directory.web.site import board
from directory.web.site.board import Board, Sums


@pytest.fixture
def shared(monkeypatch):
    monkeypatch.setattr(values, "ValueClass", values.ValueClass)
    made = Board(3)
    board.count_on(made)
    return made


def in_worker(shared, part, count):
    """Count in a process of its own, which then ends at once, as if killed."""
    pid = os.fork()
    if pid == 0:
        shared.take(part)
        count()
        os._exit(0)
    assert os.waitpid(pid, 0)[1] == 0


def test_what_workers_count_adds_up_and_outlives_them(shared):
    registry = CollectorRegistry()
    visits = Counter("visits", "Visits.", ["page"], registry=None)
    seconds = Histogram("seconds", "Seconds.", ["page"], registry=None, buckets=(1, 2))
    registry.register(Sums(shared))

    def count():
        visits.labels("a\nb").inc()
        visits.labels("c").inc(2)
        seconds.labels("c").observe(1.5)

    for part in (0, 1, 1, None):
        in_worker(shared, part, count)

    text = generate_latest(registry).decode()
    assert 'visits_total{page="a\\nb"} 3.0' in text
    assert 'visits_total{page="c"} 6.0' in text
    assert 'seconds_bucket{le="1.0",page="c"} 0.0' in text
    assert 'seconds_bucket{le="2.0",page="c"} 3.0' in text
    assert 'seconds_bucket{le="+Inf",page="c"} 3.0' in text
    assert 'seconds_count{page="c"} 3.0' in text
    assert 'seconds_sum{page="c"} 4.5' in text


def test_no_part_serves_two_and_one_that_is_given_back_serves_again(shared):
    workers = [object() for _ in range(4)]

    given = [shared.give(worker) for worker in workers]
    shared.give_back(workers[1])

    assert given == [0, 1, 2, None]
    assert shared.give(workers[3]) == 1


def test_a_part_without_room_counts_for_its_own_worker_and_nothing_dies(shared, monkeypatch):
    monkeypatch.setattr(board, "NUMBERS", 3)
    shared.take(0)

    for name in "abcd" * 2:
        shared.add(name, 1.0)

    assert shared.sums() == dict.fromkeys("abcd", 2.0)
    assert shared.mine("d") == 2.0
