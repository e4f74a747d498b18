"""Questions, promises and general words: answered as what they are, never recorded as a figure."""

from tests.conftest import Open
from tests.core.houses import begin, converse


async def test_a_question_in_words_is_answered_like_the_command(theatre: Open) -> None:
    house = await begin(theatre, "2023-04-25T10:00", "组织科", leaders=("L4",))
    await converse(
        house,
        [
            ("leader4", "组织科进展怎么样了", "【组织科】", "9 党组织领导下的校长负责制：还没有数据"),
            ("leader4", "第9项做到哪了？", "【9 党组织领导下的校长负责制】"),
            ("组织科", "我们排第几？", "完成率排名】"),
            ("组织科", "今天下午报", "好的，等您报。"),
        ],
    )


async def test_a_unit_without_items_is_never_asked_for_an_item(theatre: Open) -> None:
    house = await begin(theatre, "2023-04-25T10:00", "教师工作科", "组织科")
    await converse(
        house,
        [
            ("教师工作科", "第9项80%", "不是您单位牵头的项目，我没有登记。"),
            ("教师工作科", "正常推进", "回执 1 号（教师工作科）", "4月月度进展已报齐。"),
        ],
    )


async def test_a_correction_without_a_value_asks_for_item_and_figure(theatre: Open) -> None:
    house = await begin(theatre, "2023-04-25T10:00", "组织科")
    await converse(
        house,
        [
            ("组织科", "9-13项都是80%", "4月月度进展已报齐。"),
            ("组织科", "上条有误", "您要改哪一条？请带上项目编号和新的数，例如：第7项90%。"),
        ],
    )
