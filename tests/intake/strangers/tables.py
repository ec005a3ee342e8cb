"""What stands in the cells of the strangers' workbooks, one line for one row."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from tests.intake.strangers.numbers import (
    as_excel_keeps_it,
    credit_code,
    digits_only_code,
    id_ending_in_x,
    id_number,
    lettered_code,
    phone,
    wrong_code,
)

Rows = Sequence[Sequence[Any]]
EAST, WEST, SOUTH = "示例东街道", "示例西街道", "示例南镇"
BUILDING = "示例大厦"
EASTERN, EAST_MING, EAST_XIN = (
    "示例东方（集团）有限公司",
    "示例东明软件有限公司",
    "示例东信（测试）科技股份有限公司",
)
WESTERN, SOCIAL_WORK = "示例西山商贸有限公司", "示例社工服务中心"
# What the first workbooks bring and the later ones lean on: name, credit code, street.
LEDGER = (
    (EASTERN, credit_code(1), EAST),
    (EAST_MING, credit_code(2), EAST),
    (EAST_XIN, credit_code(3), EAST),
    (WESTERN, credit_code(8), WEST),
    (SOCIAL_WORK, credit_code(101, head="52"), EAST),
)

# fmt: off

def enterprise_rows() -> Rows:
    """Rows 5 to 18 of the first workbook: three streets, units behind numbers, seven faults."""
    limited, shares = "有限责任公司", "股份有限公司"
    old = "990101000000001"
    return [
        [1, EAST, EASTERN, credit_code(1), limited, "120人", "1,200", old, "示例法甲", "120 0000 0001", "√"],
        [2, None, EAST_MING, credit_code(2), limited, 35, 860.5, old, "示例法乙", int(phone(2)), "有"],
        [3, None, "示例东信(测试)科技股份有限公司", credit_code(3), shares, "１２０", "３００万元", old, "示例法丙", "+86 " + phone(3), "是"],
        [4, None, "示例东升餐饮有限公司", wrong_code(4), limited, 8, 90, old, "示例法丁", phone(4), "否"],
        [5, None, "示例东来物流有限公司", credit_code(5), limited, 15, 70, old, "示例法戊", f"{phone(5)}/{phone(6)}", "有"],
        [6, None, "示例东进广告有限公司", credit_code(6), limited, 15, 70, old, "示例法己", phone(7)[:-1], "有"],
        ["小计", None, None, None, None, 313, 2590.5],
        [7, WEST, WESTERN, credit_code(8), limited, 22, 410, old, "示例法庚", "8120001", "有"],
        [8, None, "示例西风商贸有限公司", credit_code(1), limited, 5, 20, old, "示例法辛", phone(9), "无"],
        [9, None, "示例西岭建材有限公司", credit_code(10), limited, "约50人", 20, old, "示例法壬", phone(10), "有"],
        [10, None, None, credit_code(11), limited, 6, 33, old, "示例法癸", phone(11), "有"],
        [11, SOUTH, "示例南湖农机服务部", "无", None, 4, "—", None, "示例法子", "/", "有"],
        [12, None, "示例南塘电子有限公司", credit_code(13), limited, "2,000,000", 70, old, "示例法丑", phone(13), "有"],
        ["合计", None, None, None, None, 352, 3143.5],
    ]


def short_word_rows() -> Rows:
    """A header of short words in odd order and fifteen firms; the date is written in seven forms."""
    software, trade, alive = "软件和信息技术服务业", "批发业", "存续"
    spoilt = as_excel_keeps_it(digits_only_code(300))
    lower = lettered_code(220).lower()
    spaced = " ".join((credit_code(203)[:6], credit_code(203)[6:12], credit_code(203)[12:]))
    return [
        ["电话", "法人", "人数", "街道", "信用代码", "单位全称", "成立时间", "楼宇", "登记状态", "行业"],
        [int(phone(201)), "示例法一", 12, EAST, credit_code(201), "示例一号信息有限公司", date(2021, 3, 5), BUILDING, alive, software],
        [phone(202), "示例法二", "8人", EAST, lower, "示例二号信息有限公司", "2021年3月5日", "", "开业", software],
        [phone(203), "示例法三", "9 人", EAST, spaced, "示例三号贸易有限公司", "2021.3.5", "", "在营", trade],
        [phone(204), "示例法四", 10, WEST, credit_code(204), "示例四号贸易有限公司", "2021/03/05", "", alive, trade],
        [phone(205), "示例法五", 11, WEST, credit_code(205), "示例五号贸易有限公司", 20210305, "", alive, "F51"],
        [phone(206), "示例法六", 11, WEST, credit_code(206), "示例六号贸易有限公司", 44260, "", "注销", "51"],
        [phone(207), "示例法七", 11, WEST, spoilt, "示例七号贸易有限公司", "2021-03-05", "", alive, trade],
        [phone(208), "示例法八", 11, SOUTH, credit_code(208), "示例八号贸易有限公司", "2021.2.30", "", alive, trade],
        [phone(209), "示例法九", 11, SOUTH, credit_code(209), "示例九号贸易有限公司", "2031年1月1日", "", alive, trade],
        [phone(210), "示例法十", 60, EAST, credit_code(210), "示例十号软件有限公司", "２０２１年０３月０５日", BUILDING, alive, software],
        [phone(211), "示例法十一", 6, EAST, credit_code(211), "示例十一号软件有限公司", "2021-3-5", "示例广场", alive, software],
        [phone(212), "示例法十二", 6, "示例东", credit_code(212), "示例十二号软件有限公司", "2021-3-5", "", alive, software],
        [phone(213), "示例法十三", 6, EAST, credit_code(213), "示例十三号软件有限公司", "2021-3-5", "", "存续（在营、开业、在册）", software],
        [phone(214), "示例法十四", 6, EAST, credit_code(214), "示例十四号软件有限公司", "2021-3-5", "", "正常", software],
        [phone(215), "示例法十五", 6, EAST, credit_code(215), "示例十五号软件有限公司", "2021-3-5", "", alive, "搬砖挖矿业"],
    ]


def site_rows() -> Rows:
    """Rows 15 to 28 of the sites."""
    gcj = "GCJ-02"
    return [
        [1, BUILDING, "楼宇", EAST, "示例路100号", 121.5, 31.2, gcj],
        [2, "示例科创园", "园区", EAST, "示例路200号", "121.51", "31.21", gcj],
        [3, "示例小商品市场", "市场", WEST, "示例路300号", None, None, None],
        [4, "示例颠倒大厦", "楼宇", WEST, "示例路400号", 31.2, 121.5, gcj],
        [5, "示例北楼", "楼宇", "示例北街道", "示例路500号", 121.5, 31.2, gcj],
        [6, "示例半截大厦", "楼宇", WEST, "示例路600号", 121.5, None, gcj],
        [7, "示例商务中心", "商务楼宇", WEST, "示例路700号", 121.52, 31.22, "WGS84"],
        [8, "示例写字楼", "写字楼", WEST, "示例路800号", 121.53, 31.23, gcj],
        [9, "示例度分大厦", "楼宇", SOUTH, "示例路900号", "121°30′", "31°12′", gcj],
        [10, "示例科创园", "园区", EAST, "示例路201号", 121.51, 31.21, gcj],
        [11, "示例老坐标楼", "楼宇", SOUTH, "示例路910号", 121.5, 31.2, "北京54"],
        [12, "示例百度楼", "楼宇", SOUTH, "示例路920号", 121.5, 31.2, "百度"],
        ["合计", "12处"],
        ["备注：坐标由示例测绘队提供。"],
    ]


def party_rows() -> Rows:
    """Rows 4 to 17 of the Party organisations."""
    top, general = "中共示例区委两新工作委员会", "中共示例东街道两新总支部委员会"
    eastern = "中共示例东方集团支部委员会"
    joint = f"{EAST_MING}、{WESTERN}；\n{SOCIAL_WORK}"
    day = date(2019, 7, 1)
    return [
        [1, top, "SL001", "党工委", None, None, "2012年7月1日", None, "示例书记一", None],
        [2, general, "SL002", "党总支", top, EAST, "2015.7.1", None, "示例书记二", 60],
        [3, eastern, "SL003", "党支部", general, None, day, "示例东方(集团)有限公司", "示例书记三", 9],
        [4, "中共示例软件联合支部委员会", "SL004", "联合党支部", None, None, "20190701", joint, "示例书记四", 7],
        [5, "中共示例工地临时支部委员会", "SL005", "临时党支部", None, None, "2026/3/1", credit_code(3), "示例书记五", 4],
        [6, "中共示例简称支部委员会", "SL006", "党支部", general, None, day, "东明软件", "示例书记六", 4],
        [7, "中共示例外管支部委员会", "SL007", "党支部", "中共示例市委组织部", EAST, day, EAST_XIN, "示例书记七", 4],
        [8, "中共示例无日期支部委员会", "SL008", "党支部", top, EAST, None, EAST_XIN, "示例书记八", 4],
        [9, "中共示例将来支部委员会", "SL009", "党支部", top, EAST, "2031年7月1日", EAST_XIN, "示例书记九", 4],
        [10, "中共示例甲环总支部委员会", "SL010", "党总支", "中共示例乙环总支部委员会", EAST, day, None, "示例书记十", 4],
        [11, "中共示例乙环总支部委员会", "SL011", "党总支", "中共示例甲环总支部委员会", EAST, day, None, "示例书记十一", 4],
        [12, "中共示例小组", "SL012", "党小组", general, EAST, day, None, "示例书记十二", 4],
        [13, eastern, "SL013", "党支部", general, EAST, day, EASTERN, "示例书记十三", 4],
        [14, "中共示例下级支部委员会", "SL014", "党支部", "中共示例无日期支部委员会", EAST, day, WESTERN, "示例书记十四", 4],
    ]


def member_rows() -> Rows:
    """Rows 4 to 23 of the members."""
    here, away = "中共示例东方集团支部委员会", "示例外省示例县示例社区党支部"
    first, day = id_number("19850615", 101), date(2010, 7, 1)
    full, probation = "正式党员", "预备党员"
    spoilt = as_excel_keeps_it(id_number("19880512", 123))
    next_year = date(2011, 7, 1)
    return [
        [1, "示例甲", "男", "汉", first, phone(401), EASTERN, None, "生产一线", full, day, next_year, here],
        [2, "示例乙", "女", "汉", id_ending_in_x(date(1986, 2, 3), 102).lower(), phone(402), None, None, "专业技术", full, "2010.7.1", "2011.7.1", here],
        [3, "示例丙", "男", "汉", spoilt, phone(403), EASTERN, None, "专业技术", full, day, next_year, here],
        [4, "示例丁", "男", "汉", id_number("19870101", 103), phone(404), "东方集团", None, "专业技术", full, day, next_year, here],
        [5, "示例戊", "女", "汉", id_number("19870102", 104), phone(405), "东方集团", credit_code(1), "经营管理", full, day, next_year, here],
        [6, "示例己", "女", "汉", id_number("19870103", 105), phone(406), EAST_MING, None, "经营管理", full, day, next_year, away],
        [7, "示例庚", "男", "汉", id_number("19950701", 107), phone(407), EAST_MING, None, "其他", full, "2012年7月1日", "2013年7月1日", away],
        [8, "示例辛", "男", "汉", id_number("19870105", 109), phone(408), EAST_MING, None, "其他", full, "2010-07-01", "2009-07-01", away],
        [9, "示例壬", "女", "回", id_number("20000106", 110), phone(409), EAST_MING, None, "其他", probation, "2026-05-20", None, away],
        [10, "示例甲", "男", "汉", first, phone(401), EAST_MING, None, "其他", full, day, next_year, here],
        [11, "示例癸", "男", "汉", "990101650615101", phone(411), WESTERN, None, "其他", full, day, next_year, away],
        [12, "示例子", "男", "汉", id_number("19870107", 111), phone(412), WESTERN, None, "其他", "入党积极分子", None, None, away],
        [13, "示例丑", "男", "汉", id_number("19870108", 113), phone(413), WESTERN, None, "其他", "正式", day, next_year, away],
        [14, "示 例　寅", "男", "汉", id_number("19870109", 115), "+86-" + phone(414), WESTERN, None, "其他", full, day, next_year, away],
        [15, "示例卯", "男", "汉", " " + id_number("19870110", 117), phone(415), "示例东方(集团)有限公司", None, "其他", full, day, next_year, away],
        [16, "示例辰", "男", "汉", id_number("19871301", 119), phone(416), WESTERN, None, "其他", full, day, next_year, away],
        [17, "示例巳", "男", "汉", id_number("19870112", 121), phone(417), WESTERN, None, "其他", full, "2031.7.1", None, away],
        [18, "示例午", "男", "汉", id_number("19870113", 123), phone(418), WESTERN, None, "其他", None, day, next_year, away],
        [19, "示例未", "男", "汉", id_number("19870114", 125), phone(419), WESTERN, None, "其他", full, "2010.07", "2011.07", away],
        ["合计", "19人"],
    ]


def instructor_rows() -> Rows:
    """Rows 3 to 11: the first three are one person under merged cells."""
    unit, role, start, end = "示例区委组织部", "指导员", date(2025, 3, 1), date(2027, 3, 1)
    return [
        [1, "示例指导甲", id_number("19800101", 201), phone(501), role, unit, 5, EASTERN, start, end],
        [None, None, None, None, None, None, None, EAST_MING],
        [None, None, None, None, None, None, None, WESTERN],
        [2, "示例指导乙", id_number("19800102", 203), phone(502), role, unit, "3家", f"{EASTERN}，{SOCIAL_WORK}", "2025年3月", end],
        [3, "示例指导丙", id_number("19800103", 205), phone(503), "志愿者", unit, 3, EASTERN, start, end],
        [4, "示例指导丁", id_number("19800104", 207), phone(504), "党建指导员", unit, 3, EASTERN, "2025.3.1", "2027.2.28"],
        [5, "示例指导戊", id_number("19800105", 209), phone(505), role, unit, 3, EASTERN, end, start],
        [6, "示例指导己", id_number("19800106", 211), phone(506), role, unit, 3, "示例没有这家有限公司", start, end],
        [7, "示例指导庚", None, phone(507), "联络员", unit, None, None, None, None],
    ]


def union_rows() -> Rows:
    """A header in row 1 and seven units, yes and no written in five ways."""
    return [
        ["单位名称", "信用代码", "是否建立工会", "是否建立团组织", "备注"],
        [EASTERN, credit_code(1), "√", "×", None],
        [EAST_MING, None, "有", "无", None],
        [WESTERN, None, "是", "否", None],
        [SOCIAL_WORK, credit_code(101, head="52"), 1, 0, None],
        ["示例东信(测试)科技股份有限公司", None, "Y", "N", "半角括号"],
        ["示例没有这家有限公司", None, "有", "无", None],
        [EAST_MING, credit_code(2), "筹建中", "无", None],
    ]


def block_rows() -> Rows:
    """Two printed pages of firms, a subtotal and a blank row after the first four."""
    def row(n: int, name: str, code: str, street: str, *phones: str, staff: object) -> Sequence[Any]:
        legal, contact = phones
        return [n, name, code, street, f"示例路{n}号", f"示例法{n}", legal, f"示例联系{n}", "办公室主任", contact, staff]

    return [
        row(1, "示例甲骨（华东）有限公司", credit_code(601), EAST, phone(601), phone(651), staff=30),
        row(2, "示例乙木有限公司", credit_code(602), EAST, phone(602), phone(652), staff="31人"),
        row(3, "示例丙火有限公司", credit_code(603), WEST, phone(603), phone(653), staff=32),
        row(4, "示例丁土有限公司", credit_code(604), WEST, phone(604), phone(654), staff=33),
        ["小计", None, None, None, None, None, None, None, None, None, 126],
        [],
        row(5, "示例戊金有限公司", credit_code(605), SOUTH, phone(605), phone(655), staff=34),
        row(6, "示例己水有限公司", credit_code(606), SOUTH, "12345", "12345", staff=35),
        row(7, "示例庚风有限公司", credit_code(607)[:-1], SOUTH, phone(607), phone(657), staff=36),
        ["总计", None, None, None, None, None, None, None, None, None, 231],
    ]


def social_organisation_rows() -> Rows:
    """A title, a header and eleven organisations, a blank line and a total among them."""
    head = "序号,社会组织名称,统一社会信用代码,类型,业务主管单位,所属街道,住所,专职人员数,法定代表人,联系电话,成立登记日期,状态"
    bureau, alive = "示例区民政局", "存续"
    service, society = "社会服务机构", "社会团体"
    tail = ["示例法", phone(301), "2015-06-01", alive]
    code = credit_code(107, head="52")
    with_letter_o = code[:9] + "O" + code[10:]
    return [
        ["示例区社会组织名单（示例）", *[""] * 11],
        head.split(","),
        ["1", SOCIAL_WORK, credit_code(101, head="52"), "民办非企业单位", bureau, EAST, "示例路1号", "12", *tail],
        ["2", "示例区商会", credit_code(102, head="51"), society, "示例区工商联", EAST, "示例路2号", "3人", *tail],
        ["3", "示例助学基金会", credit_code(103, head="53"), "基金会", bureau, WEST, "示例路3号", "", *tail],
        ["4", "示例𠮷祥养老院", credit_code(104, head="52"), service, bureau, WEST, "示例路4号", "40", *tail],
        ["5", "示例民乐培训中心", credit_code(105, head="52"), "民非", bureau, SOUTH, "示例路5号", "6", *tail],
        ["6", "示例钓鱼协会", credit_code(106, head="51"), "协会", bureau, SOUTH, "示例路6号", "1", *tail],
        ["7", "示例爱心之家", with_letter_o, service, bureau, SOUTH, "示例路7号", "2", *tail],
        ["8", "示例书画院", credit_code(108, head="52"), service, bureau, EAST, "示例路8号;二楼", "2", *tail],
        [""] * 12,
        ["9", "示例旧棋社", credit_code(109, head="51"), society, bureau, EAST, "示例路9号", "0", *tail[:3], "注销"],
        ["10", "示例合唱团", "", society, bureau, WEST, "示例路10号", "0", *tail],
        ["11", "示例合唱团", "", society, bureau, WEST, "示例路11号", "0", *tail],
        ["合计", "11家", *[""] * 5, "66", *[""] * 4],
    ]


def bilingual_rows() -> Rows:
    """A header of two languages and seven firms."""
    head = ["No.", "Company Name 企业名称", "USCC 统一社会信用代码", "Street 街道", "Building 楼宇"]
    head += ["Employees 从业人数", "Tel", "Legal Representative", "Established"]
    invisible = f"\u200b{credit_code(706)}\u00a0"
    return [
        head,
        [1, "示例外资一（中国）有限公司", credit_code(701), EAST, BUILDING, 12, phone(701), "Shili A", "2021-03-05"],
        [2, "示例外资二有限公司", credit_code(702), EAST, None, 13, phone(702), "Shili B", date(2021, 3, 5)],
        [3, "示例外资三有限公司", credit_code(703), WEST, None, 14, "12345", "Shili C", "2021-03-05"],
        [4, "示例外资四有限公司", credit_code(704), WEST, None, 15, phone(704), "Shili D", "2021-02-30"],
        [5, "示例外资五有限公司", credit_code(705), WEST, None, 16, phone(705), "Shili E", "5-Mar-2021"],
        [6, "示例外资六有限公司", invisible, SOUTH, None, 17, phone(706) + "\u200b", "Shili F", "2021-03-05"],
        [7, "示例外资七有限公司", credit_code(707), SOUTH, None, -5, phone(707), "Shili G", "2021-03-05"],
    ]
