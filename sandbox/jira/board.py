"""Pages for people: the project's issues, and each issue with its text, its comments and its transitions."""

from collections.abc import Iterable
from html import escape
from typing import Any

from sandbox.jira.answers import JiraAnswer
from sandbox.jira.errors import JiraRefusalError
from sandbox.jira.project import Issue, Project
from sandbox.jira.texts import TextPart, lines_of
from sandbox.requests import IncomingRequest

_STYLE = (
    "body{font:15px/1.5 system-ui,sans-serif;max-width:52rem;margin:2rem auto;padding:0 1rem;color:#172b4d}"
    "b.status{background:#dfe1e6;padding:.1rem .5rem;border-radius:3px}p{margin:.2rem 0}"
    "form,article{border:1px solid #dfe1e6;border-radius:4px;padding:.8rem;margin:1rem 0}"
    "button,select,input{font:inherit;padding:.2rem .6rem}.fault{color:#bf2600}"
)


def answer(project: Project, request: IncomingRequest) -> JiraAnswer:
    """Answer a request for a page: `/` lists the project's issues, `/browse/KEY` shows one, POST there moves it."""
    path = request.path.strip("/")
    if not path:
        return JiraAnswer(200, _list_page(project))
    issue = project.issues.get(path.removeprefix("browse/")) if path.startswith("browse/") else None
    if issue is None:
        return JiraAnswer(404, _page("Not found", '<p>There is no such page. <a href="/">All issues</a></p>'))
    if request.method != "POST":
        return JiraAnswer(200, _issue_page(project, issue))
    return _move(project, issue, request.form)


def _move(project: Project, issue: Issue, form: dict[str, str]) -> JiraAnswer:
    """Move the issue as the form's person, and show it; 400 with the refusal on the page."""
    mover = next((person for person in project.people if person.name == form.get("by")), None)
    if mover is None:
        return JiraAnswer(400, _issue_page(project, issue, "There is no such person."))
    try:
        project.perform(mover, issue, form.get("transition", ""))
    except JiraRefusalError as error:
        return JiraAnswer(400, _issue_page(project, issue, " ".join(error.answer.content["errorMessages"])))
    if words := form.get("comment", "").strip():
        issue.comments.append((mover, project.now(), project.text(words)))
    return JiraAnswer(303, "", {"Location": f"/browse/{issue.key}"})


def _list_page(project: Project) -> str:
    rows = [
        f'<p><a href="/browse/{issue.key}">{issue.key}</a> {escape(issue.summary)} {_status(issue)}</p>'
        for issue in reversed(project.issues.values())
    ]
    return _page(f"Project {project.key}", "".join(rows) or "<p>There are no issues yet.</p>")


def _issue_page(project: Project, issue: Issue, fault: str | None = None) -> str:
    message = f'<p class="fault">{escape(fault)}</p>' if fault else ""
    comments = "".join(
        f"<article><b>{escape(account.display_name)}</b>, {at:%Y-%m-%d %H:%M:%S} UTC{_text(body)}</article>"
        for account, at, body in issue.comments
    )
    back = f'<p><a href="/">{project.key}</a> / {issue.key} {_status(issue)}</p>'
    return _page(issue.summary, f"{back}{message}{_form(project, issue)}{_text(issue.description)}{comments}")


def _form(project: Project, issue: Issue) -> str:
    """The transitions that any person may perform; the workflow refuses one that the chosen person may not."""
    people = "".join(f'<option value="{escape(one.name)}">{escape(one.display_name)}' for one in project.people)
    ways = {id: to for person in project.people for id, to in project.transitions(issue, person).items()}
    buttons = " ".join(
        f'<button name="transition" value="{id}">{escape(to.name)}</button>'
        for id, to in sorted(ways.items())
        if to.name != issue.status.name
    )
    return (
        f'<form method="post" action="/browse/{issue.key}">As <select name="by">{people}</select> '
        f'<input name="comment" placeholder="Comment" size="30"> move it to {buttons}</form>'
    )


def _status(issue: Issue) -> str:
    return f'<b class="status">{escape(issue.status.name)}</b>'


def _text(body: Any) -> str:
    return "".join(f"<p>{_line(line)}</p>" for line in lines_of(body))


def _line(parts: Iterable[TextPart]) -> str:
    return "".join(_part(part) for part in parts)


def _part(part: TextPart) -> str:
    words = f"<b>{escape(part.words)}</b>" if part.strong else escape(part.words)
    if part.href is None or not part.href.startswith(("https://", "http://")):
        return words
    return f'<a href="{escape(part.href)}" rel="noreferrer">{words}</a>'


def _page(title: str, body: str) -> str:
    name = escape(title)
    head = f'<meta charset="utf-8"><title>{name}</title><style>{_STYLE}</style>'
    return f"<!doctype html><html lang=en><head>{head}</head><body><h1>{name}</h1>{body}</body></html>"
