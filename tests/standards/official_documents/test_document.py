import pytest

from liangxin.standards.official_documents import Heading, Table, TableColumn
from liangxin.standards.official_documents.document import NoSuchLevel


@pytest.mark.parametrize("level", [0, 5])
def test_heading_of_an_unknown_level_is_refused(level: int) -> None:
    with pytest.raises(NoSuchLevel):
        Heading("标题", level=level)


def test_table_with_an_uneven_row_is_refused() -> None:
    with pytest.raises(ValueError, match="1 rows do not have 1 cells"):
        Table(columns=(TableColumn("序号", 16),), rows=(("1",), ("2", "甲")))
