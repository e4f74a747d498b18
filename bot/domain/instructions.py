"""A leader's instructions: a register every plan with leaders has, defined as data, unless it brings its own."""

from dataclasses import replace

from bot.domain.plans import Plan
from bot.domain.registers import Field, Register

KEY = "instruction"
WAITING, GOING, CLOSED = "待确认", "办理中", "已办结"

INSTRUCTIONS = Register(
    key=KEY,
    name="领导交办",
    noun="交办",
    words=("交办事项",),
    fields=(
        Field("what", "事项", needed=True),
        Field("item", "项目", kind="item"),
        Field("unit", "承办", kind="unit"),
        Field("due", "期限", kind="date", words=("时限",)),
        Field("leader", "交办领导", kind="leader"),
    ),
    states=(WAITING, GOING, CLOSED),
    closers="office",
    due="due",
    remind=("3天前", "当天", "过期"),
    visible="unit",
    loggers="office",
    digest=True,
)


def with_instructions(plan: Plan) -> Plan:
    """Return the plan with the register of instructions, where it has leaders and none of its own."""
    if not plan.leaders or plan.find_register(KEY) is not None:
        return plan
    return replace(plan, registers=(*plan.registers, INSTRUCTIONS))
