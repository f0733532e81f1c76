"""The configuration: read once, refused with file, key and cure."""

from __future__ import annotations

from datetime import time
from pathlib import Path

import pytest

from digest.errors import ConfigError
from digest.resources import resource
from digest.settings import NewsletterTable, RelayTable, Settings, SourceTable, Table, load
from digest.settings.secrets import SECRETS
from digest.settings.tables_mail import PaceTable
from digest.settings.tables_site import HookTable

NEWSLETTER = '[[newsletters]]\nslug = "morning"\ntitle = "News"\nfrom = "News <news@example.com>"\n'


@pytest.fixture
def write(tmp_path: Path) -> Path:
    (tmp_path / "config").mkdir()
    return tmp_path / "config" / "digest.toml"


def refused(file: Path, text: str) -> str:
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load(file, {})
    return str(caught.value)


def test_every_key_but_three_has_a_default(write: Path) -> None:
    write.write_text(NEWSLETTER, encoding="utf-8")
    settings = load(write, {})
    assert settings.folder == write.parent.parent
    [newsletter] = settings.newsletters
    assert (newsletter.zone, newsletter.send_at, newsletter.cutoff) == ("UTC", time(7), time(5, 30))
    assert settings.smtp.url == "smtp://127.0.0.1:1025"


def test_the_environment_goes_before_the_file(write: Path) -> None:
    write.write_text("[smtp]\nconnections = 5\n", encoding="utf-8")
    environ = {"DIGEST_SMTP__CONNECTIONS": "7", "DIGEST_SITE__NAME": "Tide", "DIGEST_CONFIG": str(write)}
    settings = load(None, environ)
    assert (settings.smtp.connections, settings.site.name) == (7, "Tide")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[smpt]\n", "smpt: unknown key; did you mean smtp?"),
        ("[smtp]\nconections = 1\n", "smtp: conections: unknown key; did you mean connections?"),
        ("[smtp]\nconnections = 'many'\n", "smtp: connections: must be a whole number, is 'many'"),
        ("[smtp]\npassword = 'x'\n", "smtp: password: no secrets here; set DIGEST_SMTP__PASSWORD"),
        ("[api]\nhook_secret = 'x'\n", "api: hook_secret: no secrets here; set DIGEST_API__HOOK_SECRET"),
        (
            "[oidc]\nclient_secret = 'x'\n",
            "oidc: client_secret: no secrets here; set DIGEST_OIDC__CLIENT_SECRET",
        ),
        ("[oidc]\nissuer = 'https://login.example.com'\n", "oidc: client_id: is missing"),
        ("[oidc]\nissuer = 'http://login.example.com'\n", "oidc: issuer: must begin with https://"),
        ("[oidc]\nissuer = 'https://login.example.com/?a=b'\n", "oidc: issuer: must be the issuer as its"),
        ("[oidc]\nissuer = 'login.example.com'\n", "oidc: issuer: must be an address such as https://"),
        ("[store]\npassword = 'x'\n", "store: password: no secrets here; set DIGEST_STORE__PASSWORD"),
        (
            "[site]\nurl = 'http://digest.example.com'\n[web]\nproof_of_work = true\n",
            "web: proof_of_work: browsers do sums on https pages alone",
        ),
        ("[site]\nurl = 'digest.example.com'\n", "site: url: must be an address such as https://"),
        ("[providers]\nbrevo = 'x'\n", "providers: brevo: no secrets here; set DIGEST_PROVIDERS__BREVO"),
        ("[providers]\nsendgrid = 'x'\n", "providers: sendgrid: must be the verification key"),
        ("[delivery]\ngive_up = 'soon'\n", 'delivery: give_up: must be a time such as "12h"'),
        ("[delivery]\ngive_up = -1\n", "must be a time such as"),
        ("[smtp]\nurl = 'mail.example.com'\n", "smtp: url: mail.example.com is not smtp://HOST:PORT"),
        ("[smtp]\nurl = 'smtp://h?starttls=no'\n", "use required, if-offered or never"),
        (NEWSLETTER + "zone = 'Europe/Dubln'\n", "is not an IANA time zone; did you mean Europe/Dublin?"),
        (NEWSLETTER + "send_at = '07:10'\n", "send_at: must be a quarter hour"),
        (NEWSLETTER + "send_at = 7\n", "send_at: must be a quarter hour"),
        (NEWSLETTER + "send_at = 07:07:30\n", "send_at: must be a quarter hour"),
        (NEWSLETTER + "days = 'fridays'\n", "days: 'fridays' is not daily, weekdays or a list"),
        (NEWSLETTER + "sections = [{name = 'World', mx = 3}]\n", "mx: unknown key; did you mean max?"),
        (
            NEWSLETTER + "cutoff = 'rolling'\nreview = 'hold'\n",
            "a rolling newsletter cannot wait for approval",
        ),
        ("[[sources]]\nname = 'a'\n", "sources: a: a source of kind feed needs a url"),
        (
            "[[sources]]\nname = 'a'\nurl = 'www.example.com/rss'\n",
            "url: must be an address that starts with",
        ),
        (
            "[[sources]]\nname = 'a'\nkind = 'pages'\nurls = ['/a']\n",
            "url: must be an address that starts with",
        ),
        ("[[sources]]\nname = 'a'\nkind = 'sql'\nurl = 'mysql://x'\n", "url: must be postgresql://"),
        ("[[sources]]\nname = 'a'\nkind = 'sql'\nurl = 'sqlite:///a.db'\n", "kind sql needs a query"),
        ("[[sources]]\nname = 'a'\nkind = 'files'\n", "kind files needs a path"),
        ("[[sources]]\nname = 'a'\nlanguage = 'english'\n", "is not a language tag such as"),
        (NEWSLETTER + "language = 'xx'\n", "is not a language tag such as"),
        ("[look]\naccent = 'navy'\n", "look: accent: must be a colour such as"),
        ("[look]\nlogo = 'logo.png'\n", "look: logo: must be an address such as https://"),
        ('images = "copy"\n', "images: mode: must be 'link', 'host' or 'none', is 'copy'"),
        (NEWSLETTER + NEWSLETTER, "'morning' is used twice"),
        (NEWSLETTER.replace('title = "News"\n', ""), "newsletters: morning: title: is missing"),
        (NEWSLETTER.replace("news@example.com", "news"), "from: must be a mailbox such as"),
        ("[returns]\nunsubscribe = 'unsubscribe'\n", "must be an address such as unsubscribe@example.com"),
        ("[site\n", "not valid TOML"),
        ("[[relays]]\nweight = 2\n", "relays: number 1: url: is missing"),
        ("[[relays]]\nurl = 'smtp://a'\nwait = 2\n", "unknown key; did you mean weight?"),
        ("[pace.'example.net']\nrat = 2\n", "example.net: rat: unknown key; did you mean rate?"),
        ("[[sources]]\nname = 'a'\nactive_hours = '25:00-26:00'\n", "must be hours such as"),
        ("[[sources]]\nname = 'a'\nexclude = ['/(/']\n", "sources: a: exclude: number 1"),
        (NEWSLETTER + "sections = 'World'\n", "newsletters: morning: sections: must be a list, is 'World'"),
        (NEWSLETTER.replace("morning", "Mornings!"), "slug: must be lower-case letters, digits and hyphens"),
        (NEWSLETTER + "max_stories = 0\n", "newsletters: morning: max_stories: must be at least 1, is 0"),
        (NEWSLETTER + "review = 'later'\n", "review: must be 'auto' or 'hold', is 'later'"),
        (NEWSLETTER + "link_params = {utm = '{foo}'}\n", "{foo} stands for nothing; known are {date} and"),
        (NEWSLETTER + "link_params = {'a b' = 'c'}\n", "must be letters, digits and any of . _ ~ -"),
        ("[web]\nport = 1\nhost = 'a'\nport = 2\n", "port stands there twice, again in line 4"),
        (
            "[store]\nurl = 'mysql://me@h/db'\n",
            "store: url: must be sqlite:///FILE or postgresql://USER@HOST",
        ),
    ],
)
def test_what_is_wrong_is_named_with_its_cure(write: Path, text: str, told: str) -> None:
    message = refused(write, text)
    assert told in message
    assert str(write) in message


