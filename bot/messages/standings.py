"""The league table in words, and every number of it explained."""

from collections.abc import Sequence

from bot.domain.league import MOST_LINES, Score, Standing
from bot.domain.plans import Plan
from bot.domain.tallies import Tally
from bot.messages import words
from bot.messages.message import Align, Block, Bullets, Lines, Message, Table, joined

HEAD = ("名次", "单位", "完成率", "按时")
MOVED = "升降"
ALIGN: tuple[Align, ...] = ("right", "left", "right", "right")


def table(standings: Sequence[Standing]) -> tuple[Table, Lines]:
    """Draw at most ten rows, and say how many units there are; how far each moved where any did."""
    moved = any(standing.moved for standing in standings)
    rows = tuple((*_row(s), *((_moved(s.moved),) if moved else ())) for s in standings[:MOST_LINES])
    stale = any(standing.score.stale for standing in standings[:MOST_LINES])
    notes = [f"共 {len(standings)} 个单位" + ("；* 本期未报齐，按上次数据计" if stale else "")]
    head, align = (HEAD, ALIGN) if not moved else ((*HEAD, MOVED), (*ALIGN, "left"))
    return Table(head, rows, align), Lines(tuple(notes))


def _moved(ranks: int) -> str:
    """↑2 for two ranks up, ↓1 for one down."""
    return f"{'↑' if ranks > 0 else '↓'}{abs(ranks)}" if ranks else "－"


def _row(standing: Standing) -> tuple[str, ...]:
    score = standing.score
    mark = "*" if score.stale else ""
    return str(standing.rank), score.unit, f"{score.rate:g}%{mark}", f"{score.on_time}/{score.due}"


def league(period: str, standings: Sequence[Standing], on_time_only: Sequence[Score]) -> Message:
    """Show the table of a period, and the on-time list of the units without items."""
    drawn, notes = table(standings)
    blocks: list[Block] = [drawn, notes]
    if on_time_only:
        line = joined(f"{score.unit} {score.on_time}/{score.due}" for score in on_time_only)
        blocks.append(Lines((f"没有牵头项目的单位只看按时报送：{line}",)))
    return Message(f"{words.period(period)}完成率排名", tuple(blocks))


def tally(found: Tally) -> Message:
    """Show a table by unit: at most ten rows, and how many there are."""
    moved = any(place.moved for place in found.places)
    rows = tuple(
        (
            str(place.rank),
            place.name,
            *(f"{number:g}" for number in place.numbers),
            *((_moved(place.moved),) if moved else ()),
        )
        for place in found.places[:MOST_LINES]
    )
    head = ("名次", "单位" if not found.names_people else "姓名", *found.columns, *((MOVED,) if moved else ()))
    numbers: list[Align] = ["right" for _ in head[2:]]
    notes = f"共 {len(found.places)} 个" + (f"；升降与{found.since}比" if moved else "")
    return Message(f"{found.title}排名", (Table(head, rows, ("right", "left", *numbers)), Lines((notes,))))


def explain(plan: Plan, score: Score, rank: int | None, period: str) -> Message:
    """Show how a unit's numbers came about: each item's figure, the mean, and the reports on time."""
    lines = tuple(
        f"{plan.item(item.item).label}：{words.percent(item.percent)}{'（按 0 计）' if item.percent is None else ''}"
        for item in score.items
    )
    joint = [plan.item(item.item).label for item in score.items if len(plan.item(item.item).units) > 1]
    notes = []
    if score.items:
        total = " + ".join(f"{item.percent or 0:g}" for item in score.items)
        notes.append(f"完成率 =（{total}）÷ {len(score.items)} = {score.rate:g}%，第 {rank} 名。")
    else:
        notes.append("没有牵头的项目，不进完成率排名，只看按时报送。")
    if joint:
        notes.append(f"{joined(joint)}由几个单位共同牵头，取各单位所报的较低值。")
    if score.stale:
        notes.append("本期还没有报齐，按上次数据计。")
    notes.append(f"按时报送 {score.on_time}/{score.due}（到期的各项报送，免报的不算）。")
    return Message(f"{score.unit} {words.period(period)}排名依据", (Bullets(lines), Lines(tuple(notes))))
