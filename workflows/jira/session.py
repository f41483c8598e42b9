"""The library's client as the gateway needs it: one attempt a call, no log, no cookies, no way to another address."""

from collections.abc import Sequence
from http.cookiejar import DefaultCookiePolicy
from typing import Any, Final
from urllib.parse import urlsplit

from jira import JIRA
from jira.exceptions import JIRAError

from workflows.jira.answers import Issue, Move, Person, Remark, issue_of, last_move_of, person_of, remark_of
from workflows.jira.desk import Desk
from workflows.jira.errors import JiraMisconfiguredError
from workflows.jira.refusals import unless_anonymous
from workflows.jira.texts import Lines, adf_of, plain, wiki_of

_FIELDS: Final = "status,labels,project,created"
# A label is some forty characters; a query of this many stays well below what proxies take for an address.
LABELS_AT_ONCE: Final = 50
_REMARKS: Final = 100
# The gateway of Atlassian's that tokens with scopes go through; it answers nobody without one.
_SCOPED: Final = "api.atlassian.com"
_NO_JIRA: Final = "There is no Jira at jira.url; its address may have a path, such as https://example.com/jira."


class Session(JIRA):
    """Blocking calls to one Jira, for threads; each raises what `refusals.translated` makes ours.

    Cloud is spoken to in version 3 of its API, with the account's e-mail address and API token
    (https://developer.atlassian.com/cloud/jira/platform/basic-auth-for-rest-apis/); Data Center in version 2, with a
    personal access token (https://confluence.atlassian.com/enterprise/using-personal-access-tokens-1026032365.html).

    Args:
        desk: Where tickets are filed.
        cloud: Which of the two it is.
        signed: False sends no token.
    """

    def __init__(self, desk: Desk, *, cloud: bool, signed: bool = True) -> None:
        super().__init__(
            desk.url,
            options={"rest_api_version": "3" if cloud else "2"},
            basic_auth=(desk.user, desk.token) if signed and cloud else None,
            token_auth=desk.token if signed and not cloud else None,
            get_server_info=False,
            logging=False,  # The library logs what Jira answers.
            max_retries=0,  # It would sleep in its thread, and create what may be there already.
            timeout=(desk.patience.connect, desk.patience.read),
        )
        self.deploymentType = "Cloud" if cloud else "Server"
        self.browse = desk.url
        self.cloud = cloud
        self._desk = desk
        self._session.max_redirects = 0
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=()))
        self._session.hooks["response"].append(unless_anonymous)

    @property
    def _fields_cache(self) -> dict[str, str]:
        """No names of fields are translated: somebody's custom field could be called «status»."""
        return {}

    def file(self, summary: str, text: Lines, labels: Sequence[str]) -> str:
        """Creates an issue and gives its key."""
        fields = {
            "project": {"key": self._desk.project},
            "issuetype": {"name": self._desk.issue_type},
            "summary": summary,
            "description": self._text(text),
            "labels": list(labels),
        }
        return str(self.create_issue(fields, prefetch=False).key)

    def labelled(self, labels: Sequence[str]) -> list[Issue]:
        """The issues with any of these labels that the gateway's account has filed, as the index has them.

        Anybody may put a label on an issue of theirs; nobody can make the gateway's account its creator.
        """
        among = ", ".join(_quoted(label) for label in labels)
        project = _quoted(self._desk.project)
        query = f"project = {project} AND creator = currentUser() AND labels in ({among}) ORDER BY created ASC"
        return [issue_of(each.raw) for each in self.search_issues(query, maxResults=0, fields=_FIELDS)]

    def read(self, key: str) -> tuple[Issue, Move | None]:
        """An issue as it is, and how it came to its status."""
        raw = self.issue(key, fields=_FIELDS, expand="changelog").raw
        return issue_of(raw), last_move_of(raw)

    def remarks(self, key: str) -> list[Remark]:
        """The newest comments on an issue, a hundred at most."""
        found = self.comments(key, max_results=_REMARKS, order_by="-created")
        return [remark_of(each.raw) for each in found]

    def remark(self, key: str, text: Lines) -> None:
        """Comments on an issue, unless the very same words stand there already."""
        body = self._text(text)
        if plain(body) not in {each.text for each in self.remarks(key)}:
            self.add_comment(key, body)

    def close_issue(self, key: str) -> bool:
        """Moves an issue to a status that counts as done, rather one that rejects; False where none is in reach."""
        ways = [way for way in self.transitions(key) if way["to"].get("statusCategory", {}).get("key") == "done"]
        ways.sort(key=lambda way: self._desk.approves(way["to"]["name"]) is True)
        if ways:
            self.transition_issue(key, ways[0]["id"])
        return bool(ways)

    def account(self) -> Person | None:
        """Whose token it is."""
        return person_of(self.myself())

    def statuses_by_type(self) -> dict[str, tuple[str, list[str]]]:
        """The project's types of issue: by name, the id and the names of the statuses of its workflow."""
        types = self.issue_types_for_project(self._desk.project)
        return {each.name: (each.id, [status["name"] for status in each.raw["statuses"]]) for each in types}

    def permitted(self, wanted: Sequence[str]) -> set[str]:
        """Which of these permissions the account has in the project."""
        told = self.my_permissions(projectKey=self._desk.project, permissions=",".join(wanted))["permissions"]
        return {name for name in wanted if name in told and told[name]["havePermission"]}

    def fields_to_file(self, type_id: str) -> dict[str, bool]:
        """The fields that a new issue of this type has: by id, whether it must be given and has no default."""
        path = f"issue/createmeta/{self._desk.project}/issuetypes/{type_id}"
        told = self._get_json(path, params={"maxResults": 200})
        fields = told.get("fields") or told.get("values") or []
        return {each["fieldId"]: each["required"] and not each["hasDefaultValue"] for each in fields}

    def address(self, key: str) -> str:
        """Where people see an issue."""
        return f"{self.browse}/browse/{key}"

    def end(self) -> None:
        """Closes its connections."""
        self.close()  # type: ignore[no-untyped-call]  # The library has not annotated it.

    def _text(self, lines: Lines) -> Any:
        """A text as this Jira takes it: a document in version 3, markup in version 2."""
        return adf_of(lines) if self.cloud else wiki_of(lines)


def opened(desk: Desk) -> Session:
    """A session with whatever kind of Jira is there; it is asked without the token, which neither kind needs for that.

    Data Center would count Cloud's way of logging in as a failed attempt, and ask for a captcha after a few.
    """
    scoped = urlsplit(desk.url).hostname == _SCOPED
    asking = Session(desk, cloud=scoped, signed=scoped)
    try:
        info: Any = asking.server_info()
    except JIRAError as error:
        if error.status_code == 404:
            raise JiraMisconfiguredError(_NO_JIRA) from None
        raise
    finally:
        asking.end()
    if not isinstance(info, dict) or "version" not in info:
        raise JiraMisconfiguredError(_NO_JIRA)
    session = Session(desk, cloud=info.get("deploymentType") == "Cloud")
    base = str(info.get("baseUrl") or "")
    session.browse = base.rstrip("/") if base.startswith(("https://", "http://")) else desk.url.rstrip("/")
    return session


def _quoted(text: str) -> str:
    """A value as a query has it."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
