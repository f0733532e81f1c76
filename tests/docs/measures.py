"""How this code is built, in figures: python -m tests.docs.measures prints what docs/craft.md tells.

Lines are those of the files, blank ones and comments included. test_measures.py holds the figures to limits.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parents[2]
IGNORE = re.compile(r"#\s*(?:type: ignore(?:\[[\w, -]+\])?|(?:ruff: )?noqa: [A-Z]+\d+(?:, [A-Z]+\d+)*)(.*)")
REASON = re.compile(r"\w{2}")
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass
class Measures:
    """Of all Python files below a folder; what is listed is named by its file and line."""

    files: dict[str, int] = field(default_factory=dict)  # their lines
    functions: dict[str, int] = field(default_factory=dict)  # their lines
    untyped: list[str] = field(default_factory=list)  # functions
    public: dict[str, bool] = field(default_factory=dict)  # whether it has a docstring
    ignores: dict[str, bool] = field(default_factory=dict)  # whether it has its reason beside it

    @property
    def lines(self) -> int:
        return sum(self.files.values())

    @property
    def median_file(self) -> float:
        return median(self.files.values())

    @property
    def median_function(self) -> float:
        return median(self.functions.values())

    @property
    def long_function(self) -> int:
        """The length that nine functions in ten do not exceed."""
        return sorted(self.functions.values())[len(self.functions) * 9 // 10]

    @property
    def explained(self) -> float:
        """The share of public functions, methods and classes that have a docstring."""
        return sum(self.public.values()) / len(self.public)

    @property
    def without_reason(self) -> list[str]:
        return [place for place, reason in self.ignores.items() if not reason]

    def longer_than(self, lines: int) -> list[str]:
        return [place for place, length in self.functions.items() if length > lines]


def measured(folder: str, *without: str) -> Measures:
    """Of a folder, but for what is below any of `without`."""
    found = Measures()
    for path in sorted((ROOT / folder).rglob("*.py")):
        name, text = str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")
        if text and not name.startswith(without):
            _add(found, name, text)
    return found


def _add(found: Measures, name: str, text: str) -> None:
    lines = text.splitlines()
    found.files[name] = len(lines)
    for number, line in enumerate(lines, 1):
        if ignored := IGNORE.search(line):
            found.ignores[f"{name}:{number}"] = bool(REASON.search(ignored[1]))
    for node, public in _definitions(ast.parse(text)):
        place = f"{name}:{node.lineno} {node.name}"
        if isinstance(node, Function):
            found.functions[place] = (node.end_lineno or node.lineno) - node.lineno + 1
            if not _is_typed(node):
                found.untyped.append(place)
        if public:
            found.public[place] = ast.get_docstring(node) is not None


def _definitions(tree: ast.AST, *, shown: bool = True) -> Iterator[tuple[Function | ast.ClassDef, bool]]:
    """Every function and class, and whether others may use it."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, Function | ast.ClassDef):
            public = shown and not node.name.startswith("_")
            yield node, public
            yield from _definitions(node, shown=public and isinstance(node, ast.ClassDef))
        else:
            yield from _definitions(node, shown=shown)


def _is_typed(function: Function) -> bool:
    given = function.args.posonlyargs + function.args.args + function.args.kwonlyargs
    return function.returns is not None and all(one.annotation or one.arg in {"self", "cls"} for one in given)


def main() -> None:
    code, tests = measured("digest"), measured("tests", "tests/bench/", "tests/data/")
    for of in (code, tests):
        told = {
            "files": len(of.files),
            "lines": of.lines,
            "median file": of.median_file,
            "files over 250 lines": sum(lines > 250 for lines in of.files.values()),
            "functions": len(of.functions),
            "median, nine in ten": f"{of.median_function:g}, {of.long_function}",
            "over 40 lines": len(of.longer_than(40)),
            "untyped": len(of.untyped),
            "public with a docstring": f"{of.explained:.0%} of {len(of.public)}",
            "ignores, without a reason": f"{len(of.ignores)}, {len(of.without_reason)}",
        }
        print(*(f"{name:26}{value}" for name, value in told.items()), "", sep="\n")
    print(f"{'tests to code':26}{tests.lines / code.lines:.2f}")


if __name__ == "__main__":
    main()
