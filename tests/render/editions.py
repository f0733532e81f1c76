"""Invented editions of an invented town's paper, for every test of the rendering."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from itertools import count

from digest.model import Edition, Item, Letter, Look, Newsletter, Picture, Role, Story
from digest.tokens import Token

NOW = datetime(2026, 5, 19, 5, 0, tzinfo=UTC)
LOOK = Look(
    site="Aldermoor Press",
    url="https://news.example.org",
    postal_address="Aldermoor Press, 4 Weir Lane, Aldermoor",
    unsubscribe="unsubscribe@example.org",
)
UNSUBSCRIBE = Token("dW5zdWJzY3JpYmUtdG9rZW4tb2YtNDMtY2hhcmFjdGVy")
PREFERENCES = Token("cHJlZmVyZW5jZXMtdG9rZW4tb2YtNDMtY2hhcmFjdGVy")
LETTER = Letter(4711, 1, "reader@example.net", bytes(range(16)), "", int(NOW.timestamp()), 0, 0)
SECTIONS = ("Town", "World", "Business", "Culture", "Sport")

HEADLINES = (
    "Weir to be rebuilt stone by stone before the autumn floods",
    "Orchard growers share one cold store and halve the waste",
    "Night train returns after eleven years on the branch line",
    "Teachers accept a contract that caps classes at twenty-four",
    "Survey finds otters in every stream of the upper valley",
    "Library opens on Sundays, run by its own readers",
    "Three villages buy the last hill farm together",
    "Glassworks lights its furnace with hydrogen for a week",
    "Referee stops final so that both sides can see the eclipse",
    "Old observatory sold to the school that maps the sky",
    "Flood insurers agree on one price for the whole valley",
    "Composer finishes the march his grandmother began",
)
LEADS = (
    "Masons numbered the first of 2,300 blocks on Monday, and the river board says that the weir will stand "
    "again by September, two months before the rains that broke it.",
    "The growers who used to throw away a fifth of their apples have sold nearly all of them since the "
    "winter, after six farms put their savings into one barn with thick walls.",
    "Passengers filled both sleeping cars on the first night, and the operator says that it will run a "
    "third from July if the bookings hold.",
)
PICTURE = Picture(
    "https://images.example.org/weir-1120x630.jpg",
    "Numbered stone blocks laid out in rows beside a river",
    "Each block has its number and its place.",
    "Ida Fenn",
    1120,
    630,
)
SPONSOR = "Sponsored by Lock Street Bakery"


def newsletter(language: str = "en-GB", title: str = "Aldermoor Morning") -> Newsletter:
    return Newsletter(
        "morning", title, f"{title} <news@example.org>", language=language, zone="Europe/London"
    )


def story(number: int, title: str = "", lead: str | None = None, **more: object) -> Story:
    """Story `number`, from the lists above unless told otherwise."""
    known = HEADLINES[(number - 1) % len(HEADLINES)]
    values: dict[str, object] = {
        "id": number,
        "version": 1,
        "source": "wire",
        "first_seen": NOW,
        "published": NOW,
        "url": f"https://news.example.org/{number}",
        "title": title
        or (known if number < len(HEADLINES) else f"{known}, part {number // len(HEADLINES) + 1}"),
        "section": SECTIONS[number % len(SECTIONS)],
        "lead": LEADS[(number - 1) % len(LEADS)] if lead is None else lead,
    }
    return Story(**(values | more))  # type: ignore[arg-type]  # test data by name


def edition(
    picks: int = 3,
    sections: tuple[str, ...] = ("Town", "World"),
    told: int = 2,
    also: int = 2,
    promoted: bool = True,
    headlines: tuple[str, ...] = (),
    leads: tuple[str, ...] = (),
    language: str = "en-GB",
    picture: Picture | None = PICTURE,
    **more: object,
) -> Edition:
    """A lead story, picks, a promoted link, then sections of `told` stories and `also` links."""
    numbers = count(1)

    def item(role: Role, section: str = "", **facts: object) -> Item:
        n = next(numbers)
        title = headlines[(n - 1) % len(headlines)] if headlines else ""
        lead = leads[(n - 1) % len(leads)] if leads else None
        return Item(story(n, title, lead, **facts), role, section)

    items = [item(Role.LEAD, picture=picture, byline="Ruth Alder", agency="Valley News")]
    items += [item(Role.PICK) for _ in range(picks)]
    if promoted:
        items.append(item(Role.PROMOTED, promoted=SPONSOR))
    for section in sections:
        items += [item(Role.SECTION, section) for _ in range(told)]
        items += [item(Role.ALSO, section) for _ in range(also)]
    values: dict[str, object] = {
        "newsletter": newsletter(language),
        "date": date(2026, 5, 19),
        "items": tuple(items),
        "subject": items[0].story.title,
        "preheader": "",
        "cutoff": NOW,
    }
    return Edition(**(values | more))  # type: ignore[arg-type]  # test data by name


COMPOUNDS = (
    "Talsperrenverwaltungsgenossenschaft prüft Hochwasserrückhaltebeckenerweiterung",
    "Straßenbahnoberleitungsinstandsetzungsarbeiten beginnen",
    "Oberflächenwasserbewirtschaftungsverordnung tritt in Kraft",
)
COMPOUND_LEAD = (
    "Die Genossenschaft teilte am Montag mit, dass die Hochwasserrückhaltebeckenerweiterung bis zum Herbst "
    "abgeschlossen sein soll; die Oberflächenwasserbewirtschaftungsverordnung gilt ab sofort."
)
ARABIC = (
    "إعادة بناء السد حجرًا حجرًا قبل فيضانات الخريف",
    "عودة القطار الليلي بعد أحد عشر عامًا",
    "المكتبة تفتح أبوابها أيام الأحد",
)
ARABIC_LEAD = (
    "رقّم البناؤون أول الحجارة يوم الاثنين، وتقول هيئة النهر إن السد سيقف من جديد بحلول سبتمبر، "
    "قبل موسم الأمطار الذي هدمه بشهرين."
)
JAPANESE = (
    "堰を石ひとつずつ積み直し、秋の増水前に完成へ",
    "夜行列車が十一年ぶりに支線へ復活",
    "図書館、読者の手で日曜も開館",
)
JAPANESE_LEAD = (
    "石工たちは月曜日、二千三百個のうち最初の石に番号を付けた。河川局によると、堰は九月までに元の姿に戻り、"
    "かつて堰を壊した雨の季節に間に合うという。工事の費用は流域の三つの町が分け合い、川沿いの道は来週から"
    "通れなくなるが、橋は工事のあいだも使える。"
)
NASTY = (
    "\"Double\", 'single' & `back` quotes < more > less",
    "Prices <b>rise</b> & <script>alert(1)</script> fall",
    "It\x92s caf\xe9 \x93culture\x94 \x85 with C1 controls, a NUL \x00 and a bell \x07",
    "🚂🚂🚂 Night train 👩‍👩‍👧‍👦 for families 🏴󠁧󠁢󠁷󠁬󠁳󠁿",
    "One " + "very " * 38 + "long headline",
    "Hello\r\nBcc: victim@example.com\u2028next\u2029line\x0b\x0c",
    "\u202ereversed\u202c and \ud800 lost \ufffd characters",
    "=?utf-8?q?looks_encoded?= = 100 % =3D",
    ".",
    ". starts with a dot",
    "From the valley",
    "Re: an answer to nothing",
    "X" * 180,
    "trailing blanks \t  ",
)

EDITIONS: Mapping[str, Callable[[], Edition]] = {
    "sample": lambda: edition(picks=4, sections=SECTIONS, told=3, also=4),
    "three stories": lambda: edition(picks=2, sections=(), promoted=False),
    "150 stories and links": lambda: edition(
        picks=5, sections=(*SECTIONS, "Science"), told=9, also=15, promoted=False
    ),
    "no pictures": lambda: edition(picture=None),
    "German compounds": lambda: edition(headlines=COMPOUNDS, leads=(COMPOUND_LEAD,), language="de"),
    "Arabic": lambda: edition(headlines=ARABIC, leads=(ARABIC_LEAD,), language="ar"),
    "Japanese": lambda: edition(headlines=JAPANESE, leads=(JAPANESE_LEAD,), language="ja"),
    "nasty headlines": lambda: edition(headlines=NASTY, picks=5, told=4, also=4, subject=NASTY[5]),
}
