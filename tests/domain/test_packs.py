"""The five packs hold what their papers say: numbers, owners, counts and operators; what is left open stays open."""

from collections import Counter
from fractions import Fraction

import pytest

from bot.documents.planfiles import load_plan, pack_names
from bot.domain.plans import Plan
from bot.domain.quotas import Quota
from bot.domain.unset import unset
from tests.domain.packs import NAMES, pack

SEVEN = ("行政办", "机关党委", "教师处", "基教处", "职教处", "高教处")
MEASURES = [3, 5, 11, 5, 5, 9, 7, 6, 13, 5, 7, 5, 6, 10, 13, 5, 5, 6, 5, 5, 5, 4, 7, 4, 4, 7, 5, 9, 7, 6, 4, 5, 2]
# Operator, numbers and units as the paper words them: 左右 is about, 不少於 at least, 一定數量 some, 均 and 每名 all.
QUOTAS: dict[str, tuple[str, tuple[object, ...], tuple[str, ...]]] = {
    "K01": ("either", (3, 550), ("个月", "学时")),
    "K02": ("either", (12, 90), ("天", "学时")),
    "K03": ("at_least", (), ("%（调训率）", "%（参训率）", "学时（人均脱产）", "学时（人均网络）")),
    "K04": ("once", (2, 3), ("年",)),
    "K05": ("at_least", (2,), ("个月",)),
    "K06": ("about", (1,), ("次",)),
    "K07": ("at_least", (1,), ("个月",)),
    "K08": ("about", (1,), ("次",)),
    "K09": ("share", (Fraction(7, 10),), ("学时",)),
    "K10": ("some", (), ("学时",)),
    "K11": ("all", (), ("班",)),
    "K12": ("share", (Fraction(1, 5),), ("学时",)),
    "K13": ("share", (Fraction(1, 5),), ("学时",)),
    "K14": ("share", (Fraction(3, 10),), ("学时",)),
    "K15": ("range", (15, 20), ("名",)),
    "K16": ("about", (150,), ("名",)),
    "K17": ("some", (), ("名",)),
    "K18": ("some", (), ("名",)),
    "K19": ("about", (400,), ("名",)),
    "K20": ("range", (1, 2), ("期",)),
    "K21": ("share", (Fraction(1, 3),), ("人",)),
    "K22": ("share", (Fraction(1, 5),), ("人",)),
    "K23": ("about", (1200,), ("名",)),
    "K24": ("about_share", (Fraction(1, 5),), ("人",)),
    "K25": ("about", (300,), ("名",)),
    "K26": ("about", (100,), ("名",)),
    "K27": ("about", (1000,), ("名",)),
    "K28": ("share", (Fraction(1, 5),), ("人",)),
    "K29": ("some", (), ("名",)),
    "K30": ("some", (), ("名",)),
    "K31": ("some", (), ("名",)),
    "K32": ("some", (), ("名",)),
    "K33": ("share", (Fraction(1, 5),), ("人",)),
    "K34": ("about", (500,), ("名",)),
    "K35": ("share", (Fraction(1, 5),), ("人",)),
    "K36": ("some", (), ("名",)),
    "K37": ("about", (100,), ("名",)),
    "K38": ("share", (Fraction(1, 5),), ("人",)),
    "K39": ("range", (4, 6), ("期",)),
    "K40": ("all", (), ("人",)),
    "K41": ("all", (), ("人",)),
    "K42": ("at_least", (200,), ("名",)),
    "K43": ("all", (), ("人",)),
    "K44": ("some", (), ("名",)),
    "K45": ("some", (), ("名",)),
    "K46": ("at_least", (30,), ("名",)),
    "K47": ("at_least", (1,), ("次",)),
    "K48": ("all", (), ("人",)),
    "K49": ("at_least", (1,), ("份",)),
    # Not numbered in the paper: 全员 over the term, beside the yearly fifth of K28.
    "K50": ("all", (), ("人",)),
}
FIGURES = {
    "N01": (234, "家", False),
    "N02": (2385, "个", False),
    "N03": (6000, "人", True),
    "N04": (28, "份", False),
    "N05": (1, "项", False),
    "N06": (16, "所", False),
    "N07": (3, "期", False),
    "N08": (500, "人次", False),
    "N09": (70, "所", True),
    "N10": (100, "人", True),
    "N11": (19, "所", False),
    "N12": (52, "所", False),
    "N13": (1158, "万", False),
}
OFFICE_ONLY = {
    "HN": {"decision", "rotation"},
    "QZ": {"todo"},
    "NM": {"responsibility", "case", "blacklist", "draw_units", "draw_checkers", "score"},
    "GS": set(),
    "HU": {"conduct", "rating"},
}


