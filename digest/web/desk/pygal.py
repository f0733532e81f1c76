"""Figures drawn by pygal: an SVG that loads nothing, runs nothing, and is readable in the dark."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from functools import cache
from types import ModuleType
from typing import Any, cast

from digest.web.desk.numbers import Figure

WIDTH = 900
MOST_LABELS = 12
# The same order in light and dark; told apart by brightness as well as by hue.
COLOURS = ("#1c6b3c", "#1f4e8c", "#a3211c", "#8a5300", "#5b4a8a", "#595959", "#2b7a78", "#9a4f7d")
_SCRIPT = re.compile(r"<script.*?</script>", re.DOTALL)
DARK = """inline:
  @media (prefers-color-scheme: dark) {
    .axis text, .legends text, .title, .graph text { fill: #ece9e3 !important; }
    .axis .line, .axis .guides.line { stroke: #85807a !important; }
    .series rect, .series path, .legends rect { filter: brightness(1.7); }
  }
"""


STYLE = {
    "background": "transparent",
    "plot_background": "transparent",
    "foreground": "#595959",
    "foreground_strong": "#1a1a1a",
    "foreground_subtle": "#8a857c",
    "colors": COLOURS,
    "font_family": "Arial, Helvetica, sans-serif",
    "label_font_size": 13,
    "major_label_font_size": 13,
    "legend_font_size": 14,
    "transition": "0s",
}
CHARTS = {"line": "Line", "bar": "Bar", "stacked": "StackedBar", "lying": "HorizontalStackedBar"}
SETTINGS: Mapping[str, Any] = {
    "width": WIDTH,
    "js": [],
    "css": ["file://style.css", "file://graph.css", DARK],
    "disable_xml_declaration": True,
    "legend_at_bottom": True,
    "show_dots": False,
    "stroke_style": {"width": 2.5},
    "include_x_axis": True,
    "min_scale": 1,
    "max_scale": 6,
    "margin": 8,
    "value_formatter": "{:,.0f}".format,
    "truncate_label": 30,
}


def drawn(figure: Figure) -> str:
    """The picture as an SVG document."""
    chart = _chart(figure)
    chart.x_labels = list(figure.labels)
    for name, values in figure.series.items():
        chart.add(name, list(values))
    drawing: str = chart.render()
    return _SCRIPT.sub("", drawing)  # its settings, for a script that is not there


def _chart(figure: Figure) -> Any:
    pygal = _library()
    from pygal.style import Style

    lies, labels = figure.kind == "lying", len(figure.labels)
    return getattr(pygal, CHARTS[figure.kind])(
        style=Style(**STYLE),
        height=max(320, 60 + 28 * labels) if lies else 340,
        show_legend=len(figure.series) > 1,
        x_labels_major_every=max(1, labels // MOST_LABELS),
        show_minor_x_labels=lies,
        **SETTINGS,
    )


@cache
def _library() -> ModuleType:
    """The library, without the finder of map plugins that it would leave in the way of every later import."""
    import pygal

    finder: type = pygal.PluginImportFixer
    sys.meta_path[:] = [one for one in sys.meta_path if not isinstance(one, finder)]
    return cast("ModuleType", pygal)
