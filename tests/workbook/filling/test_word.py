"""Filling Word forms."""

from io import BytesIO
from typing import Any

import docx
import pytest

from liangxin.workbook.filling import (
    Content,
    DoesNotFit,
    Rows,
    Unit,
    Value,
    fill_word,
    read_word,
)


def saved(document: Any) -> bytes:
    target = BytesIO()
    document.save(target)
    return target.getvalue()


def filled(document: Any, content: Content) -> Any:
    return docx.Document(BytesIO(fill_word(saved(document), content)))


def names(*titles: str) -> Rows:
    rows = [[number, title] for number, title in enumerate(titles, start=1)]
    return Rows(("清单:甲", "名称"), (Unit.NUMBER, Unit.TEXT), titles, titles, rows)


def with_table() -> Any:
    document = docx.Document()
    document.add_paragraph("截至{{日}}：")
    table = document.add_table(rows=3, cols=2)
    for row, texts in enumerate((("序号", "名称"), ("{{清单:甲}}", "{{名称}}"), ("{{日}}", "止"))):
        for column, text in enumerate(texts):
            table.cell(row, column).text = text
    return document


def test_placeholder_in_several_pieces_is_replaced_and_keeps_its_style() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("覆盖率")
    paragraph.add_run("{{组织").bold = True
    paragraph.add_run("覆盖")
    paragraph.add_run("率}}，比上期{{差}}")
    found = filled(
        document, Content({"组织覆盖率": Value(0.5, Unit.SHARE), "差": Value(3, Unit.NUMBER)})
    )

    runs = found.paragraphs[0].runs
    assert found.paragraphs[0].text == "覆盖率50.0%，比上期3"
    assert [(run.text, run.bold) for run in runs if run.text][1] == ("50.0%", True)


def test_marked_row_is_repeated() -> None:
    found = filled(
        with_table(), Content({"日": Value("今天")}, {"清单:甲": names("一", "二{{日}}")})
    )

    assert [[cell.text for cell in row.cells] for row in found.tables[0].rows] == [
        ["序号", "名称"],
        ["1", "一"],
        ["2", "二{{日}}"],
        ["今天", "止"],
    ]
    assert found.paragraphs[0].text == "截至今天："


def test_empty_list_says_so() -> None:
    found = filled(with_table(), Content({"日": Value("今天")}, {"清单:甲": names()}))

    assert [cell.text for cell in found.tables[0].rows[1].cells] == ["无", ""]


def test_header_and_footer_are_filled() -> None:
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "{{日}}制"
    document.sections[0].footer.paragraphs[0].text = "共{{数}}家"
    found = filled(document, Content({"日": Value("今天"), "数": Value(1234, Unit.NUMBER)}))

    assert found.sections[0].header.paragraphs[0].text == "今天制"
    assert found.sections[0].footer.paragraphs[0].text == "共1,234家"


def test_reading_tells_markers_and_places() -> None:
    reading = read_word(saved(with_table()))

    assert [(one.name, one.marker) for one in reading.found] == [
        ("清单:甲", "清单:甲"),
        ("名称", "清单:甲"),
        ("日", ""),
        ("日", ""),
    ]
    assert reading.found[0].place == "正文第 1 个表格"


def test_list_too_long_for_word_is_refused_in_words() -> None:
    with pytest.raises(DoesNotFit, match="请改用 Excel 模板"):
        filled(with_table(), Content({}, {"清单:甲": names(*map(str, range(3001)))}))
