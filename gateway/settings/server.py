"""Settings of the server: its socket, the AWS address, cache ages, the database, retention and the limits."""

from collections.abc import Iterator

from pydantic import SecretStr

from gateway.settings.document import RawNode
from gateway.settings.errors import SettingsFault
from gateway.settings.model import SettingsModel
from gateway.settings.values import (
    AuditDays,
    ByteSize,
    DatabaseUrl,
    Group,
    HeadBytes,
    Origin,
    PageSize,
    Port,
    Positive,
    Seconds,
    SecondsOrNone,
    Secret,
    Switch,
    Text,
    Url,
)
from registry.addresses import has_password, with_password


class CorsSettings(SettingsModel):
    """`server.cors`: the pages of other origins that a browser lets read answers.

    Attributes:
        allowed_origins: Exact origins, such as `https://app.example.com`; none lets no other origin read.
        allow_credentials: Whether those pages may send cookies and a browser's other credentials.
    """

    allowed_origins: tuple[Origin, ...] = ()
    allow_credentials: Switch = False


class ProbeSettings(SettingsModel):
    """`server.probes`: the probes of `worker`, which serves nothing else.

    Attributes:
        port: The port of `/livez` and `/readyz`, at `server.host`; 0 takes a free one, None serves none.
    """

    port: Port | None = None


class ServerSettings(SettingsModel):
    """`server`: where it listens, and the bounds of its connections.

    Attributes:
        host: The address or name to bind.
        port: The port; 0 takes a free one.
        workers: Processes that serve the socket together; each has its own caches and connections.
        keep_alive_seconds: How long an idle connection is kept; longer than the proxy in front keeps it.
        head_seconds: Seconds within which the head of a request must have arrived.
        head_bytes: The largest head of a request (its line and headers), in bytes.
        drain_seconds: How long it still serves after SIGTERM, while `/readyz` is 503.
        max_connections: The most connections at once.
        get_queries: Whether a GET may run a query; it never runs a mutation.
        compression: Whether answers are compressed for clients that take it.
        cors: Pages of other origins that may read answers.
        probes: The probes of `worker`.
    """

    host: Text = "127.0.0.1"
    port: Port = 8000
    workers: Positive = 1
    keep_alive_seconds: Seconds = 75
    head_seconds: Seconds = 10
    head_bytes: HeadBytes = 65_536
    drain_seconds: SecondsOrNone = 10
    max_connections: Positive = 2000
    get_queries: Switch = False
    compression: Switch = True
    cors: CorsSettings = CorsSettings()
    probes: ProbeSettings = ProbeSettings()


class SubscriptionSettings(SettingsModel):
    """`subscriptions`: how many there may be, in each process, and how long a connection with some lasts.

    Attributes:
        per_connection: Subscriptions of one WebSocket.
        connections: WebSockets and event streams at once.
        per_caller: Those of one caller.
        max_age_seconds: After this time a connection is closed, and its client connects anew.
    """

    per_connection: Positive = 20
    connections: Positive = 1000
    per_caller: Positive = 200
    max_age_seconds: Seconds = 3600


class AwsSettings(SettingsModel):
    """`aws`: how AWS is reached.

    Attributes:
        endpoint_url: One address for every service instead of AWS's own; None follows `AWS_ENDPOINT_URL`.
    """

    endpoint_url: Url | None = None


class SagemakerSettings(SettingsModel):
    """`sagemaker`: how fresh an answer must be, each age in seconds.

    Attributes:
        search: Whether SageMaker's Search may be used, where an entry does not say.
        fresh_seconds: Inside this age a query costs no call.
        deletion_seconds: How often a full listing looks for what was deleted.
        authority_seconds: After this age a fact is described again under the current permission.
        tag_seconds: The age of tags.
        warm: The groups whose accounts are read before anybody asks.
        memory: The bytes that all that is known of AWS may take; the least recently used scopes go first.
        scopes_per_query: The most groups and regions that one list may ask.
    """

    search: Switch = False
    fresh_seconds: Seconds = 5
    deletion_seconds: Seconds = 300
    authority_seconds: Seconds = 900
    tag_seconds: Seconds = 300
    warm: tuple[Group, ...] = ()
    memory: ByteSize = 512 * 2**20
    scopes_per_query: Positive = 20


class DatabaseSettings(SettingsModel):
    """`database`: what the gateway remembers.

    Attributes:
        url: SQLAlchemy's address of it; it may hold a password, so it hides itself.
        password: The password of PostgreSQL's user, with any characters; None if the address needs none or has one.
        pool_size: Connections of one process; with SQLite those that read, beside the one that writes.
    """

    url: DatabaseUrl = SecretStr("sqlite+aiosqlite:///var/sagegraph.db")
    password: Secret | None = None
    pool_size: Positive = 10

    def address(self) -> str:
        """Give the address with the password in it."""
        return with_password(
            self.url.get_secret_value(), None if self.password is None else self.password.get_secret_value()
        )


class RetentionSettings(SettingsModel):
    """`retention`: for how many days each sort is kept after its end.

    Attributes:
        audit_days: Events of the audit; the database keeps them for 30 days at least.
        deployments_days: Deployments, but for those that say something about an endpoint or snapshot that is there;
            and elements of registrations that AWS no longer has.
        import_runs_days: Import and sync runs.
        workflows_days: Durable work.
    """

    audit_days: AuditDays = 400
    deployments_days: Positive = 400
    import_runs_days: Positive = 90
    workflows_days: Positive = 14


def check_database(settings: RawNode) -> Iterator[SettingsFault]:
    """Yield the faults between the keys of `database`."""
    database = settings["database"]
    url = database["url"].text()
    if database["password"].text() is None or url is None:
        return
    if not url.startswith("postgresql"):
        yield SettingsFault(
            database["password"].key, "is for PostgreSQL, and database.url names another database; remove it"
        )
    elif has_password(url):
        yield SettingsFault(database["password"].key, "is in database.url too; leave it out there")


class CallerLimitSettings(SettingsModel):
    """`limits.callers`: the share of one caller, in each process.

    Attributes:
        cost_per_minute: Cost of the queries of one minute; None sets no limit.
        concurrent: Requests at once.
    """

    cost_per_minute: Positive | None = None
    concurrent: Positive = 20


class LimitSettings(SettingsModel):
    """`limits`: what one request may ask for, and how much is kept.

    Attributes:
        depth: Levels of nesting in a query.
        aliases: Aliases in a query.
        directives: Directives in a query.
        tokens: Tokens of a query.
        bytes: Bytes of a request's body.
        page_size: The most that `first` or `last` may ask for.
        cost: The highest cost of a query.
        seconds: The time that a request may take.
        scan: Resources that one relation may look through.
        scopes: Scopes (account, region, role) that are kept at once.
        callers: The share of one caller.
    """

    depth: Positive = 16
    aliases: Positive = 15
    directives: Positive = 50
    tokens: Positive = 2000
    bytes: Positive = 100_000
    page_size: PageSize = 100
    cost: Positive = 20_000
    seconds: Seconds = 30
    scan: Positive = 20_000
    scopes: Positive = 200
    callers: CallerLimitSettings = CallerLimitSettings()
