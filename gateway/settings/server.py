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
    """`server.cors`: pages of other origins.

    Attributes:
        allowed_origins: The origins whose pages may read answers, exactly as browsers send them: scheme, host and port,
            in lower case. `[]`: only the gateway's own.
        allow_credentials: Whether pages of those origins may send cookies, which a login proxy in front needs.
    """

    allowed_origins: tuple[Origin, ...] = ()
    allow_credentials: Switch = False


class ProbeSettings(SettingsModel):
    """`server.probes`: the probes of `worker`.

    Attributes:
        port: The port of `/livez` and `/readyz` of `worker`, at `server.host`; 0 takes a free one, `null` serves none.
            `serve` has them beside `/graphql`.
    """

    port: Port | None = None


class ServerSettings(SettingsModel):
    """`server`: the socket and its bounds.

    Attributes:
        host: The address or name to bind.
        port: The port, 0 to 65535; 0 takes a free one.
        workers: Processes that serve the socket together, one for each core. Each has its own caches of SageMaker, and
            the bounds of connections and callers hold for each. All share the rate limits of AWS. A process that ends
            is replaced.
        keep_alive_seconds: Seconds for which an idle connection is kept. The proxy in front must close first, or it
            sends requests into closing connections. An ALB's idle timeout is 60 s.
        head_seconds: Seconds within which a request's head must arrive, else 408 `TIMEOUT`. A connection on which
            nothing arrives is closed after the same time.
        head_bytes: The largest head in bytes, 4096 to 1048576: the request line and all headers. A larger head, or one
            of more than 100 headers, is answered 431 `LIMIT_EXCEEDED`.
        drain_seconds: Seconds for which the process still serves after SIGTERM; 0 closes at once.
        max_connections: The most connections at once. A further one takes the place of the connection that has been
            idle longest. If none is idle, it is answered 503 `LIMIT_EXCEEDED` with `Retry-After`, and closed.
        get_queries: Whether a GET may run a query; it never runs a mutation. Pages of other origins cannot run one,
            unless `server.cors` names them.
        compression: Whether answers of 500 bytes and more are compressed with zstd, Brotli or gzip for clients that
            accept it. An answer with values that need `SEE_SECRETS` is never compressed.
        cors: The origins whose pages may ask.
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
    """`subscriptions`: number and duration.

    Attributes:
        per_connection: The most subscriptions of one WebSocket at once; a further one is refused with `LIMIT_EXCEEDED`.
        connections: The most WebSockets and event streams at once, in each process; a further one is answered 503
            `LIMIT_EXCEEDED` with `Retry-After`. They count in `server.maxConnections`, too.
        per_caller: The most WebSockets and event streams of one caller, so that none keeps everyone else out. A further
            one is answered 429 `LIMIT_EXCEEDED`, or its socket closed with 1013.
        max_age_seconds: Seconds after which a connection is closed, so that its client connects and authenticates anew.
    """

    per_connection: Positive = 20
    connections: Positive = 1000
    per_caller: Positive = 200
    max_age_seconds: Seconds = 3600


class AwsSettings(SettingsModel):
    """`aws`: the address of AWS.

    Attributes:
        endpoint_url: One address for every AWS service, such as a sandbox's; `null` means the address in
            `AWS_ENDPOINT_URL`, else AWS itself.
    """

    endpoint_url: Url | None = None


class SagemakerSettings(SettingsModel):
    """`sagemaker`: the age of answers, and their memory.

    Attributes:
        search: Whether SageMaker's Search may be used, if an entry does not say. It saves calls. With roles whose
            policy goes by tags it shows resources that Describe refuses; `check` compares a sample.
        fresh_seconds: Seconds within which known facts are answered without asking AWS. Not above `authoritySeconds`.
        deletion_seconds: Seconds after which a full listing, in the background, finds deletions.
        authority_seconds: Seconds after which a description is not shown, unless it was read again under the role's
            current permission.
        tag_seconds: The highest age of tags, in seconds.
        warm: Groups whose accounts are read at the start and looked at each minute, so that the first question of the
            morning need not wait. This covers every region of their entry, signed as the gateway, after people's calls.
            A look costs five calls.
        memory: The memory for AWS's answers, in bytes, `KiB`, `MiB` or `GiB`. Above it, idle scopes are dropped, the
            least recently used first.
        scopes_per_query: The most groups and regions that one list with `scope: MINE` may ask. Beyond it the query is
            refused with `LIMIT_EXCEEDED`; narrow it with `group` and `region`. The cost of such a list multiplies by
            their number.
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
    """`database`: the gateway's own records.

    Attributes:
        url: `sqlite+aiosqlite:///FILE` (an absolute path makes four slashes; a relative one starts at the process's
            working directory) or `postgresql+psycopg://USER@HOST/NAME`. A password in it must be percent-encoded (`@`
            is `%40`). `migrate` makes its tables.
        password: The password of PostgreSQL's user, with any characters; `null` if the URL has one, or none is needed.
        pool_size: The most connections of one process to the database; durable work has five of its own beside them.
            With SQLite these connections read, and one more writes.
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
    """`retention`: how long records are kept.

    Attributes:
        audit_days: Days that an event of the audit is kept; at least 30, which the database itself enforces.
        deployments_days: Days that a deployment is kept after its end, with its steps, tickets and test results.
            Elements of registrations that AWS no longer has are deleted after the same time.
        import_runs_days: Days that an import or sync run is kept after its end, with its changes.
        workflows_days: Days that the steps of durable work are kept after its end; a longer time helps to explain
            failures.
    """

    audit_days: AuditDays = 400
    deployments_days: Positive = 400
    import_runs_days: Positive = 90
    workflows_days: Positive = 14


def check_database(settings: RawNode) -> Iterator[SettingsFault]:
    """Yield the faults between the settings of `database`."""
    database = settings["database"]
    url = database["url"].text()
    if database["password"].text() is None or url is None:
        return
    if not url.startswith("postgresql"):
        yield SettingsFault(
            database["password"].key, "is for PostgreSQL, and database.url names another database; remove it"
        )
    elif has_password(url):
        yield SettingsFault(database["password"].key, "is in database.url, too; remove it there")


class CallerLimitSettings(SettingsModel):
    """`limits.callers`: the share of one caller, in each process.

    Attributes:
        cost_per_minute: Cost (`extensions.cost`) of the queries that one caller may send in a minute; `null` sets no
            limit. `rateLimit` shows the state.
        concurrent: Requests of one caller that are answered at once.
    """

    cost_per_minute: Positive | None = None
    concurrent: Positive = 20


class LimitSettings(SettingsModel):
    """`limits`: the size of one request.

    Attributes:
        depth: Levels of nesting in a query.
        aliases: Aliases in a query.
        directives: Directives in a query.
        tokens: Tokens of a query.
        bytes: Bytes of a request's body.
        page_size: The most that `first` or `last` may ask for; 100 at most.
        cost: The highest cost of a query.
        seconds: Seconds that a request may take.
        scan: Resources that one relation may look through. Beyond it, the answer says how far it came.
        scopes: Scopes (account, region and role) that are kept at once; beyond it, the least recently used is dropped.
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
