"""What the platforms were asked in each month: the quotas of an organisation are counted by month."""

from sqlalchemy import func, select

from bot.storage.engine import Tx, dialect
from bot.storage.tables import Usage


async def spend(tx: Tx, platform: str, month: str, meter: str, feature: str) -> int:
    """Count one for a feature; return what the meter shows in the month."""
    row = {"platform": platform, "month": month, "meter": meter, "feature": feature, "count": 1}
    statement = dialect(tx).insert(Usage).values(row)
    keys = ["platform", "month", "meter", "feature"]
    await tx.execute(statement.on_conflict_do_update(index_elements=keys, set_={"count": Usage.count + 1}))
    shown = select(func.sum(Usage.count)).where(Usage.platform == platform, Usage.month == month, Usage.meter == meter)
    return int((await tx.execute(shown)).scalar_one())


async def of_month(tx: Tx, month: str) -> dict[tuple[str, str, str], int]:
    """Return the counts of a month by (platform, meter, feature)."""
    statement = select(Usage).where(Usage.month == month)
    return {(row.platform, row.meter, row.feature): row.count for row in (await tx.execute(statement)).scalars()}
