"""Collecting, importing and leads, by command."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.conftest import Digest, today


def test_an_import_keeps_the_good_lines_and_names_the_bad_by_number(digest: Digest, mornings: Path) -> None:
    lines = [
        json.dumps(today()[0] | {"id": "new", "url": "https://news.example.com/new"}),
        "{oops",
        '{"titel": "x"}',
    ]
    (mornings / "more.jsonl").write_text("\n".join(lines))
    said = digest("import", "more.jsonl", "--json")
    assert said.code == 3
    [file] = said.json["files"]
    assert (file["new"], len(file["problems"])) == (1, 2)
    assert "more.jsonl line 2: not JSON" in said.err
    assert 'more.jsonl line 3: unknown key "titel"' in said.err


def test_the_same_file_again_changes_nothing(digest: Digest, mornings: Path) -> None:
    said = digest("import", "today.jsonl", "--json")
    assert said.code == 0
    assert said.json["files"][0] == {"file": "today.jsonl", "new": 0, "changed": 0, "same": 3, "problems": []}


def test_stories_come_from_stdin_and_from_pages(digest: Digest, mornings: Path) -> None:
    line = json.dumps(today()[0] | {"id": "in", "url": "https://news.example.com/in"})
    assert digest("import", "-", "--json", stdin=line).json["files"][0]["new"] == 1
    page = "<html><head><title>Old mill reopens</title></head><body><article><h1>Old mill reopens</h1>" + (
        "<p>The old mill at Brook Lane opened its doors again on Monday after a winter of repairs by forty "
        "volunteers, who ground the first flour before noon.</p><p>Visitors may come on Sundays.</p>"
        "</article></body></html>"
    )
    (mornings / "mill.html").write_text(page)
    assert digest("import", "mill.html", "--json").json["files"][0]["new"] == 1


def test_a_file_that_is_not_there_or_not_known_fails_by_name(digest: Digest, mornings: Path) -> None:
    missing = digest("import", "missing.jsonl")
    assert missing.code == 1
    assert "missing.jsonl: No such file" in missing.err
    (mornings / "a.pdf").write_bytes(b"%PDF")
    assert "known are .jsonl" in digest("import", "a.pdf").err


def test_a_dead_feed_stops_nothing_and_never_gives_0(digest: Digest, mornings: Path) -> None:
    (mornings / "feeds").mkdir()
    story = today()[0] | {"id": "x", "url": "https://news.example.com/x"}
    lines = [story, story | {"id": "quiz", "title": "Quiz of the week"}, {"title": "Nowhere"}]
    (mornings / "feeds" / "a.jsonl").write_text("\n".join(map(json.dumps, lines)))
    file = mornings / "config" / "digest.toml"
    file.write_text(
        file.read_text()
        + '[[sources]]\nname = "dead"\nurl = "http://127.0.0.1:9/rss"\nallow_private = true\n'
        + '[[sources]]\nname = "folder"\nkind = "files"\npath = "feeds"\nexclude = ["quiz"]\n'
    )
    said = digest("collect", "--json")
    assert said.code == 3
    statuses = {one["source"]: (one["status"], one["new"]) for one in said.json["sources"]}
    assert statuses == {"dead": ("failed", 0), "folder": ("ok", 1)}
    folder = said.json["sources"][1]
    assert (folder["fetched"], folder["skipped"]) == (3, {"bad": 1, "ruled out": 1})
    last = digest("status", "--json").json["sources"][1]["last_visit"]
    assert (last["fetched"], last["new"], last["skipped"]) == (3, 1, {"bad": 1, "ruled out": 1})
    standing = {one["name"]: one["state"] for one in digest("status", "--json").json["sources"]}
    assert standing == {"dead": "failing", "folder": "active"}
    assert "source dead: " in said.err
    assert digest("collect", "--source", "nobody").code == 2


def test_a_feed_that_fails_is_told_with_a_next_step(digest: Digest, mornings: Path) -> None:
    file = mornings / "config" / "digest.toml"
    feeds = {"own": "http://127.0.0.1:9/rss", "example": "http://localhost:9/rss"}
    tables = (
        f'[[sources]]\nname = "{name}"\nurl = "{url}"\nallow_private = true\n' for name, url in feeds.items()
    )
    file.write_text(file.read_text() + "".join(tables))
    said = digest("collect").err.splitlines()
    cures = {line.split(": ")[1]: line.partition("; ")[2] for line in said}
    assert cures == {
        "source own": "it is asked again by itself; or: digest collect --source own",
        "source example": "put your own feed's address there, in config/digest.toml",
    }


def test_leads_are_found_without_a_configuration(digest: Digest) -> None:
    page = (
        "<html><body><h1>Bridge opens</h1><p>By Ida Moss</p><p>LONDON (Northwire) - The bridge over the "
        "estuary opened a year early on Tuesday, and the first to cross it was a milk float.</p>"
        "</body></html>"
    )
    said = digest("lead", stdin=page)
    assert said.code == 0
    assert said.out.startswith("The bridge over the estuary opened a year early on Tuesday")
    assert "candidates" in digest("lead", "--json", stdin=page).json


def test_leads_of_many_cases_come_line_by_line(digest: Digest) -> None:
    feed = (
        '<rss version="2.0"><channel><title>T</title><item><title>Ferries go quiet</title>'
        "<link>https://news.example.com/f</link><description>The harbour's ferries ran on batteries for the "
        "first time on Monday, and passengers said they could hear the gulls.</description></item>"
        "</channel></rss>"
    )
    cases = [{"id": "f", "feed": feed, "kind": "feed"}, {"id": "t", "text": "Nothing"}]
    said = digest("lead", "-", "--kind", "jsonl", stdin="\n".join(map(json.dumps, cases)) + "\nnot json\n")
    assert said.code == 3
    leads = [json.loads(line) for line in said.out.splitlines()]
    assert leads[0]["id"] == "f"
    assert leads[0]["lead"].startswith("The harbour's ferries ran on batteries")
    assert "line 3" in said.err


def test_an_opml_file_is_many_sources(digest: Digest, mornings: Path) -> None:
    (mornings / "feeds.opml").write_text(
        '<opml version="2.0"><body><outline text="Sport"><outline text="Hill running" '
        'xmlUrl="http://127.0.0.1:9/hills"/></outline>'
        '<outline text="Harbour" xmlUrl="http://127.0.0.1:9/h"/></body></opml>'
    )
    file = mornings / "config" / "digest.toml"
    text = file.read_text()
    file.write_text(text + '[[sources]]\nname = "mine"\npath = "feeds.opml"\nallow_private = true\n')
    said = digest("collect", "--json")
    assert [one["source"] for one in said.json["sources"]] == ["mine-hill-running", "mine-harbour"]
    file.write_text(text + '[[sources]]\nname = "mine"\npath = "gone.opml"\n')
    assert "sources: mine: path:" in digest("collect").err
