"""The office's notes from the records: 汇总 for a period in short, 导出 for the numbers of each unit."""

from dataclasses import replace

from bot.dispatch import Call, PassOn, Router
from bot.domain import spans
from bot.errors import UserError
from bot.messages import reports as wording
from bot.messages.message import Message
from bot.storage.engine import Tx
from bot.stories.compiling import REPEATS, Kind, compile_report
from bot.stories.results import results_of

router = Router("reports", "查看")

BULLETIN = "简报"


@router.command(
    "report",
    "汇总",
    usage="/report [简报] [时段]",
    help="看月小结、季分析、半年评估，如：汇总 一季度；按各部分起草简报：汇总 简报",
    roles=("office", "leader"),
)
async def report(call: Call, tx: Tx) -> Message:
    """/report [简报] [period]: the note of a month, the analysis of a quarter, the evaluation of half a year or a year,
    or a bulletin of any of these."""
    bulletin = call.args.startswith(BULLETIN)
    period = _period(replace(call, args=call.args.removeprefix(BULLETIN).strip()))
    kind: Kind = "quarterly" if "-Q" in period else "half-year" if "-H" in period else "monthly"
    kind = "bulletin" if bulletin else kind if "-" in period else "annual"
    made = await compile_report(tx, call.world, call.plan, kind, period, call.now)
    alone = call.standpoint.is_office and call.event.chat_kind == "private"
    chapters = [(c.heading, c.paragraphs, c.rows) for c in made.chapters if alone or c.heading != REPEATS]
    return wording.compiled(made.title, chapters, f"drumbeat compile {call.plan.key} --kind {kind} --period {period}")


@router.command("export", "导出", usage="/export [时段]", help="看各单位的结果数据，如：导出 上半年", roles=("office",))
async def export(call: Call, tx: Tx) -> Message:
    """/export [period]: due, on time, mean progress and items done of each unit."""
    period = _period(call)
    first, last = spans.days_of(period)
    rows = await results_of(tx, call.world, call.plan, first, min(last, call.today))
    return wording.results(period, rows, f"drumbeat compile {call.plan.key} --kind ledger --period {period}")


def _period(call: Call) -> str:
    """Return the period meant: this month's where none is named. Raises `UserError`, or passes on what is no period."""
    words = call.args or f"{call.today:%Y-%m}"
    period = spans.read_period(words, call.today)
    if period is None:
        if not call.slash:
            raise PassOn
        raise UserError(f"“{words}”不是时段。可写：3月、一季度、上半年、全年，例如：汇总 一季度")
    return period
