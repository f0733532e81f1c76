from __future__ import annotations

import time

import pytest

from digest.collect.robots import EVERYTHING, NOTHING, Robots, parse_robots

AGENT = "MorningDigest/0.1 (+https://www.example.com/bot)"


@pytest.mark.parametrize(
    ("rules", "path", "allowed"),
    [
        ("Disallow:", "/a", True),
        ("Disallow: /", "/a", False),
        ("Disallow: /private", "/private/a", False),
        ("Disallow: /private", "/public", True),
        ("Disallow: /\nAllow: /news", "/news/a", True),
        ("Allow: /news\nDisallow: /", "/news/a", True),
        ("Disallow: /*.pdf$", "/a/b.pdf", False),
        ("Disallow: /*.pdf$", "/a/b.pdf?x=1", True),
        ("Disallow: /*?print", "/a?print=1", False),
        ("Disallow: /a$", "/a", False),
        ("Disallow: /a$", "/ab", True),
        ("Disallow: /a\nAllow: /a", "/a", True),
        ("Disallow: /caf%C3%A9", "/café", False),
    ],
)
def test_the_longest_rule_decides(rules: str, path: str, allowed: bool) -> None:
    assert parse_robots(f"User-agent: *\n{rules}", AGENT).allows(f"https://example.com{path}") is allowed


def test_the_group_that_names_us_stands_before_the_one_for_all() -> None:
    text = (
        "User-Agent: *\nDisallow: /\n\nUser-agent: Other\nUser-agent: morningdigest\nDisallow: /x # not this"
    )
    robots = parse_robots(text, AGENT)
    assert robots.allows("https://example.com/a")
    assert not robots.allows("https://example.com/x")


def test_a_delay_is_kept_up_to_a_limit() -> None:
    assert parse_robots("User-agent: *\nCrawl-delay: 5", AGENT).delay == 5
    assert parse_robots("User-agent: *\nCrawl-delay: 86400", AGENT).delay == 10
    assert parse_robots("User-agent: *\nCrawl-delay: ²", AGENT).delay == 0
    assert parse_robots("User-agent: *\nCrawl-delay: soon", AGENT).delay == 0


@pytest.mark.parametrize("text", ["", "<html>not robots</html>", "Disallow: /", "User-agent: *", "\0:\0"])
def test_a_file_without_rules_for_us_forbids_nothing(text: str) -> None:
    assert parse_robots(text, AGENT) == Robots() == EVERYTHING


def test_nothing_forbids_all() -> None:
    assert not NOTHING.allows("https://example.com/")


def test_a_rule_of_many_stars_is_matched_at_once() -> None:
    robots = parse_robots("User-agent: *\nDisallow: /" + "*a" * 5000 + "$", AGENT)
    started = time.process_time()
    robots.allows("https://example.com/" + "a" * 4999 + "b")
    assert time.process_time() - started < 0.5
