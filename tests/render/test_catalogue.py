"""Every wording of the templates and of the code exists in every language."""

from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir, extract_from_file
from babel.messages.pofile import read_po

from digest.errors import ConfigError
from digest.render.catalogue import FALLBACK, FOLDER, PLACEHOLDER, Wording, languages
from digest.resources import PACKAGE, resource

TRANSLATED = [language for language in languages() if language != FALLBACK]


@cache
def messages() -> frozenset[str]:
    """All messages in the code and the templates, of mails and pages; plurals by their first form."""
    return frozenset(_code()) | frozenset(_templates())


def _code() -> Iterator[str]:
    keywords = {"gettext": None, "ngettext": (1, 2), "N_": None}
    for path in PACKAGE.rglob("*.py"):
        for _, message, _, _ in extract_from_file("python", path, keywords=keywords):
            yield message if isinstance(message, str) else message[0]


def _templates() -> Iterator[str]:
    methods = [("**.html", "jinja2.ext.babel_extract"), ("**.txt", "jinja2.ext.babel_extract")]
    options = {pattern: {"silent": "false"} for pattern, _ in methods}
    for _, _, message, _, _ in extract_from_dir(resource("templates"), methods, options):
        yield message if isinstance(message, str) else message[0]


def test_messages_are_found_in_code_and_templates() -> None:
    assert {"Editors’ choice", "Unsubscribe", "Take me back", "%(num)s minute read"} <= messages()


def test_the_seven_languages_are_there() -> None:
    assert set(languages()) == {"en", "ga", "fr", "de", "es", "ar", "ja"}


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_message_is_missing_or_left_over(language: str) -> None:
    with Path(FOLDER, f"{language}.po").open("rb") as source:
        catalogue = read_po(source, locale=language)
    entries = {m.id if isinstance(m.id, str) else m.id[0]: m for m in catalogue if m.id}
    assert set(entries) == messages()
    for name, message in entries.items():
        forms = [message.string] if isinstance(message.string, str) else message.string
        assert all(forms or [""]), f"{language}.po has no wording for {name!r}"
        assert not message.fuzzy, f"{language}.po is unsure of {name!r}"


@pytest.mark.parametrize("language", TRANSLATED)
def test_translations_keep_the_placeholders_and_their_order(language: str) -> None:
    """In order, because a greeting is cut at them."""
    for message in messages() - {"%(num)s minute read"}:
        assert PLACEHOLDER.findall(Wording(language).gettext(message)) == PLACEHOLDER.findall(message)


@pytest.mark.parametrize(
    ("tag", "n", "said"),
    [
        ("en", 1, "%(num)s minute read"),
        ("de", 1, "%(num)s Minute Lesezeit"),
        ("de", 4, "%(num)s Minuten Lesezeit"),
        ("fr-CA", 4, "%(num)s minutes de lecture"),
        ("ar", 2, "دقيقتا قراءة"),
        ("ar", 5, "%(num)s دقائق قراءة"),
        ("pt", 4, "%(num)s minute read"),
    ],
)
def test_plurals_follow_the_language(tag: str, n: int, said: str) -> None:
    assert Wording(tag).ngettext("%(num)s minute read", "%(num)s minute read", n) == said


@pytest.mark.parametrize(
    ("tag", "said"),
    [
        ("en-GB", "Tuesday, 19 May 2026"),
        ("en-US", "Tuesday, May 19, 2026"),
        ("ga", "Dé Máirt 19 Bealtaine 2026"),
        ("de", "Dienstag, 19. Mai 2026"),
        ("ja", "2026年5月19日火曜日"),
        ("pt", "terça-feira, 19 de maio de 2026"),
        ("no such language", "Tuesday, May 19, 2026"),
    ],
)
def test_dates_follow_the_language(tag: str, said: str) -> None:
    assert Wording(tag).day(date(2026, 5, 19)) == said


@pytest.mark.parametrize(
    ("tag", "direction"), [("en", "ltr"), ("ar", "rtl"), ("he", "rtl"), ("ja", "ltr"), ("??", "ltr")]
)
def test_direction_follows_the_language(tag: str, direction: str) -> None:
    assert Wording(tag).direction == direction


def test_an_operators_label_replaces_the_wording() -> None:
    wording = Wording("de", (("Editors’ choice", "Unsere Wahl"),))
    assert wording.gettext("Editors’ choice") == "Unsere Wahl"
    assert wording.gettext("Updated") == "Aktualisiert"


@pytest.mark.parametrize(
    "label", ["In %(place)s", "Other news", "100 % of %(section)s", "%(section)s and %(section)s"]
)
def test_a_label_must_hold_what_the_wording_holds(label: str) -> None:
    with pytest.raises(ConfigError, match=r"must hold %\(section\)s"):
        Wording("en", (("Also in %(section)s", label),)).gettext("Also in %(section)s")
