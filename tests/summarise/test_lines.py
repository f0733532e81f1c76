"""What kind of line a short text is, in many languages."""

from __future__ import annotations

import pytest

from digest.summarise import lines

LEAD = "The harbour council voted on Monday, 3 May 2021, to close the old swing bridge for a year."


@pytest.mark.parametrize(
    "text",
    [
        "3 May 2021",
        "Sunday 9 August 2020",
        "Published 6:15 AM EST Mar 2, 2020",
        "PUBLISHED: June 1, 2022 at 3:10 p.m. | UPDATED: June 2, 2022 at 9:00 a.m.",
        "9. Oktober 2020",
        "12. Juni 2020, aktualisiert 13. Juni 2020, 08:15 Uhr",
        "Publié le 3 mai 2021 à 7h30",
        "09/08/2020 18H30",
        "3 мая 2021 г.",
        "3 maja 2021, godz. 7:30",
    ],
)
def test_date(text: str) -> None:
    assert lines.is_date(text)


@pytest.mark.parametrize(
    "text",
    [
        "By Ruth Calder",
        "By Ruth Calder on Tuesday, June 2nd, 2020 at 9:15 a.m.",
        "Von Anna Berg",
        "Par Luc Morel",
        "Por Ana Díaz",
        "Di Carla Neri",
        "Door Jan de Wit",
        "Автор: Анна Петрова",
    ],
)
def test_byline(text: str) -> None:
    assert lines.is_byline(text)


@pytest.mark.parametrize(
    "text",
    [
        "The bridge (AP)",
        "The bridge at dawn. (Photo: Jane Doe)",
        "Foto: Anna Berg",
        "Bild: dpa",
        "The bridge © Jane Doe",
        "1 of 4 The bridge",
        "Crédit photo : Luc Morel",
        "The bridge at dawn. (Jane Doe / Getty Images)",
    ],
)
def test_credit(text: str) -> None:
    assert lines.is_credit(text)


@pytest.mark.parametrize(
    "text",
    [
        "Editor's note: This story was changed.",
        "This article originally appeared in The Quay.",
        "Lesen Sie auch: Die Brücke",
        "Lire aussi : Le pont",
        "Lea también: El puente",
        "RELATED: The ferry",
        "Читайте также: мост",
    ],
)
def test_note(text: str) -> None:
    assert lines.is_note(text)


@pytest.mark.parametrize("kind", [lines.is_date, lines.is_byline, lines.is_credit, lines.is_note])
def test_lead_is_none_of_these(kind: object) -> None:
    assert callable(kind)
    assert not kind(LEAD)


def test_furniture_is_counted() -> None:
    assert lines.furniture("Sign up for our newsletter and follow us on Facebook") == 4
    assert lines.furniture(LEAD) == 0


@pytest.mark.parametrize(
    ("text", "agency"),
    [
        ("LONDON (Reuters)", "Reuters"),
        ("The Associated Press", "Associated Press"),
        ("dpa", "dpa"),
        ("a map of the ap", ""),
        ("新华社北京", ""),
        ("Sid left", ""),
    ],
)
def test_agency_goes_by_its_own_capitals(text: str, agency: str) -> None:
    assert lines.agency_in(text) == agency


def test_date_after_a_byline_is_no_name() -> None:
    assert lines.before_date("Ruth Calder on Tuesday, 2 June 2020") == "Ruth Calder"
