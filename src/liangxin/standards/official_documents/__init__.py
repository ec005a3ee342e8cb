"""Official documents (公文) in the layout of GB/T 9704-2012, as Word files.

write_docx(OfficialDocument(title=..., addressee=..., body=..., signature=..., signed_date=...))
"""

from liangxin.standards.official_documents.document import (
    BLANK,
    Attachment,
    Block,
    Heading,
    Masthead,
    OfficialDocument,
    Paragraph,
    Table,
    TableColumn,
)
from liangxin.standards.official_documents.writing import write_docx

__all__ = [
    "BLANK",
    "Attachment",
    "Block",
    "Heading",
    "Masthead",
    "OfficialDocument",
    "Paragraph",
    "Table",
    "TableColumn",
    "write_docx",
]
