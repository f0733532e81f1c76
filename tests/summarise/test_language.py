from __future__ import annotations

import pytest

from digest.summarise.language import language_of


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The council of the town voted on Monday to close the bridge and said that it is old."),
        (
            "de",
            "Der Rat der Stadt hat entschieden, die Brücke für ein Jahr zu schließen, und das ist nicht neu.",
        ),
        ("fr", "Le conseil de la ville a voté lundi pour fermer le pont, qui est une des plus vieilles."),
        (
            "es",
            "El consejo de la ciudad votó por cerrar el puente, una de las obras que se hacen en puertos.",
        ),
        ("uk", "Міська рада у понеділок вирішила закрити старий міст і перенести рух на їхню дорогу."),
        ("ko", "의회는 월요일 낡은 다리를 일 년 동안 닫기로 했다."),
        ("hi", "परिषद ने सोमवार को पुराने पुल को एक साल के लिए बंद करने का फैसला किया।"),
        ("", "Xyzzy"),
    ],
)
def test_language_is_guessed(language: str, text: str) -> None:
    assert language_of(text) == language
