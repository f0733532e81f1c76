"""The sample edition's mail, kept: a change of a template or a style shows as a readable difference.

After a change that is meant: python -m tests.render.test_golden
"""

from difflib import unified_diff
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from digest.render.edition import render
from digest.render.splice import Splicer
from tests.render.editions import EDITIONS, LETTER, LOOK, PREFERENCES, UNSUBSCRIBE

FOLDER = Path(__file__).parents[1] / "data" / "golden"


def made() -> dict[str, str]:
    raw = Splicer(render(EDITIONS["sample"](), LOOK)).mail(LETTER, UNSUBSCRIBE, PREFERENCES)
    message = message_from_bytes(raw, policy=default)
    text, html = (part.get_content() for part in message.iter_parts())
    mail = {"sample.eml": raw.decode("ascii"), "sample.txt": text, "sample.html": html}
    return {name: content.replace("\r\n", "\n") for name, content in mail.items()}


@pytest.mark.parametrize("name", ["sample.html", "sample.txt", "sample.eml"])
def test_the_sample_edition_is_as_it_was_kept(name: str) -> None:
    kept, now = (FOLDER / name).read_text(), made()[name]
    difference = unified_diff(
        kept.splitlines(), now.splitlines(), f"kept {name}", f"now {name}", n=1, lineterm=""
    )
    assert kept == now, "\n".join(
        [*list(difference)[:60], "", f"If this is meant: {__doc__.splitlines()[-1]}"]
    )


if __name__ == "__main__":
    for name, content in made().items():
        (FOLDER / name).write_text(content)
