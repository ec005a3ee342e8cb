"""Write the table of columns in importing.md from the data that reads the lists.

python docs/guide/write_columns.py
"""

from pathlib import Path

from liangxin.workbook.kinds import KINDS, Column

PAGE = Path(__file__).parent / "importing.md"
BEGIN, END = "<!-- columns: written by write_columns.py -->", "<!-- end of columns -->"
FILLED_WITH = {
    "text": "文字",
    "name": "名称",
    "uscc": "18 位代码",
    "id_number": "18 位号码",
    "phone": "手机或座机",
    "date": "日期",
    "past_date": "日期，不晚于今天",
    "integer": "整数",
    "money_wan": "金额",
    "yes_no": "是或否",
    "industry": "行业代码或名称",
    "names": "一个或几个单位",
    "longitude": "73 至 136 度",
    "latitude": "3 至 54 度",
}


def columns_table() -> str:
    """Return one table of every column of every kind of list, in Markdown."""
    head = ["| 名单 | 列 | 必填 | 填什么 | 也认这些写法 |", "| --- | --- | --- | --- | --- |"]
    rows = [_row(kind.title, column) for kind in KINDS for column in kind.columns]
    return "\n".join([*head, *rows])


def rewritten(page: str) -> str:
    """Return the page with the table between its two marks written anew."""
    before, rest = page.split(BEGIN)
    _, after = rest.split(END)
    return f"{before}{BEGIN}\n\n{columns_table()}\n\n{END}{after}"


def _row(title: str, column: Column) -> str:
    cells = (
        title,
        f"**{column.title}**",
        "必填" if column.required else "",
        _filled_with(column),
        "、".join(column.spellings),
    )
    escaped = [cell.replace("|", "\\|") for cell in cells]
    return f"| {' | '.join(escaped)} |"


def _filled_with(column: Column) -> str:
    return "、".join(column.choice_titles.values()) or FILLED_WITH[column.type]


if __name__ == "__main__":
    PAGE.write_text(rewritten(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
