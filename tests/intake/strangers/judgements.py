"""Where importer and clerk differ and the importer was judged right; the expectations stay as written.

Each line is a difference word for word, with the judgement beside it.
"""

JUDGED: dict[tuple[str, str], dict[str, str]] = {
    ("02非公企业摸底.xls", "明细"): {
        "row 13: expected refused for ('street',) (没有叫“示例东”的街道), got []": (
            "the district has one street of that short name; taken as 示例东街道"
        ),
        "good rows: expected 8 to 9, got 10": "row 13 and the harmless 正常 of row 15 are taken",
    },
    ("03社会组织名单.csv", ""): {
        "row 8: expected refused for ('kind',) (“协会”不是社会组织类型), got []": (
            "by law every 协会 is a 社会团体"
        ),
        "good rows: expected 8 to 8, got 9": "row 8 is taken",
    },
    ("04楼宇园区.xlsx", "楼宇"): {
        "row 23: expected refused for ('lon', 'lat') (度分写法认不出), got []": (
            "degrees and minutes are read, and read rightly"
        ),
        "good rows: expected 5 to 6, got 7": "row 23 is taken",
    },
    ("07指导员和工会.xlsx", "指导员"): {
        "good rows: expected 5 to 6, got 3": (
            "the clerk counted rows, the importer persons: rows 3 to 5 are one with three firms; "
            "row 6 is refused for its month without a day"
        ),
    },
    ("07指导员和工会.xlsx", "联络员"): {
        f"row {row}: expected refused for ('role',) (没有类别一列（表名写着联络员，能认出来更好）), got []": (
            "the sheet as a whole is told to lack the column 类别"
        )
        for row in (3, 4)
    },
}
