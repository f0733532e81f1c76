"""The mails, and the page that shows one before it goes, are written as the standard wants it."""

from __future__ import annotations

import pytest

from digest.render.dissected import Dissected
from digest.render.edition import render
from digest.render.report import report
from digest.render.splice import Splicer
from digest.render.views import preview_page
from tests.markup import errors
from tests.render.editions import EDITIONS, LETTER, LOOK, PREFERENCES, UNSUBSCRIBE


@pytest.mark.parametrize("name", EDITIONS)
def test_a_mail_has_no_error(name: str) -> None:
    made = EDITIONS[name]()
    rendering = render(made, LOOK)
    mail = Splicer(rendering).mail(LETTER, UNSUBSCRIBE, PREFERENCES)
    assert errors(Dissected(mail).html) == []


def test_the_preview_has_no_error() -> None:
    made = EDITIONS["sample"]()
    rendering = render(made, LOOK)
    mail = Splicer(rendering).mail(LETTER, UNSUBSCRIBE, PREFERENCES)
    assert errors(preview_page(mail, report(made, LOOK, rendering))) == []
