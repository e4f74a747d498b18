"""Words with patterns of their own: doubt, questions, headings, work, measure words; lexicon.py holds the plain ones."""

# ruff: noqa: E501 -- a kind of words is one row, however long

import re
from typing import NamedTuple


class Row(NamedTuple):
    """One kind of words: the name it is read as and the pattern that finds it."""

    name: str
    pattern: re.Pattern[str]


def rows(*pairs: tuple[str, str]) -> tuple[Row, ...]:
    return tuple(Row(name, re.compile(pattern)) for name, pattern in pairs)


CONDITION = re.compile(
    r"如果|要是|假如|假设|若(?!干)|倘若|只要|除非|一旦|万一|的话|等.{1,15}(?:再|才|后)(?:能|可|会)|本来|要不是|差点|不可能|没可能|千万|别(?:再)?(?:写|填|报|记)|不要(?:写|填|报|记)|不会(?:到|是|有)"
)
HEARSAY = re.compile(
    r"不归我|不属于我们?(?:科|处|单位)?|(?:不是|非)(?:我们?|本)(?:科|处|单位|这边)?(?:的事|管|牵头|负责|职责)|与我们?(?:科|处|单位)?无关|听说|据说|好像|似乎|传说|(?<=[^，。；！？\s来我照实解学小演听])(?:(?<!能)说(?!错|明|课|法|服|不)|表示(?!感谢)|告诉我)|(?<=[^，。；！？\s顾访慰学疑提首])问(?!题|卷|责|询|政|诊)|转发|转自|原文"
)
JOKE = re.compile(r"我请客|我家|减肥|健身|发际线|追剧|通关|开玩笑|逗你|才怪|做梦|狗头|骗你|愚人节|梦里|要是就好")
# Words that would rule the bot itself; whoever sends them reports nothing.
TAMPERING = re.compile(
    r"(?:忽略|无视|绕过).{0,10}(?:指令|规则|要求|限制|提示)|(?:所有|全部|各)的?(?:科室|单位|项目|专项|数据|进度|处室).{0,6}(?:设为|设成|标为|标记|改为|改成|重置|清零|删)"
    r"|(?i:ignore\s.{0,30}(?:instruction|rule)|drop\s+table|<\s*script|system\s+prompt)|你现在是"
)
QUESTION = re.compile(
    r"？|(?<!没)(?<!有)什么(?!都)|为什么|为啥|(?:吗|么|了没有?|对吧|是吧|没错吧|行不行|好不好|对不对|是不是)\s*$|多少|几[成号]|第几|是否|能不能|可不可以|(?<!没)怎么|怎样|如何|什么时候|啥时候|哪天|哪项|谁"
)
# Words of work: a clause with one of them reports something even when it gives no figure.
WORK = re.compile(
    r"召开|开展|完成|推进|印发|起草|制定|调研|培训|审批|方案|会议(?!室|时间|地点|改)|启动|组织|报批|征求意见|建设|落实|批复|验收|遴选|选派|排查|整改|修订|审议|部署|座谈|研讨|走访|覆盖|签约|签订|招标|采购|经费|拉通|进度|进展|初稿|草案|流转|论证|公示|试点|专家|申报|评审|评选|考核|比选|宣讲|监测|筛查|普查|摸底|抽查|参训|轮训|支出|到位|施工|改造|升级|筹备|协调|会签|上会|送审|拨付|立项|调度|阶段|批次"
)

# Headings of a report's sections.
HEADINGS = rows(
    ("next", r"下一?步(?:的)?(?:工作)?(?:计划|打算|安排|思路|措施|举措|重点)?|(?:下一?阶段|下月|下个月|下季度|下半年|后续|今后|近期)(?:的)?(?:工作)?(?:计划|打算|安排|思路|重点)|(?:工作)?(?:打算|计划|安排)|接下来(?:的工作|的?计划|的?打算)?"),
    ("problems", r"(?:目前|当前)?(?:存在|遇到|面临)(?:的)?(?:主要)?(?:问题|困难|短板|不足|难点)(?:(?:和|与|及|、)(?:不足|困难|问题|短板|建议|难点))?|(?:目前|当前)?主要(?:问题|困难)|问题(?:(?:和|与|及|、)(?:不足|困难|短板|建议))?|困难(?:(?:和|与|及|、)问题)?|难点|堵点|短板|不足(?:之处)?|卡点|瓶颈"),
    ("progress", r"(?:目前|当前|主要|总体|本月|阶段性)?(?:工作)?(?:进展|推进|完成|开展|落实)(?:的)?(?:情况|成效)|(?:工作|目前|主要|当前|本月|阶段性)?(?:进展|成效|做法|亮点|成果)|工作情况|已?完成的?工作|已开展的?工作|本月工作|主要工作|工作总结|取得的?成效|进度情况"),
)  # fmt: skip
NONE_SAID = re.compile(r"(?:暂时?|目前|尚)?(?:无|没有|没|不存在|未发现)(?:问题|困难|什么问题|明显问题|突出问题|情况)?")

# Measure words that make a number a figure. Longer ones first.
UNITS = (
    "个百分点|百分点|个点|万人次|人次|万元|亿元|千元|平方米|平米|公里|学时|课时|小时|分钟|万人|千人|百人|个月|所学校|"
    "个|名|人|所|家|场|次|篇|份|项|件|元|亩|米|天|日|周|期|批|条|台|套|户|间|座|门|科|届|部|册|本|辆|例|"
    "起|位|组|支|类|种|轮|节|堂|课|处|站|点(?![零一二三四五六七八九])|张|幅|株|吨|页|字|宗|笔|款|校|县|班|对|分(?![之钟期批类别局校管析工享解组散离布数会公院队机])"
)
INCREMENT = re.compile(r"新增|又|再|净增|增加|增聘|本月|今天|今日|本周|当月|追加")
CUMULATIVE = re.compile(r"累计|总计|共计|合计|截至|总共|一共|共")
# 废3改5立2: one character each and no measure word; they count papers.
BARE_COUNTS = re.compile(r"(?<![\w])?([立改废])\s*(\d{1,3})(?=[立改废，。；、\s]|$)")
