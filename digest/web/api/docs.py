"""What the API can do, as a page of our own and as an OpenAPI document: no script, nothing foreign."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import HTMLResponse, JSONResponse

from digest.web.api.problems import ProblemDetails
from digest.web.site import Here

router = APIRouter(include_in_schema=False)
PUBLIC = {"cache-control": "public, max-age=300"}


class Operation(NamedTuple):
    """One thing that may be asked for."""

    method: str
    path: str
    tag: str
    summary: str
    scope: str
    parameters: list[Mapping[str, Any]]
    body: str  # an example, as JSON
    answer: str


@router.get("/openapi.json")
def document(request: Request) -> JSONResponse:
    """The OpenAPI 3.1 document."""
    return JSONResponse(described(request.app), headers=PUBLIC)


@router.get("/docs")
def page(site: Here, request: Request) -> HTMLResponse:
    """The same for people."""
    told = described(request.app)
    shown = list(_operations(told))
    html = site.html(
        "api.html",
        site.wording(),
        lang="en",
        dir="ltr",
        about=told["info"],
        server=told["servers"][0]["url"],
        tags=list(dict.fromkeys(one.tag for one in shown)),
        operations=shown,
    )
    return HTMLResponse(html, headers=PUBLIC)


def described(api: FastAPI) -> dict[str, Any]:
    """The document, with the shape of a problem, which no endpoint returns and all may raise."""
    told = api.openapi()
    schemas = told["components"]["schemas"]
    if "ProblemDetails" not in schemas:
        problem = ProblemDetails.model_json_schema(ref_template="#/components/schemas/{model}")
        schemas |= {**problem.pop("$defs"), "ProblemDetails": problem}
    return told


def _operations(told: Mapping[str, Any]) -> Iterator[Operation]:
    schemas = told["components"]["schemas"]
    for path, methods in told["paths"].items():
        for method, one in methods.items():
            yield Operation(
                method.upper(),
                path,
                one["tags"][0],
                one["description"],
                next(iter(one["security"][0].values()))[0],
                [{**each, "description": _said(each)} for each in one.get("parameters", [])],
                _example(one.get("requestBody"), schemas),
                _example(one["responses"].get("200") or one["responses"].get("201"), schemas),
            )


def _said(parameter: Mapping[str, Any]) -> str:
    return str(parameter.get("description") or parameter["schema"].get("description", ""))


def _example(part: Mapping[str, Any] | None, schemas: Mapping[str, Any]) -> str:
    """An example of a body: its own, else one put together from those of its fields."""
    content = (part or {}).get("content", {}).get("application/json")
    if not content:
        return ""
    value = content.get("example") or _made(content["schema"], schemas)
    return json.dumps(value, ensure_ascii=False, indent=2)


def _made(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> Any:
    if chosen := schema.get("examples") or schema.get("enum"):
        return chosen[0]
    if "$ref" in schema:
        return _made(schemas[schema["$ref"].rpartition("/")[2]], schemas)
    if "anyOf" in schema:
        return _made(schema["anyOf"][0], schemas)
    if "properties" in schema:
        return {name: _made(field, schemas) for name, field in schema["properties"].items()}
    if schema.get("type") == "array":
        return [_made(schema["items"], schemas)]
    return schema.get("default", _PLAIN.get(str(schema.get("format") or schema.get("type")), ""))


_PLAIN = {
    "date": "2026-03-10",
    "date-time": "2026-03-10T06:30:00Z",
    "time": "07:00:00",
    "integer": 0,
    "boolean": False,
}
