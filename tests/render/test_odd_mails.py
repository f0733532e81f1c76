"""Invented editions in ten languages with long links and odd names: each mail is whole, signed, and says
what was written.
"""

from __future__ import annotations

import random
import re
from dataclasses import replace
from email import message_from_bytes
from email.policy import default

import dkim
import pytest

from digest.deliver.dkim import Key, Signer
from digest.deliver.dkim_keys import new_key
from digest.model import Letter, Look
from digest.render.edition import render
from digest.render.encode import unstructured
from digest.render.splice import Splicer
from digest.tokens import Purpose, Tokens
from tests.render.editions import NASTY, edition, newsletter

WORDS = {
    "en": "harbour bridge council vote rain ferry school market light winter talks river train record",
    "ga": "cuan droichead comhairle vóta báisteach bád scoil margadh solas geimhreadh abhainn traein",
    "fr": "port pont conseil élection pluie école marché lumière hiver fleuve gare été où œuvre naïve",
    "de": "Hafen Brücke Rat Wahl Regen Fähre Schule Markt Übergröße Fluss Straßenbahn Hochwasserschutz",
    "es": "puerto puente consejo elección lluvia escuela mañana luz invierno río tren años ¿quién? niño",
    "ar": "ميناء جسر مجلس انتخاب مطر مدرسة سوق ضوء شتاء نهر قطار محادثات",
    "ja": "港 橋 議会 選挙 雨 学校 市場 光 冬 川 列車 記録",
    "el": "λιμάνι γέφυρα συμβούλιο εκλογές βροχή σχολείο αγορά φως χειμώνας ποτάμι τρένο",
    "ru": "порт мост совет выборы дождь школа рынок свет зима река поезд переговоры",
    "hi": "बंदरगाह पुल परिषद चुनाव बारिश स्कूल बाज़ार रोशनी सर्दी नदी रेल",
}
SPOKEN = ("en", "ga", "fr", "de", "es", "ar", "ja")  # the newsletter's own; its stories may be in any
NAMES = (
    "The Aldermoor Post",
    'Post, "Late" & Early',
    "Nuacht na Maidine – Éire",
    "朝のニュース",
    "Été; (news)",
)
LOOK = Look(site="Aldermoor", url="https://news.example.org/digest", postal_address="4 Weir Lane, Aldermoor")
TOKENS = Tokens(["a secret for tests only"])


def words(chance: random.Random, language: str, least: int, most: int) -> str:
    return " ".join(chance.choices(WORDS[language].split(), k=chance.randint(least, most)))


def headline(chance: random.Random) -> str:
    if chance.random() < 0.1:
        return chance.choice(NASTY)
    mark = chance.choice(
        ["", "", "?", "!", " – live", ": “no”", " 🚂", " 50 %", "…", " & more", " =", "  twice"]
    )
    return words(chance, chance.choice(list(WORDS)), 2, 24).capitalize() + mark


def link(chance: random.Random, number: int) -> str:
    long = "".join(chance.choices("abcdefghijklmnopqrstuvwxyz0123456789-_%/", k=chance.choice([5, 80, 1500])))
    return (
        f"https://news.example.org/{number}/{long.replace('%', '%C3%A9')}?utm_source=x&a=b;c=.d&from={number}"
    )


def sender(title: str) -> str:
    """A mailbox as an operator must write it: a name with commas and the like in quotation marks."""
    quoted = title.replace('"', r"\"")
    return f'"{quoted}" <news@example.org>'


def mail(chance: random.Random) -> tuple[str, bytes]:
    """The subject as written, and one reader's mail."""
    language, title = chance.choice(SPOKEN), chance.choice(NAMES)
    leads = tuple(words(chance, chance.choice(list(WORDS)), 10, 60).capitalize() + "." for _ in range(5))
    headlines = tuple(headline(chance) for _ in range(9))
    made = edition(
        picks=chance.randint(0, 4),
        told=chance.randint(1, 3),
        also=chance.randint(0, 4),
        headlines=headlines,
        leads=leads,
        subject=headlines[0],
        newsletter=replace(newsletter(language, title), sender=sender(title)),
    )
    ref = chance.randbytes(16)
    name = (
        "".join(chance.choices("abcdefghijklmnopqrstuvwxyz.+-_'0123456789", k=20))
        .strip(".")
        .replace("..", ".")
    )
    letter = Letter(chance.randrange(2**40), 1, f"{name}@example.net", ref, "", 1_770_000_000, 0, 0)
    tokens = (TOKENS.sign(Purpose.UNSUBSCRIBE, ref), TOKENS.sign(Purpose.PREFERENCES, ref))
    splicer = Splicer(render(made, LOOK))
    return splicer.subject(), splicer.mail(letter, *tokens)


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> Key:
    return new_key(tmp_path_factory.mktemp("keys") / "odd.pem", ed25519=True)


@pytest.mark.parametrize("seed", range(6))
def test_an_odd_mail_is_whole_signed_and_says_what_was_written(seed: int, key: Key) -> None:
    subject, raw = mail(random.Random(seed))
    signed = Signer([key])(raw)
    assert dkim.verify(signed, dnsfunc=lambda *_, **__: key.record("example.org").value.encode())
    head, _, body = signed.partition(b"\r\n\r\n")
    assert head.isascii()
    assert max(map(len, body.split(b"\r\n"))) <= 76
    assert not re.search(rb"\r(?!\n)|(?<!\r)\n|\x00|\r\n\.", signed)
    parsed = message_from_bytes(signed, policy=default)
    names = [name.lower() for name in parsed.keys()]  # noqa: SIM118  # a message is no mapping
    for once in ("from", "to", "subject", "date", "message-id", "list-unsubscribe", "feedback-id"):
        assert names.count(once) == 1, once
    assert str(parsed["Subject"]) == subject
    assert b"=?" not in re.findall(rb"(?ms)^List-Unsubscribe: .*?(?=\r\n\S)", head)[0]
    assert [part.get_content_type() for part in parsed.iter_parts()] == ["text/plain", "text/html"]


def test_no_headline_loses_a_blank_on_its_way_into_a_subject() -> None:
    chance = random.Random(7)
    for _ in range(2000):
        text = " ".join(headline(chance).split())
        if text.isprintable() and text.encode(errors="replace").decode() == text:
            parsed = message_from_bytes(f"Subject: {unstructured(text, 9)}\r\n\r\n".encode(), policy=default)
            assert str(parsed["Subject"]) == text
