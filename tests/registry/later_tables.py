"""Tables that say of themselves that a later gateway has made them."""

from sqlalchemy import text

from registry.addresses import parse_url
from registry.engines import migrating_engine


async def later_tables(url: str, version: str, compatible_since: str, revision: str | None = None) -> None:
    """Mark a database as one of a later version; `revision` is another than recorded, if a migration broke off."""
    engine = migrating_engine(parse_url(url))
    async with engine.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = :v"), {"v": revision or version})
        row = {"v": version, "s": compatible_since}
        await connection.execute(text("UPDATE schema_compatibility SET version = :v, compatible_since = :s"), row)
    await engine.dispose()
