import pytest

from digest.errors import ConfigError
from digest.render.colour import contrast, readable


def test_black_on_white_is_the_greatest_contrast() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize(
    "accent", ["#1f4e8c", "#c00000", "#ffd700", "#00ff00", "#808080", "#000000", "#ffffff"]
)
@pytest.mark.parametrize("ground", ["#ffffff", "#f4f2ee", "#1d1d1d", "#2c2c2c"])
def test_any_accent_can_be_read_on_any_ground(accent: str, ground: str) -> None:
    assert contrast(readable(accent, ground), ground) >= 4.5


def test_a_readable_accent_is_left_alone() -> None:
    assert readable("#1f4e8c", "#ffffff") == "#1f4e8c"


@pytest.mark.parametrize("colour", ["blue", "#fff", "rgb(0,0,0)", "#12345g", "#1f4e8c;}", ""])
def test_other_forms_of_colour_are_refused_with_the_right_one(colour: str) -> None:
    with pytest.raises(ConfigError, match="#rrggbb"):
        readable(colour, "#ffffff")