SQL = "[[sources]]\nname = 'cms'\nkind = 'sql'\nquery = 'SELECT 1'\n"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[smtp]\nurl = 'smtp://me:quay7@h'\n", "smtp: url: no password in the address; set smtp.user here"),
        ("[store]\nurl = 'postgresql://me:quay7@h/db'\n", "set DIGEST_STORE__PASSWORD"),
        ("[store]\nurl = 'postgresql://h/db?password=quay7'\n", "set DIGEST_STORE__PASSWORD"),
        ("[returns]\nimap = 'imaps://bob:quay7@h'\n", "set DIGEST_RETURNS__IMAP_PASSWORD"),
        (
            "[[relays]]\nurl = 'smtps://me:quay7@h'\n",
            "relays: number 1: url: no password in the address; set",
        ),
        (SQL + "url = 'postgresql://me:quay7@h/db'\n", "sources: cms: url: no password in the address; set"),
    ],
)
def test_no_password_stands_in_an_address_of_the_file(write: Path, text: str, told: str) -> None:
    message = refused(write, text)
    assert told in message
    assert str(write) in message
    assert "quay7" not in message


def test_an_address_of_the_environment_may_hold_one(write: Path) -> None:
    write.write_text("", encoding="utf-8")
    url = "postgresql://me:quay7@db.example.com/digest"
    assert load(write, {"DIGEST_STORE__URL": url}).store.url == url


