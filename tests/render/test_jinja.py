import time
from pathlib import Path

import pytest

from digest.errors import TemplateError
from digest.render.catalogue import Wording
from digest.render.jinja import render_templates

WORDING = Wording("en")


def rendered(folder: Path, source: str, name: str = "email/own.html", **values: object) -> str:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(source)
    return render_templates(str(folder), (name,), values, WORDING)[0]


@pytest.mark.parametrize(
    "source",
    [
        "{{ ''.__class__.__mro__ }}",
        "{{ env }}",
        "{{ config }}",
        "{% include '/etc/passwd' %}",
        "{% include '../../etc/passwd' %}",
        "{% for i in range(10**9) %}{% endfor %}",
        "{% for i in range(1000000000) %}{% endfor %}",
        "{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}",
        "{% macro m() %}{{ m() }}{{ m() }}{% endmacro %}{{ m() }}",
        "{{ 'a' * 10**9 }}",
        "{{ '%999999999d' % 1 }}",
        "{{ 'a'.center(10**9) }}",
        "{{ '{:>999999999}'.format(1) }}",
        "{{ 'a'|center(999999999) }}",
        "{{ cycler.__init__.__globals__.os.environ }}",
        "{{ blocks.append(1) }}",
    ],
)
def test_the_sandbox_refuses_within_a_second(tmp_path: Path, source: str) -> None:
    started = time.thread_time()
    with pytest.raises(TemplateError, match=r"email/own\.html"):
        rendered(tmp_path, source, blocks=[])
    assert time.thread_time() - started < 1.5  # of CPU; a second, and half of one to notice


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("line one\n{{ missing }}", "email/own.html, line 2: 'missing' is undefined"),
        ("\n\n{{ page.missing }}", "email/own.html, line 3: 'dict object' has no attribute 'missing'"),
        ("\n{% if %}", "email/own.html, line 2: Expected an expression, got 'end of statement block'"),
        ("{% for x in page %}", "email/own.html, line 1: Unexpected end of template"),
        ("{{ 'a'|unknown }}", "email/own.html, line 1: No filter named 'unknown'"),
        ("{% include 'email/none.html' %}", "email/none.html"),
        ("\n{{ 1 / 0 }}", "email/own.html, line 2: division by zero"),
    ],
)
def test_errors_name_template_line_and_what_is_missing(tmp_path: Path, source: str, said: str) -> None:
    with pytest.raises(TemplateError) as error:
        rendered(tmp_path, source, page={})
    assert said in str(error.value)


def test_a_folder_need_hold_only_what_differs(tmp_path: Path) -> None:
    out = rendered(
        tmp_path,
        '{% import "email/stories.html" as s with context %}{{ s.tongue(block) }}',
        block={"lang": "ga", "dir": ""},
    )
    assert out == ' lang="ga"'


def test_a_saved_change_shows_in_the_next_rendering(tmp_path: Path) -> None:
    assert [rendered(tmp_path, source) for source in ("first", "second")] == ["first", "second"]


def test_html_is_escaped_and_text_is_not(tmp_path: Path) -> None:
    assert rendered(tmp_path, "{{ x }}", x="<b>&") == "&lt;b&gt;&amp;"
    assert rendered(tmp_path, "{{ x }}", name="email/own.txt", x="<b>&") == "<b>&"


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(TemplateError, match="nowhere"):
        render_templates(str(tmp_path / "nowhere"), ("email/edition.txt",), {}, WORDING)