def listed(plan: Plan, key: str) -> list[str]:
    return [item.id for item in plan.items if item.list_key == key]


def quota(quota_id: str) -> Quota:
    found = pack("HU").find_quota(quota_id)
    assert found is not None
    return found


def test_the_five_packs_come_with_drumbeat() -> None:
    assert pack_names() == sorted(NAMES.values())
    assert {pack(code).code for code in NAMES} == set(NAMES)


@pytest.mark.parametrize("code", NAMES)
def test_every_pack_rolls_to_another_year(code: str) -> None:
    rolled = load_plan(NAMES[code], 2026)
    assert rolled.first_on.year == 2026
    assert len(rolled.items) == len(pack(code).items)


@pytest.mark.parametrize(
    ("code", "key", "ids"),
    [
        ("HN", "tasks", [f"H{n:02}" for n in range(1, 34)]),
        ("QZ", "special", [f"S{n:02}" for n in range(1, 21)]),
        ("QZ", "office", [f"CG{n}" for n in range(1, 8)]),
        ("NM", "points", [f"P{n:02}" for n in range(1, 34)]),
        ("GS", "zones", ["Z1", "Z2", "Z3"]),
        ("GS", "actions", ["A1", "A2", "A3", "A4", "A5"]),
        ("GS", "projects", [f"G{n:02}" for n in range(1, 11)]),
    ],
)
def test_lists_keep_the_papers_numbering(code: str, key: str, ids: list[str]) -> None:
    assert listed(pack(code), key) == ids


def test_the_month_tasks_are_forty_and_without_an_owner() -> None:
    tasks = [item for item in pack("QZ").items if item.list_key == "tasks"]
    assert len(tasks) == 40
    assert not any(item.units for item in tasks)


def test_each_lead_leader_has_his_items() -> None:
    plan = pack("QZ")
    counts = {leader.key: len(plan.items_of_leader(leader.key)) for leader in plan.leaders}
    assert counts == {"L1": 1, "L2": 4, "L3": 3, "L4": 5, "L5": 3, "L6": 2, "L7": 3}


def test_the_coordination_groups_work_is_the_offices_own() -> None:
    assert all(item.private and item.lasting for item in pack("QZ").items if item.list_key == "office")


@pytest.mark.parametrize(("item", "issuer"), [("M03-03", "市委办"), ("M03-04", "市委办、市政府办")])
def test_papers_in_a_higher_offices_name_say_so(item: str, issuer: str) -> None:
    assert (pack("QZ").item(item).kind, pack("QZ").item(item).issuer) == ("document", issuer)


@pytest.mark.parametrize(
    ("item", "units"),
    [
        ("H01", ()),
        ("H02", ("各市县", "高校", "直属单位（学校）")),
        ("H05", ("厅党委会", "厅务会")),
        ("H18", ("政策法规处", "厅自贸办")),
        ("H20", ("厅机关",)),
        ("H21", (*SEVEN, "政策法规处", "厅自贸办", "人事处")),
        ("H32", ("督导组",)),
        ("H33", ()),
    ],
)
def test_owners_are_those_the_paper_names(item: str, units: tuple[str, ...]) -> None:
    assert pack("HN").item(item).units == units


def test_every_division_is_asked_for_what_each_owes() -> None:
    plan = pack("HN")
    assert all(set(plan.reporting_units) <= set(plan.item(i).units) for i in ("H07", "H08", "H13", "H15", "H16", "H17"))
    assert all(plan.item(i).each for i in ("H02", "H08", "H09", "H13", "H15", "H16", "H17"))


def test_numbers_of_the_exercise_are_those_of_the_paper() -> None:
    plan = pack("HN")
    assert (plan.item("H22").count, plan.item("H28").count, plan.item("H31").count) == (8, 2, 1)
    nomination, problem = plan.find_register("nomination"), plan.find_register("problem")
    assert nomination is not None
    assert problem is not None
    assert len(nomination.field("category").options) == 4
    assert (len(problem.field("way").options), len(problem.field("weakness").options)) == (4, 4)
    assert plan.annexes


def test_thirty_three_points_hold_205_measures_and_a_target_each() -> None:
    points = [item for item in pack("NM").items if item.list_key == "points"]
    assert [len(item.measures) for item in points] == MEASURES
    assert sum(MEASURES) == 205
    assert all(item.target for item in points)
    assert max(len(measure) for item in points for measure in item.measures) <= 14


