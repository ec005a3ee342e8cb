"""What a reasonable clerk expects of each workbook; written down before any of them was imported.

A row number is the one that the office sees at the left edge of its screen. A refusal names the
column by its code in the shared vocabulary and says why in the clerk's words. Rows under `either`
may be taken or refused with a plain reason: reasonable clerks differ about them.
"""

from dataclasses import dataclass, field

SITES, ENTERPRISES, SOCIAL = "sites", "enterprises", "social_organisations"
PARTY, MEMBERS = "party_organisations", "members"
INSTRUCTORS, MASS = "instructors", "mass_organisations"


@dataclass(frozen=True)
class Refusal:
    """The column at fault (several where either may be named) and the clerk's own reason."""

    columns: tuple[str, ...]
    why: str


@dataclass(frozen=True)
class Sheet:
    """One sheet: `kind` is None where no list is expected in it, `good` leaves `either` out."""

    kind: str | None
    good: int = 0
    refused: dict[int, Refusal] = field(default_factory=dict)
    either: dict[int, str] = field(default_factory=dict)
    values: dict[int, dict[str, object]] = field(default_factory=dict)
    note: str = ""


@dataclass(frozen=True)
class Book:
    """One workbook: its sheets by name (a csv has one, named ''), or why the file is refused."""

    sheets: dict[str, Sheet] = field(default_factory=dict)
    refused: str = ""
    needs_ledger: bool = False


def no(column: str, why: str, *others: str) -> Refusal:
    return Refusal((column, *others), why)


