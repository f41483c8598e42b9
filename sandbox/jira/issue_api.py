"""The REST API about issues: create, read, comment, move."""

from typing import Any

from sandbox.jira.call import JiraCall, shown_issue
from sandbox.jira.errors import refusal
from sandbox.jira.texts import in_version, is_text, timestamp


def create(call: JiraCall) -> dict[str, Any]:
    """Create an issue: 201 with id, key and self, 400 with the field that is wrong.

    CLOUD rest/v3/api-group-issues/#api-rest-api-3-issue-post, DC #api/2/issue-createIssue.
    """
    fields = call.body.get("fields", {})
    if "CREATE_ISSUES" not in call.project.permissions:
        raise refusal(400, "You do not have permission to create issues in this project.")
    if faults := _wrong_fields(fields, call):
        raise refusal(400, **faults)
    text = fields.get("description")
    made = call.project.create(call.account, fields["summary"], text, list(fields.get("labels", ())))
    number = made.key.split("-")[1]
    return {"id": number, "key": made.key, "self": f"{call.url}/rest/api/2/issue/{number}"}


def _wrong_fields(fields: dict[str, Any], call: JiraCall) -> dict[str, str]:
    """Jira's messages about the fields that it refuses, by field."""
    summary, description = fields.get("summary"), fields.get("description")
    checks = {
        "project": (_names(fields.get("project"), call.project.key, call.project.id), "valid project is required"),
        "issuetype": (
            _names(fields.get("issuetype"), call.project.issue_type, call.project.issue_type_id),
            "The issue type selected is invalid.",
        ),
        "summary": (
            isinstance(summary, str) and len(summary) <= 255 and "\n" not in summary,
            "Summary must be less than 255 characters, in one line.",
        ),
        "description": (
            description is None or is_text(description, call.version),
            "Operation value must be an Atlassian Document (see the Atlassian Document Format)",
        ),
        "labels": (
            all(" " not in label for label in fields.get("labels", ())),
            "The label contains spaces which is invalid.",
        ),
    }
    return {name: words for name, (passes, words) in checks.items() if not passes}


def _names(value: Any, name: str, id: str) -> bool:
    """Tell whether a field refers to the object of this key or name, or of this id."""
    return value in ({"key": name}, {"name": name}, {"id": id})


def read(call: JiraCall) -> dict[str, Any]:
    """Read an issue; with `expand=changelog` also its changes, of which Cloud has the newest first.

    CLOUD rest/v3/api-group-issues/#api-rest-api-3-issue-issueidorkey-get, DC #api/2/issue-getIssue.
    """
    issue = call.issue()
    shown = shown_issue(issue, call)
    if call.text("expand") == "changelog":
        changes = issue.history[::-1] if call.project.cloud else issue.history
        shown["changelog"] = {"startAt": 0, "total": len(changes), "histories": changes}
    return shown


def comments(call: JiraCall) -> dict[str, Any]:
    """The comments of an issue, the newest first with `orderBy=-created`.

    CLOUD rest/v3/api-group-issue-comments/, DC #api/2/issue-getComments.
    """
    stored = call.issue().comments
    ordered = stored[::-1] if call.text("orderBy") == "-created" else stored
    shown = [
        _shown_comment(call, str(number), comment)
        for number, comment in enumerate(ordered[: call.number("maxResults", 50)])
    ]
    return {"startAt": 0, "total": len(stored), "comments": shown}


def comment(call: JiraCall) -> dict[str, Any]:
    """Comment on an issue: 201 with the comment.

    CLOUD rest/v3/api-group-issue-comments/#api-rest-api-3-issue-issueidorkey-comment-post,
    DC #api/2/issue-addComment.
    """
    issue, body = call.issue(), call.body.get("body")
    _check_comment(call, body)
    made = (call.account, call.project.now(), body)
    issue.comments.append(made)
    return _shown_comment(call, str(len(issue.comments)), made)


def transitions(call: JiraCall) -> dict[str, Any]:
    """The transitions that the caller may perform.

    CLOUD rest/v3/api-group-issues/#api-rest-api-3-issue-issueidorkey-transitions-get,
    DC #api/2/issue-getTransitions.
    """
    ways = call.project.transitions(call.issue(), call.account)
    return {"transitions": [{"id": id, "name": to.name, "to": to.shown()} for id, to in ways.items()]}


def transition(call: JiraCall) -> None:
    """Perform a transition, with the comments in `update`: 204 and no body.

    CLOUD rest/v3/api-group-issues/#api-rest-api-3-issue-issueidorkey-transitions-post,
    DC #api/2/issue-doTransition.
    """
    issue, wanted = call.issue(), call.body.get("transition", {}).get("id")
    if wanted is None:
        raise refusal(400, "Missing 'transition' identifier")
    texts = [entry.get("add", {}).get("body") for entry in call.body.get("update", {}).get("comment", ())]
    for text in texts:
        _check_comment(call, text)
    call.project.perform(call.account, issue, str(wanted))
    at = call.project.now()
    issue.comments += [(call.account, at, text) for text in texts]


def _check_comment(call: JiraCall, body: Any) -> None:
    """Raise JiraRefusalError if the account may not comment, or if the version does not have the comment's form.

    Cloud's message: https://github.com/pchuri/jira-cli/pull/38; Data Center's:
    https://github.com/gioboa/jira-plugin/issues/154.
    """
    if "ADD_COMMENTS" not in call.project.permissions:
        name = call.account.display_name
        raise refusal(400, f"{name}, you do not have the permission to comment on this issue.")
    if is_text(body, call.version):
        return
    if call.project.cloud:
        raise refusal(400, comment="Comment body is not valid!")
    raise refusal(400, "Can not deserialize instance of java.lang.String out of START_OBJECT token")


def _shown_comment(call: JiraCall, id: str, comment: tuple[Any, Any, Any]) -> dict[str, Any]:
    account, at, body = comment
    author = account.shown(cloud=call.project.cloud)
    return {"id": id, "author": author, "created": timestamp(at), "body": in_version(body, call.version)}
