"""Datelines are taken off; sentences that only look like one are left whole."""

from __future__ import annotations

import pytest

from digest.summarise.dateline import split_dateline

DATELINES = [
    ("LONDON (Reuters) - ", "The council voted."),
    ("LONDON, May 3 (Reuters) - ", "The council voted."),
    ("PARIS, 3 mai (AFP) — ", "Le conseil a voté."),
    ("Paris, 3 mai 2022 (AFP) - ", "Le conseil a voté."),
    ("MONTGOMERY, Ala. -- ", "The council voted."),
    ("ALBANY, N.Y. — ", "Hours before the vote, the council met."),
    ("Rockford, Ill. — ", "The council voted."),
    ("GRAND FORKS, N.D. – ", "The council voted."),
    ("BALTIMORE – ", "Two ferries were sold."),
    ("BOSTON (May 13) -- ", 'Declaring "the end", the council voted.'),
    ("BUSAN, July 9 (Yonhap) -- ", "The council voted."),
    ("VALLETTA, MALTA — ", "The council voted."),
    ("Toledo, Ohio, United States: ", "The council voted."),
    ("Oslo (CNN)", "The council voted."),
    ("(CNN) ", "The council voted."),
    ("(AP) — ", "The council voted."),
    ("NEW DELHI: ", "The council voted."),
    ("Mumbai: ", "The council voted."),
    ("Brussels – ", "The council voted."),
    ("Offenbach/Main (dpa) - ", "Der Rat hat entschieden."),
    ("Berlin (dpa/lnw) - ", "Der Rat hat entschieden."),
    ("BERLIN taz | ", "Der Rat hat entschieden."),
    ("MADRID, 3 May. (EUROPA PRESS) - ", "El consejo votó."),
    ("Madrid, 3 may (EFE).- ", "El consejo votó."),
    ("Lisboa, 03 mai 2022 (Lusa) – ", "O conselho votou."),
    ("SÃO PAULO, SP (FOLHAPRESS) - ", "O conselho votou."),
    ("(ANSA) - ROMA, 03 MAG - ", "Il consiglio ha votato."),
    ("Roma, 3 mag. (Adnkronos) - ", "Il consiglio ha votato."),
    ("AMSTERDAM (ANP) - ", "De raad heeft gestemd."),
    ("Warszawa (PAP) – ", "Rada zagłosowała."),
    ("МОСКВА, 3 мая. /ТАСС/. ", "Совет проголосовал."),
    ("ANKARA (AA) - ", "The council voted."),
    ("القاهرة (رويترز) - ", "صوت المجلس."),
    ("नई दिल्ली: ", "परिषद ने मतदान किया।"),
    ("新华社北京5月3日电 ", "委员会投票决定。"),
    ("(서울=연합뉴스) 홍길동 기자 = ", "의회는 투표했다."),
    ("【ロンドン=共同】", "評議会は決めた。"),
]


@pytest.mark.parametrize(("dateline", "rest"), DATELINES)
def test_dateline_is_taken_off(dateline: str, rest: str) -> None:
    found, left = split_dateline(dateline + rest)
    assert left == rest
    assert dateline.startswith(found)
    assert found


@pytest.mark.parametrize(
    "sentence",
    [
        "Ruth Calder — a council member for ten years — is leaving her post.",
        "Two ferries — one old and one new — were sold.",
        "NASA (the space agency) said the launch was late.",
        "IBM - the computer maker - said it would move.",
        "The European Commission (EC) said it would wait.",
        "Coast Guard (USCG) officers found the boat.",
        "The mayor said on Monday (May 3) that the bridge will close.",
        "On Thursday, May 3, the court ruled.",
        "The ferry company: What to know before you sail",
        'Calder: "I am happy," she said.',
        "BREAKING: The council voted.",
        "COVID-19: What we know",
        "The 2019 season — the first of three — began badly.",
        "",
    ],
)
def test_sentence_without_a_dateline_is_left_whole(sentence: str) -> None:
    assert split_dateline(sentence) == ("", sentence)
