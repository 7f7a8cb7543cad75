"""Opening hours as people read them."""

import pytest
from flask import Flask
from flask_babel import Babel

from directory.models import Closure, Opening
from directory.web.formatting.timetables import away_days, timetable


@pytest.fixture(autouse=True)
def in_english():
    app = Flask("english")
    Babel(app)
    with app.test_request_context():
        yield


def plain(text):
    """The typographer's narrow spaces as usual ones."""
    return text.replace("\u202f", " ")


def test_equal_days_in_a_row_stand_in_one_line():
    hours = [Opening(day, "09:00", "17:00") for day in (0, 1, 2, 4)]

    assert [day for day, _ in timetable(hours)] == ["Monday – Wednesday", "Friday"]


def test_a_day_may_have_two_stretches():
    hours = (Opening(0, "09:00", "12:30"), Opening(0, "14:00", "18:00"))

    assert plain(timetable(hours)[0][1]) == "9:00 AM – 12:30 PM, 2:00 PM – 6:00 PM"


def test_the_end_of_the_day_is_midnight():
    assert plain(timetable([Opening(5, "20:00", "24:00")])[0][1]) == "8:00 PM – midnight"


def test_days_away_read_as_dates():
    assert away_days(Closure("2026-12-24", "2027-01-02")) == "December 24, 2026 – January 2, 2027"
    assert away_days(Closure("2026-12-24", "2026-12-24")) == "December 24, 2026"
