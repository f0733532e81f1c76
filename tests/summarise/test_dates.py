from __future__ import annotations

from datetime import UTC, datetime

import pytest

from digest.summarise.dates import date_in


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2021-05-03T07:30:00+02:00", datetime(2021, 5, 3, 5, 30, tzinfo=UTC)),
        ("2021-05-03T07:30:00Z", datetime(2021, 5, 3, 7, 30, tzinfo=UTC)),
        ("2021-05-03", datetime(2021, 5, 3, tzinfo=UTC)),
        ("Mon, 03 May 2021 07:30:00 GMT", datetime(2021, 5, 3, 7, 30, tzinfo=UTC)),
        ("Published 7:30 PM EST May 3, 2021", datetime(2021, 5, 4, 0, 30, tzinfo=UTC)),
        ("Sunday 9 August 2020", datetime(2020, 8, 9, tzinfo=UTC)),
        ("9. Oktober 2020", datetime(2020, 10, 9, tzinfo=UTC)),
        ("3 de mayo de 2021", datetime(2021, 5, 3, tzinfo=UTC)),
        ("3 de octubre de 2021", datetime(2021, 10, 3, tzinfo=UTC)),
        ("3. Jänner 2021", datetime(2021, 1, 3, tzinfo=UTC)),
        ("3 мая 2021", datetime(2021, 5, 3, tzinfo=UTC)),
        ("23.04.2021, 15:43 Uhr", datetime(2021, 4, 23, 15, 43, tzinfo=UTC)),
        ("09/08/2020 18H30", datetime(2020, 8, 9, 18, 30, tzinfo=UTC)),
        ("05/17/2022", datetime(2022, 5, 17, tzinfo=UTC)),
        ("2021年5月3日", datetime(2021, 5, 3, tzinfo=UTC)),
    ],
)
def test_date_is_read(text: str, moment: datetime) -> None:
    assert date_in(text) == moment


@pytest.mark.parametrize(
    "text", ["", "yesterday", "45 May 2021", "99/99/9999", "2021-13-45", "0000-00-00", "Mon, 99 Xyz"]
)
def test_no_date_in(text: str) -> None:
    assert date_in(text) is None
