"""Workbooks as offices really hold them, made and judged without reading the importer."""
