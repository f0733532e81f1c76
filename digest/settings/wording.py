"""What is wrong with a configuration, as one sentence: where, what, and what would be right."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from typing import Any

from digest.settings.secrets import SECRETS
from digest.settings.tables import Settings
from digest.settings.tables_mail import PaceTable, RelayTable
from digest.settings.tables_news import NewsletterTable, SectionTable, SourceTable
from digest.settings.tables_site import HookTable

# By the beginning of pydantic's type of problem: its own words are a programmer's.
_MUST = {
    "tuple": "must be a list",
    "list": "must be a list",
    "int": "must be a whole number",
    "float": "must be a number",
    "bool": "must be true or false",
    "string": "must be text",
    "dict": "must be a table",
    "model": "must be a table",
    "date": "must be a date such as 2026-12-24",
    "path": "must be the name of a file",
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
    "literal": "must be {expected}",
    "enum": "must be {expected}",
}


def sentence(
    name: str, problem: Mapping[str, Any], tables: Mapping[str, Any], in_file: Mapping[str, Any]
) -> str:
    """One of pydantic's problems. `name` is the file, `in_file` its tables; others are the environment's."""
    keys = [
        key for key in problem["loc"] if isinstance(key, int) or key not in {"time", "literal['rolling']"}
    ]
    place = f"{_origin(keys, in_file) or name}: {': '.join(_named(keys, tables))}"
    if problem["type"] == "extra_forbidden":
        near = difflib.get_close_matches(str(keys[-1]), _known(keys[:-1]), 1)
        cure = f"did you mean {near[0]}?" if near else f"known are {', '.join(_known(keys[:-1]))}"
        return f"{place}: unknown key; {cure}"
    if problem["type"] == "missing":
        return f"{place}: is missing and has no default; set it"
    if problem["type"] == "value_error":
        return f"{place}: {problem['msg'].removeprefix('Value error, ')}"
    shown = "" if tuple(keys) in SECRETS else f", is {problem['input']!r}"
    return f"{place}: {_must(problem)}{shown}"


def not_toml(error: Exception, text: str) -> str:
    """Why a file is no TOML. Of a key that stands there twice the parser tells the line alone."""
    line = re.search(r"overwrite a value \(at line (\d+)", str(error))
    if not line:
        return f"not valid TOML: {error}"
    key = text.splitlines()[int(line[1]) - 1].partition("=")[0].strip()
    return f"not valid TOML: {key} stands there twice, again in line {line[1]}; take one of them out"


def _must(problem: Mapping[str, Any]) -> str:
    kind = str(problem["type"])
    for begin, said in _MUST.items():
        if kind.startswith(begin):
            return said.format_map(problem.get("ctx", {}))
    said = str(problem["msg"])
    return f"{said[:1].lower()}{said[1:]}"


def _origin(keys: Sequence[str | int], in_file: Mapping[str, Any]) -> str:
    """The variable of the environment that a wrong key came from; "" where that was the file."""
    if len(keys) < 2 or not all(isinstance(key, str) for key in keys[:2]):
        return ""
    table = in_file.get(str(keys[0]), {})
    from_file = not isinstance(table, Mapping) or keys[1] in table
    return "" if from_file else f"DIGEST_{keys[0]}__{keys[1]}".upper()


def _named(keys: Sequence[str | int], tables: Mapping[str, Any]) -> list[str]:
    """The keys as words; what stands in a list by its slug or name, where it has one."""
    words, here = [], tables
    for key in keys:
        try:
            here = here[key]  # type: ignore[index]  # a table or a list, as the keys say
        except (KeyError, IndexError, TypeError):
            here = {}
        called = isinstance(key, int) and isinstance(here, Mapping) and (here.get("slug") or here.get("name"))
        words.append(str(called) if called else f"number {key + 1}" if isinstance(key, int) else key)
    return words


def _known(keys: Sequence[str | int]) -> list[str]:
    """The keys that the table at `keys` takes."""
    lists: dict[str, Any] = {
        "sources": SourceTable,
        "hooks": HookTable,
        "newsletters": NewsletterTable,
        "sections": SectionTable,
        "relays": RelayTable,
        "pace": PaceTable,
    }
    model: Any = Settings
    for key in (key for key in keys if isinstance(key, str)):
        if key in model.model_fields:  # but a name of the operator's own, as a domain in pace
            model = lists.get(key) or model.model_fields[key].annotation
    fields: Mapping[str, Any] = model.model_fields
    return sorted(field.alias or key for key, field in fields.items() if key != "folder")
