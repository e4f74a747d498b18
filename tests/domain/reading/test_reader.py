"""The reader's edges: shapes, roles, several duties in one reply, plans it does not hold."""

from datetime import date

import pytest

from bot.domain.reading import Context, Reading
from bot.domain.reading.dates import find_dates, find_length
from bot.domain.reading.normalise import normalise, strip_mentions, strip_quotes
from bot.domain.workdays import Workdays
from tests.domain.reading.said import context, read, reader


def test_context_leaves_unknown_keys_aside() -> None:
    ctx = Context.from_json({"seed": "QZ", "today": "2023-04-25", "colour": "red"})

    assert (ctx.today, ctx.role, ctx.prev) == (date(2023, 4, 25), "contact", {})


def test_empty_reading_has_the_three_keys() -> None:
    assert Reading().to_json() == {"intents": [], "entries": [], "ask": None}


def test_entry_keeps_the_words_that_gave_it() -> None:
    assert read("思政科", "老师好，第7项目前八成，谢谢")["entries"][0]["because"] == "目前八成"


def test_one_reply_fulfils_two_duties_with_all_sections() -> None:
    text = "50%。进展：宣讲团已成立。问题：设备不足。下一步：普查。"
    reading = read("体卫艺语科", text, pending="monthly:2023-03+special:2023-03", today="2023-03-24")

    assert reading["fulfils"] == ["monthly:2023-03", "special:2023-03"]


def test_figure_alone_fulfils_the_monthly_duty_only() -> None:
    reading = read("体卫艺语科", "50%", pending="monthly:2023-03+special:2023-03", today="2023-03-24")

    assert reading["fulfils"] == ["monthly:2023-03"]


def test_missing_section_is_named_in_the_question() -> None:
    reading = read("体卫艺语科", "进展：已成立。问题：无。", pending="special:2023-03", today="2023-03-24")

    assert reading["ask"] == {"about": "section", "options": ["next"], "item": "S06"}


def test_unit_is_found_by_its_full_name() -> None:
    assert read("体育卫生艺术教育与语言文字科", "65%")["entries"][0]["item"] == "S06"


def test_text_beyond_the_limit_is_a_question() -> None:
    assert reader().read("80%" * 4000, context("思政科")).to_json()["ask"] == {"about": "meaning"}


def test_plan_it_does_not_hold_uses_ids_of_the_context() -> None:
    reading = read("某处", "70%", seed="XX", pending="H22")

    assert [(entry["item"], entry["percent"]) for entry in reading["entries"]] == [("H22", 70)]


def test_other_units_part_of_a_joint_item_is_not_carried() -> None:
    reading = read("职成教科", "第4项无进展", prev={"S04@督导科": 60})

    assert (reading["entries"][0]["percent"], reading["ask"]["about"]) == (None, "percent")


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("下周三前", "2023-05-03"),
        ("延到下月底", "2023-05-31"),
        ("三个工作日内", "2023-04-28"),
        ("28号", "2023-04-28"),
        ("12月中旬", "2023-12-20"),
        ("明天", "2023-04-26"),
        ("五月十号", "2023-05-10"),
        ("下下周一", "2023-05-08"),
        ("年底前", "2023-12-31"),
    ],
)
def test_spoken_dates_are_read_from_today(words: str, day: str) -> None:
    assert find_dates(words, date(2023, 4, 25), Workdays()) == (date.fromisoformat(day),)


def test_day_that_does_not_exist_is_no_date() -> None:
    assert find_dates("2月30日", date(2023, 4, 25), Workdays()) == ()


def test_length_of_time_is_in_days() -> None:
    assert (find_length("延期一周"), find_length("晚三天"), find_length("延期")) == (7, 3, None)


def test_normalise_writes_one_form() -> None:
    assert normalise("第7項 ：\u200b８０％") == "第7项 ：80%"


def test_quotes_and_mentions_are_cut() -> None:
    assert strip_quotes("「A：第4项80%」\n- - - - - -\n70%") == ("70%", True)
    assert strip_mentions("@何老师 第7项80%") == ("第7项80%", ("何老师",))
