"""The interface's words, dates and direction in one language, from the gettext catalogues beside the code.

The catalogues ship as text (digest/locale/LANG.po) and are compiled in memory once, so that a wheel needs
no build step and a translator no tool.
"""

from __future__ import annotations

import gettext
import io
import re
from dataclasses import dataclass
from datetime import date
from functools import cache

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from digest.errors import ConfigError
from digest.resources import PACKAGE

PLACEHOLDER = re.compile(r"%\(\w+\)s")
FALLBACK = "en"
FOLDER = PACKAGE / "locale"


@cache
def languages() -> tuple[str, ...]:
    """The languages that have a catalogue."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.po")))


@cache
def translations(language: str) -> gettext.GNUTranslations:
    """The compiled catalogue of one of `languages()`."""
    with (FOLDER / f"{language}.po").open("rb") as source:
        catalogue = read_po(source, locale=language)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


@cache
def _locale(tag: str) -> Locale:
    try:
        return Locale.parse(tag.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return Locale(FALLBACK)


def direction(tag: str) -> str:
    """The value of HTML's dir, "rtl" or "ltr"."""
    return _locale(tag).text_direction


@dataclass(frozen=True, slots=True)
class Wording:
    """All that depends on the reader's language. `tag` is a BCP 47 tag ("en-IE").

    Words fall back to English where there is no catalogue, dates to English where CLDR has none.
    `labels` are the operator's own wordings, keyed by the English text.
    """

    tag: str
    labels: tuple[tuple[str, str], ...] = ()

    @property
    def language(self) -> str:
        language = _locale(self.tag).language
        return language if language in languages() else FALLBACK

    @property
    def direction(self) -> str:
        return direction(self.tag)

    @property
    def joined_script(self) -> bool:
        """Letters that join or have no capitals and no italics: no letter spacing, no slant."""
        return _locale(self.tag).language in {"ar", "fa", "ur", "he", "ja", "zh", "ko", "hi", "th"}

    def gettext(self, message: str) -> str:
        return self._label(message) or translations(self.language).gettext(message)

    def ngettext(self, one: str, many: str, n: int) -> str:
        return self._label(one if n == 1 else many) or translations(self.language).ngettext(one, many, n)

    def _label(self, message: str) -> str:
        label = dict(self.labels).get(message, "")
        wanted = PLACEHOLDER.findall(message)
        if label and (PLACEHOLDER.findall(label) != wanted or "%" in PLACEHOLDER.sub("", label)):
            named = ", ".join(wanted) or "no %"
            raise ConfigError(f"the label {label!r} for {message!r} must hold {named}, in this order")
        return label

    def day(self, value: date) -> str:
        return format_date(value, "full", _locale(self.tag))