def test_a_wrong_address_is_shown_without_its_password(write: Path) -> None:
    write.write_text("", encoding="utf-8")
    wrong = {"DIGEST_SMTP__URL": "smtp://u:quay7@h:x", "DIGEST_STORE__URL": "mysql://u:quay7@h/db"}
    for name, value in wrong.items():
        with pytest.raises(ConfigError) as caught:
            load(write, {name: value})
        assert str(caught.value).startswith(f"{name}: ")
        assert "u:***@h" in str(caught.value)


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("DIGEST_WEB__PORT", "abc", "DIGEST_WEB__PORT: web: port: must be a whole number, is 'abc'"),
        ("DIGEST_WEB__PROT", "1", "DIGEST_WEB__PROT: web: prot: unknown key; did you mean port?"),
    ],
)
def test_what_is_wrong_in_the_environment_is_named_by_its_variable(
    write: Path, name: str, value: str, told: str
) -> None:
    write.write_text("[web]\nhost = '127.0.0.1'\n", encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load(write, {name: value})
    assert str(caught.value) == told


@pytest.mark.parametrize("tag", ["en", "fr-CA", "pt", "zh-Hant"])
def test_a_language_may_be_any_that_dates_are_written_in(write: Path, tag: str) -> None:
    write.write_text(NEWSLETTER + f"language = '{tag}'\n", encoding="utf-8")
    assert load(write, {}).newsletters[0].language == tag


def test_a_missing_file_tells_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="digest init"):
        load(tmp_path / "nowhere.toml", {})


def test_days_and_sections_are_understood_in_both_forms(write: Path) -> None:
    text = (
        NEWSLETTER
        + 'days = ["sun", "sat"]\nsections = ["World", {name = "Sport", max = 2}]\ncutoff = "rolling"\n'
    )
    write.write_text(text, encoding="utf-8")
    [newsletter] = load(write, {}).newsletters
    assert newsletter.days == "sat,sun"
    assert [(section.name, section.max) for section in newsletter.sections] == [("World", 4), ("Sport", 2)]
    assert newsletter.cutoff is None


@pytest.mark.parametrize("text", ['images = "host"', '[images]\nmode = "host"'])
def test_images_are_a_word_or_a_table(write: Path, text: str) -> None:
    write.write_text(text, encoding="utf-8")
    assert load(write, {}).images.mode == "host"


def test_the_example_shows_every_key_with_its_default() -> None:
    example = resource("config/digest.toml").read_text(encoding="utf-8")
    shown = {line.lstrip("# ").split(" = ")[0] for line in example.splitlines() if " = " in line}
    lists: list[type[Table]] = [SourceTable, NewsletterTable, HookTable, RelayTable, PaceTable]
    tables: list[type[Table]] = [Settings, *_tables(), *lists]
    for table in tables:
        keys = {field.alias or name for name, field in table.model_fields.items()}
        tables_and_secrets = {*Settings.model_fields, *(key for _, key in SECRETS)}
        assert keys - tables_and_secrets <= shown, table.__name__


def test_the_example_is_a_valid_configuration() -> None:
    assert load(resource("config/digest.toml"), {}).newsletters[0].slug == "morning"


def _tables() -> list[type[Table]]:
    annotations = [field.annotation for field in Settings.model_fields.values()]
    return [one for one in annotations if isinstance(one, type) and issubclass(one, Table)]


def test_a_secret_may_come_from_a_file(write: Path, tmp_path: Path) -> None:
    write.write_text("", encoding="utf-8")
    (tmp_path / "password").write_text("between us\n", encoding="utf-8")
    environ = {"DIGEST_STORE__PASSWORD_FILE": str(tmp_path / "password")}
    assert load(write, environ).store.password == "between us"
    with pytest.raises(ConfigError, match="DIGEST_SMTP__PASSWORD_FILE: /nowhere cannot be read"):
        load(write, {"DIGEST_SMTP__PASSWORD_FILE": "/nowhere"})
