"""GS-20: the leading group's bulletin, drafted from what is stored."""

from pathlib import Path

from docx import Document

from bot.documents.results import write_report
from bot.stories.compiling import compile_report
from tests.conftest import Open
from tests.systems.gansu import house_of
from tests.systems.house import ask

PARTS = ("能力为先", "执行为要", "效能为王")


async def test_gs_20_a_bulletin_in_three_parts_names_the_day_of_every_figure(theatre: Open, tmp_path: Path) -> None:
    house = await house_of(theatre)
    await ask(house, "甲大学", "工程3 60%")
    await ask(house, "甲大学", "截至3月5日走访企业246家，岗位需求人数近6000人")
    await ask(house, "office1", "登记 大讲堂 3月3日 专家学者讲政策 120人")
    await ask(house, "乙大学", "好项目：名称：校企联合实验室；内容：共建三个实验室")
    drafted = await ask(house, "office1", "汇总 简报")
    async with house.bot.db.read() as tx:
        made = await compile_report(tx, house.bot.world, house.plan, "bulletin", "2023-03", house.bot.clock.now())
    file = tmp_path / "bulletin.docx"
    write_report(file, "docx", made.title, [(c.heading, c.paragraphs, c.rows) for c in made.chapters])
    text = "\n".join(paragraph.text for paragraph in Document(str(file)).paragraphs)

    assert "3月工作简报" in drafted
    for said in (drafted, text):
        places = [said.index(name) for name in PARTS]
        assert places == sorted(places)
        ability, execution, efficacy = said[places[0] : places[1]], said[places[1] : places[2]], said[places[2] :]
        assert "教育大讲堂 1 条" in ability and "民办教育培训500人次（截至3月3日）" in ability
        assert "工程3 大中小学党建“双优”工程：60%" in execution
        assert "走访企业246家（截至3月5日）" in execution and "岗位需求人数约6000人（截至3月5日）" in execution
        assert "开拓岗位2385个（截至3月3日）" in execution
        assert "校企联合实验室" in efficacy and "1158" not in said
