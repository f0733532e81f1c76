from collections import Counter

from digest.model import Role
from digest.render.edition import render
from digest.render.report import report
from digest.render.trim import fit, trim
from tests.render.editions import EDITIONS, LOOK, SECTIONS, edition


def test_an_edition_that_fits_is_left_alone() -> None:
    made = EDITIONS["150 stories and links"]()
    trimmed, rendering = fit(made, LOOK)
    assert trimmed.edition is made
    assert (trimmed.cut, trimmed.sentence) == ((), "")
    assert rendering == render(made, LOOK)


def test_links_go_first_evenly_from_the_longest_sections() -> None:
    made = edition(sections=SECTIONS, told=3, also=6)
    limit = report(made, LOOK, render(made, LOOK)).html_bytes - 3_000
    trimmed = trim(made, render(made, LOOK), limit)
    assert {item.role for item in trimmed.cut} == {Role.ALSO}
    left = Counter(item.section for item in trimmed.edition.items if item.role is Role.ALSO)
    assert max(left.values()) - min(left.values()) <= 1
    assert trimmed.sentence.startswith(
        f"The edition was cut by {len(trimmed.cut)} “also” links to stay under "
    )


def test_the_lead_picks_and_promoted_links_always_stay() -> None:
    made = edition(sections=SECTIONS, told=3, also=3)
    trimmed = trim(made, render(made, LOOK), limit=1)
    assert {item.role for item in trimmed.edition.items} == {Role.LEAD, Role.PICK, Role.PROMOTED}
    assert "15 “also” links and 15 stories (" in trimmed.sentence


def test_what_is_left_fits() -> None:
    made = edition(sections=SECTIONS, told=12, also=30, leads=("word " * 160,))
    trimmed, rendering = fit(made, LOOK)
    assert trimmed.cut
    assert 80 * 1024 < report(trimmed.edition, LOOK, rendering).html_bytes <= 90 * 1024
