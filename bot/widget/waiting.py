"""What somebody who is told to wait reads: a page where a page was asked for, else a problem."""

from __future__ import annotations

from html import escape

from starlette.requests import Request
from starlette.responses import Response

from bot.problems import Problem
from bot.widget.frame import language_wanted, page
from bot.widget.wording import say


def refusal(request: Request, problem: Problem) -> Response:
    """A refusal that passes, in the form that was asked for; its headers say how long."""
    if "text/html" not in request.headers.get("accept", ""):
        return problem.response()
    language = language_wanted(request)
    seconds = problem.headers["Retry-After"]
    told = escape(say("waiting_told", language, seconds=seconds))
    response = page("waiting.html", language, {"told": told})
    response.status_code = problem.document.status
    response.headers.update(problem.headers)
    return response
