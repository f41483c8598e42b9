"""Blocking Jira session: one attempt per call, no logging, no cookies, no redirects."""

from collections.abc import Mapping, Sequence
from http.cookiejar import DefaultCookiePolicy
from typing import Any, Final
from urllib.parse import urlsplit

from jira import JIRA
from jira.exceptions import JIRAError

from workflows.approvals.jira.config import DEFAULT_TIMEOUTS, JiraConfig, JiraTimeouts, decision_of
from workflows.approvals.jira.errors import JiraMisconfiguredError, JiraUnavailableError, reject_anonymous_answer
from workflows.approvals.jira.issues import (
    JiraAccount,
    JiraComment,
    JiraIssue,
    StatusChange,
    parse_account,
    parse_comment,
    parse_issue,
    parse_last_status_change,
)
from workflows.approvals.jira.markup import TextLines, plain_text, to_adf, to_wiki

_FIELDS: Final = "status,labels,project,created"
# A label has some forty characters; a query of this many stays well below the longest address that proxies take.
MAX_LABELS_PER_SEARCH: Final = 50
_MAX_COMMENTS: Final = 100
_SEARCH_PAGE: Final = 100
# Atlassian's gateway for tokens with scopes; it answers nobody without one.
_SCOPED_TOKEN_HOST: Final = "api.atlassian.com"  # noqa: S105 -- a host name
_NO_JIRA_AT_URL: Final = "There is no Jira at jira.url; its address may have a path, such as https://example.com/jira."