def test_points_stand_in_seven_sections() -> None:
    points = [item for item in pack("NM").items if item.list_key == "points"]
    assert list(Counter(item.section for item in points).values()) == [5, 5, 8, 6, 3, 4, 2]
    assert [section.key for section in pack("NM").sections] == list("一二三四五六七")


def test_no_point_and_no_project_has_an_owner_or_a_date() -> None:
    points = [item for item in pack("NM").items if item.list_key == "points"]
    eighteen = [item for item in pack("GS").items if item.list_key in ("zones", "actions", "projects")]
    assert not any(item.units or item.window for item in (*points, *eighteen))
    assert not any(item.measures for item in eighteen)


@pytest.mark.parametrize(("item", "parts"), [("T08", 4), ("T13", 6), ("T14", 5)])
def test_lists_of_boxes_have_the_papers_number(item: str, parts: int) -> None:
    assert len(pack("NM").item(item).parts) == parts


def test_documents_belong_to_the_points_that_order_them() -> None:
    documents = [item for item in pack("NM").items if item.list_key == "documents"]
    assert len(documents) == 39
    assert all(item.kind == "document" and pack("NM").find_item(item.part_of) for item in documents)


@pytest.mark.parametrize("figure", FIGURES)
def test_figures_open_at_what_the_paper_says(figure: str) -> None:
    found = pack("GS").find_figure(figure)
    assert found is not None
    assert found.opening is not None
    assert found.opening.as_of.isoformat() == "2023-03-03"
    assert (found.opening.value, found.unit, found.opening.approx) == FIGURES[figure]


@pytest.mark.parametrize("quota_id", QUOTAS)
def test_quotas_have_the_papers_operator_and_number(quota_id: str) -> None:
    found = quota(quota_id)
    assert (found.operator, found.number, found.unit) == QUOTAS[quota_id]
    assert found.audience


def test_there_are_fifty_quotas_and_eleven_periodic_duties() -> None:
    plan = pack("HU")
    assert [found.id for found in plan.quotas] == list(QUOTAS)
    periodic = [duty for duty in plan.duties if duty.id.startswith("C")]
    assert [duty.id for duty in periodic] == [f"C{n:02}" for n in range(1, 12)]
    assert not any(duty.cadences for duty in periodic)


def test_what_is_a_rule_of_thumb_or_a_part_says_so() -> None:
    assert [found.id for found in pack("HU").quotas if found.soft] == ["K06", "K08"]
    assert {found.id: found.part_of for found in pack("HU").quotas if found.part_of} == {"K25": "K24", "K26": "K24"}


@pytest.mark.parametrize(
    ("quota_id", "kind", "first", "last"),
    [
        ("K01", "span", 2018, 2022),
        ("K05", "span", 2018, 2022),
        ("K43", "span", 2018, 2022),
        ("K02", "year", 0, 0),
        ("K08", "years", 2019, 2),
        ("K47", "years", 2019, 2),
        ("K04", "rolling", 0, 0),
        ("K09", "entry", 0, 0),
    ],
)
def test_quotas_count_in_the_papers_period(quota_id: str, kind: str, first: int, last: int) -> None:
    assert (quota(quota_id).term.kind, quota(quota_id).term.first, quota(quota_id).term.last) == (kind, first, last)


@pytest.mark.parametrize("code", NAMES)
def test_sanctions_named_lists_and_ratings_are_the_offices_alone(code: str) -> None:
    assert {register.key for register in pack(code).registers if register.visible == "office"} == OFFICE_ONLY[code]


@pytest.mark.parametrize("code", NAMES)
def test_persons_in_units_registers_are_private(code: str) -> None:
    named = [
        (register.key, field.key)
        for register in pack(code).registers
        for field in register.fields
        if field.kind in ("person", "people") and register.visible == "unit" and not field.private
    ]
    assert named == []


@pytest.mark.parametrize("code", NAMES)
def test_choices_and_words_of_a_register_are_told_apart(code: str) -> None:
    for register in pack(code).registers:
        names = [name for field in register.fields for name in set(field.names)]
        assert [name for name, times in Counter(names).items() if times > 1] == [], register.key


def test_what_is_open_is_listed_by_list_and_kind() -> None:
    assert [(found.where, found.what, len(found.ids)) for found in unset(pack("HN"))] == [
        ("任务", "没有牵头单位", 4),
        ("单位组", "没有写单位", 3),
        ("报送", "没有定多久一次", 2),
        ("附件", "没有提供", 1),
    ]
    assert {found.what for found in unset(pack("GS")) if found.subject == "item"} == {
        "没有措施",
        "没有牵头单位",
        "没有期限",
    }
    assert [found.ids for found in unset(pack("HU")) if found.subject == "quota"] == [("K03",)]
