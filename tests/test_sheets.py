"""Cells that a spreadsheet shows and does not run."""

from __future__ import annotations

import pytest

from digest import sheets


def test_a_line_is_csv_and_none_of_its_cells_a_formula() -> None:
    assert (
        sheets.line(["=1+1", "-2", "a,b", None, ["World", "Sport"]]) == "'=1+1,'-2,\"a,b\",,World;Sport\r\n"
    )


@pytest.mark.parametrize("text", ["", "ada", "=1+1", "-2", "@ada", "\tcup", "'tis", "'"])
def test_what_a_cell_said_is_read_back(text: str) -> None:
    assert sheets.plain(sheets.cell(text)) == text