class JiraSession(JIRA):
    """Blocking calls to one Jira, for threads; each raises errors that `translated_errors` translates.

    Cloud is spoken to in version 3 of its API, with the account's e-mail address and API token
    (https://developer.atlassian.com/cloud/jira/platform/basic-auth-for-rest-apis/); Data Center in version 2, with a
    personal access token (https://confluence.atlassian.com/enterprise/using-personal-access-tokens-1026032365.html).

    Args:
        config: The project and the account.
        timeouts: The patience with each answer.
        cloud: True for Cloud, False for Data Center.
        signed: False sends no token.
    """

    def __init__(self, config: JiraConfig, timeouts: JiraTimeouts, *, cloud: bool, signed: bool = True) -> None:
        token = config.token.get_secret_value()
        super().__init__(
            config.url,
            options={"rest_api_version": "3" if cloud else "2"},
            basic_auth=(config.user, token) if signed and cloud else None,
            token_auth=token if signed and not cloud else None,
            get_server_info=False,
            logging=False,  # The library logs Jira's answers.
            max_retries=0,  # It would sleep in its thread, and create an issue that may be there already.
            timeout=(timeouts.connect, timeouts.read),
        )
        self.deploymentType = "Cloud" if cloud else "Server"
        self.browse = config.url
        self.cloud = cloud
        self._config = config
        self._session.max_redirects = 0
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=()))
        self._session.hooks["response"].append(reject_anonymous_answer)

    @property
    def _fields_cache(self) -> dict[str, str]:
        """No names of fields are translated: somebody's custom field could be called «status»."""
        return {}

    def file_issue(self, summary: str, text: TextLines, labels: Sequence[str]) -> str:
        """Create an issue with this summary, text and labels, and return its key."""
        fields = {
            "project": {"key": self._config.project},
            "issuetype": {"name": self._config.issue_type},
            "summary": summary,
            "description": self._markup(text),
            "labels": list(labels),
        }
        return str(self.create_issue(fields, prefetch=False).key)

    def find_by_labels(self, labels: Sequence[str]) -> list[JiraIssue]:
        """The issues with any of these labels that the gateway's account has filed, as the index has them.

        Anybody may put a label on an issue of theirs; nobody can make the gateway's account its creator.
        """
        among = ", ".join(_quoted(label) for label in labels)
        project = _quoted(self._config.project)
        query = f"project = {project} AND creator = currentUser() AND labels in ({among}) ORDER BY created ASC"
        return [parse_issue(raw) for raw in self._search(query)]

    def _search(self, query: str) -> Sequence[Mapping[str, Any]]:
        """Every issue of a search. The library's own loops would follow equal pages without end.

        Raises:
            JiraUnavailableError: A page came twice.
        """
        return self._search_by_token(query) if self.cloud else self._search_by_number(query)

    def _search_by_number(self, query: str) -> Sequence[Mapping[str, Any]]:
        """Every issue of a search of Data Center, by the number that a page begins with; the total may be left out."""
        issues: dict[str, Mapping[str, Any]] = {}
        begin, total = 0, None
        while total is None or begin < total:
            answer: Any = self.search_issues(
                query, startAt=begin, maxResults=_SEARCH_PAGE, fields=_FIELDS, json_result=True
            )
            page, total = answer["issues"], answer.get("total")
            if not page:
                break
            begin += len(page)
            new = {issue["id"]: issue for issue in page if issue["id"] not in issues}
            issues.update(new)
            if not new:
                raise JiraUnavailableError("Jira gave the same page twice: the search cannot be read to its end.")
        return list(issues.values())

    def _search_by_token(self, query: str) -> Sequence[Mapping[str, Any]]:
        """Every issue of a search of Cloud, whose pages have tokens."""
        issues: list[Mapping[str, Any]] = []
        tokens: list[str | None] = [None]
        while True:
            page = self.enhanced_search_issues(query, maxResults=_SEARCH_PAGE, fields=_FIELDS, nextPageToken=tokens[-1])
            issues += (issue.raw for issue in page)
            if not page.nextPageToken:
                return issues
            if page.nextPageToken in tokens:
                raise JiraUnavailableError("Jira gave the same page token twice: the search cannot be read to its end.")
            tokens.append(page.nextPageToken)

    def read_issue(self, key: str) -> tuple[JiraIssue, StatusChange | None]:
        """The issue with this key as it is, and the change that set its status."""
        raw = self.issue(key, fields=_FIELDS, expand="changelog").raw
        return parse_issue(raw), parse_last_status_change(raw)

    def read_comments(self, key: str) -> list[JiraComment]:
        """The newest comments on the issue with this key, a hundred at most."""
        result = self.comments(key, max_results=_MAX_COMMENTS, order_by="-created")
        return [parse_comment(item.raw) for item in result]

    def add_comment_once(self, key: str, text: TextLines) -> None:
        """Comment on the issue with this key, unless a comment with equal text is there."""
        body = self._markup(text)
        if plain_text(body) not in {comment.text for comment in self.read_comments(key)}:
            self.add_comment(key, body)

    def close_issue(self, key: str) -> bool:
        """Move the issue with this key to a status that counts as done; False if none is in reach.

        One that rejects is preferred, because a duplicate must not look approved.
        """
        ways = [way for way in self.transitions(key) if way["to"].get("statusCategory", {}).get("key") == "done"]
        ways.sort(key=lambda way: decision_of(self._config, way["to"]["name"]) is True)
        if ways:
            self.transition_issue(key, ways[0]["id"])
        return bool(ways)

    def own_account(self) -> JiraAccount | None:
        """The account of the token; None if Jira does not tell it."""
        return parse_account(self.myself())

    def statuses_by_type(self) -> dict[str, tuple[str, list[str]]]:
        """The project's types of issue: by name, the id and the names of the statuses of its workflow."""
        types = self.issue_types_for_project(self._config.project)
        return {
            issue_type.name: (issue_type.id, [status["name"] for status in issue_type.raw["statuses"]])
            for issue_type in types
        }

    def granted_permissions(self, permissions: Sequence[str]) -> set[str]:
        """The permissions, among these, that the account has in the project."""
        texts = self.my_permissions(projectKey=self._config.project, permissions=",".join(permissions))["permissions"]
        return {name for name in permissions if name in texts and texts[name]["havePermission"]}

    def required_by_field(self, type_id: str) -> dict[str, bool]:
        """The fields that a new issue of this type has: by id, whether it must be given and has no default."""
        path = f"issue/createmeta/{self._config.project}/issuetypes/{type_id}"
        body = self._get_json(path, params={"maxResults": 200})
        fields = body.get("fields") or body.get("values") or []
        return {field["fieldId"]: field["required"] and not field["hasDefaultValue"] for field in fields}

    def browse_url(self, key: str) -> str:
        """The address at which people see the issue with this key."""
        return f"{self.browse}/browse/{key}"

    def close_connections(self) -> None:
        """Close the session's connections."""
        self.close()  # type: ignore[no-untyped-call]  # The library has not annotated it.

    def _markup(self, lines: TextLines) -> Any:
        """A text as this Jira takes it: a document in version 3, markup in version 2."""
        return to_adf(lines) if self.cloud else to_wiki(lines)


def open_session(config: JiraConfig, timeouts: JiraTimeouts = DEFAULT_TIMEOUTS) -> JiraSession:
    """Open a session with the configured Jira, Cloud or Data Center; the kind is read without the token.

    Neither asks for the token for that, and Data Center would count Cloud's way of logging in as a failed attempt, and
    ask for a captcha after a few.

    Raises:
        JiraMisconfiguredError: No Jira answers at the URL.
        jira.JIRAError: Jira gives another answer than its server information.
    """
    scoped = urlsplit(config.url).hostname == _SCOPED_TOKEN_HOST
    asking = JiraSession(config, timeouts, cloud=scoped, signed=scoped)
    try:
        info: Any = asking.server_info()
    except JIRAError as error:
        if error.status_code == 404:
            raise JiraMisconfiguredError(_NO_JIRA_AT_URL) from None
        raise
    finally:
        asking.close_connections()
    if not isinstance(info, dict) or "version" not in info:
        raise JiraMisconfiguredError(_NO_JIRA_AT_URL)
    session = JiraSession(config, timeouts, cloud=info.get("deploymentType") == "Cloud")
    base = str(info.get("baseUrl") or "")
    session.browse = base.rstrip("/") if base.startswith(("https://", "http://")) else config.url.rstrip("/")
    return session


def _quoted(text: str) -> str:
    """A value as a query has it."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