EXPECTED: dict[str, Book] = {
    "01企业底册.xlsx": Book(
        {
            "企业底册": Sheet(
                ENTERPRISES,
                good=5,
                refused={
                    8: no("uscc", "信用代码最后一位校验不对"),
                    9: no("phone", "一格写了两个电话，不知道用哪个"),
                    10: no("phone", "手机号少一位"),
                    13: no("uscc", "信用代码和第5行重复"),
                    14: no("employees", "“约50人”不是确切人数"),
                    15: no("name", "没有写企业名称"),
                    17: no("employees", "二百万人不合情理"),
                },
                values={
                    5: {"employees": 120, "revenue_wan": 1200, "phone": "12000000001"},
                    6: {"street": "示例东街道", "phone": "12000000002", "has_premises": True},
                    7: {"street": "示例东街道", "employees": 120, "phone": "12000000003"},
                    12: {"street": "示例西街道", "phone": "8120001"},
                    16: {"street": "示例南镇", "uscc": "", "phone": ""},
                },
                note="小计、合计、注、填表人各行都不是企业；“无”“/”“—”就是没有",
            )
        }
    ),
    "02非公企业摸底.xls": Book(
        {
            "封面": Sheet(None, note="封面不是名单"),
            "明细": Sheet(
                ENTERPRISES,
                good=8,
                refused={
                    8: no("uscc", "信用代码被 Excel 当成数字，后三位丢了"),
                    9: no("established_date", "二月没有30日"),
                    10: no("established_date", "成立日期在将来"),
                    12: no("site", "台账里没有示例广场"),
                    13: no("street", "没有叫“示例东”的街道"),
                    16: no("industry", "没有这个行业"),
                },
                either={15: "“正常”多半是存续，但不在可选项里"},
                values={
                    n: {"established_date": "2021-03-05"}
                    for n in (2, 3, 4, 5, 6, 7, 11)
                },
                note="“存续（在营、开业、在册）”是登记机关的标准写法",
            ),
            "汇总": Sheet(None, note="透视表不是名单，单位全称一列是个数"),
            "Sheet3": Sheet(None, note="空表"),
        }
    ),
    "03社会组织名单.csv": Book(
        {
            "": Sheet(
                SOCIAL,
                good=8,
                refused={
                    8: no("kind", "“协会”不是社会组织类型"),
                    9: no("uscc", "信用代码里不该有字母O"),
                    14: no("name", "和第13行同名同街道", "uscc", "street"),
                },
                values={6: {"name": "示例𠮷祥养老院"}, 10: {"address": "示例路8号;二楼"}},
                note="民非就是社会服务机构；注销的也要收",
            )
        }
    ),
    "04楼宇园区.xlsx": Book(
        {
            "楼宇": Sheet(
                SITES,
                good=5,
                refused={
                    18: no("lat", "经度纬度填反了", "lon"),
                    19: no("street", "本区没有示例北街道"),
                    20: no("lat", "只有经度没有纬度", "lon"),
                    23: no("lon", "度分写法认不出", "lat"),
                    24: no("name", "和第16行同名同街道", "street"),
                    25: no("coordinate_system", "北京54不是可选的坐标系"),
                },
                either={22: "写字楼就是楼宇，但不在可选项里"},
                note="商务楼宇是楼宇，WGS84 是 WGS-84，百度就是 BD-09",
            )
        }
    ),
    "05党组织名册.xlsx": Book(
        {
            "党组织": Sheet(
                PARTY,
                good=5,
                refused={
                    9: no("covered", "“东明软件”是简称，台账里没有"),
                    10: no("parent", "台账里没有示例市委组织部"),
                    11: no("founded_date", "没有写成立日期"),
                    12: no("founded_date", "成立日期在将来"),
                    13: no("parent", "和第14行互为上级"),
                    14: no("parent", "和第13行互为上级"),
                    15: no("kind", "党小组不是可选类别"),
                    16: no("name", "和第6行重名"),
                    17: no("parent", "上级（第11行）自己就没通过"),
                },
                values={7: {"parent": "中共示例东街道两新总支部委员会", "street": "示例东街道"}},
            )
        },
        needs_ledger=True,
    ),
    "06党员花名册.xlsx": Book(
        {
            "党员": Sheet(
                MEMBERS,
                good=7,
                refused={
                    6: no("id_number", "身份证号被 Excel 当成数字，后三位变成0"),
                    7: no("work_unit", "“东方集团”是简称，台账里没有"),
                    9: no("sex", "身份证号是男，性别填女", "id_number"),
                    10: no("joined_date", "入党时不满18岁"),
                    11: no("full_date", "转正早于入党"),
                    13: no("id_number", "和第4行身份证号重复"),
                    14: no("id_number", "身份证号只有15位"),
                    15: no("stage", "积极分子还不是党员"),
                    19: no("id_number", "身份证号里的生日没有13月"),
                    20: no("joined_date", "入党时间在将来"),
                    21: no("stage", "没有写党员类别"),
                },
                either={22: "入党时间只写到月"},
                values={
                    4: {"work_unit": "示例东方（集团）有限公司"},
                    5: {"work_unit": "示例东方（集团）有限公司"},
                    17: {"name": "示例寅", "phone": "12000000414"},
                },
                note="第8行单位写简称但信用代码对，应当收下；“正式”就是正式党员",
            ),
            "填写说明": Sheet(None, note="说明不是名单"),
        },
        needs_ledger=True,
    ),
    "07指导员和工会.xlsx": Book(
        {
            "指导员": Sheet(
                INSTRUCTORS,
                good=5,
                refused={
                    7: no("role", "志愿者不是指导员也不是联络员"),
                    9: no("end_date", "届满早于选派", "start_date"),
                    10: no("served", "台账里没有这家企业"),
                },
                either={6: "选派时间只写到月"},
                note="第3至5行是一个人联系三家企业，姓名合并单元格，三行都应收下；党建指导员就是指导员",
            ),
            "联络员": Sheet(
                INSTRUCTORS,
                refused={
                    3: no("role", "没有类别一列（表名写着联络员，能认出来更好）"),
                    4: no("role", "没有类别一列（表名写着联络员，能认出来更好）"),
                },
            ),
            "工会团组织": Sheet(
                MASS,
                good=5,
                refused={
                    7: no("name", "台账里没有这家单位"),
                    8: no("union", "“筹建中”不是有也不是无", "name"),
                },
            ),
        },
        needs_ledger=True,
    ),
    "08重点企业联系表.xlsx": Book(
        {
            "Sheet1": Sheet(
                ENTERPRISES,
                good=5,
                refused={
                    13: no("phone", "电话只有5位"),
                    14: no("uscc", "信用代码只有17位"),
                },
                values={4: {"legal_representative": "示例法1", "employees": 30}},
                note="两块都有姓名、电话，但这是企业名单不是党员名册；第二页重印表头",
            )
        }
    ),
    "09外资企业.xlsx": Book(
        {
            "Companies": Sheet(
                ENTERPRISES,
                good=3,
                refused={
                    4: no("phone", "电话只有5位"),
                    5: no("established_date", "二月没有30日"),
                    8: no("employees", "人数是负数"),
                },
                either={6: "英文月份的日期"},
                values={7: {"phone": "12000000706"}},
                note="中英文表头应当认得，看不见的字符应当去掉",
            )
        }
    ),
    "10系统导出.xls": Book(refused="这是网页，不是 Excel，请打开后另存为 xlsx"),
    "11空白.xlsx": Book(refused="里面什么也没有"),
    "12加密.xlsx": Book(refused="有打开密码，请去掉密码再传"),
    "13公式.xlsx": Book(
        {
            "公式": Sheet(
                ENTERPRISES,
                good=1,
                refused={
                    2: no("employees", "人数是公式，没有算出结果，不能当作没填"),
                    3: no("name", "名称是公式，没有算出结果"),
                    5: no("established_date", "日期是公式，没有算出结果，不能当作没填"),
                },
            )
        }
    ),
    "14百万空行.xlsx": Book(
        {
            "名单": Sheet(
                ENTERPRISES,
                good=20,
                refused={22: no("uscc", "信用代码最后一位校验不对")},
            )
        }
    ),
}  # fmt: skip
