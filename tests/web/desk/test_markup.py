"""Every page of the desk is written as the standard wants it."""

from __future__ import annotations

from tests.markup import errors
from tests.web.desk.office import Office
from tests.web.desk.test_front import issued


async def test_no_page_has_an_error_or_is_large(office: Office) -> None:
    number = issued(office)
    office.clock.turn(hours=1)
    paths = {path.removeprefix("/desk") for path, methods in office.desk_routes() if "GET" in methods}
    assert {"/edition", "/readers", "/log"} <= paths
    seen = 0
    paths.remove("/live")  # a stream that does not end
    for path in sorted(paths | {f"/editions/{number}", "/figures/morning/domains"}):
        answer = await office.look(path)
        if answer.status_code == 200 and "text/html" in answer.headers["content-type"]:
            seen += 1
            assert errors(answer.text) == [], path
            assert len(answer.content) < 100_000, path
    assert seen >= 10
