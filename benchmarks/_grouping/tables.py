"""Tables of plain text whose rows are printed as they come."""

NARROWEST, WIDE_SECOND = 7, 16


class Table:
    """Columns named in one line, blanks between (a non-breaking blank stays inside a name)."""

    def __init__(self, names: str, first: int) -> None:
        self.names = names.split(" ")
        wide = {"of": WIDE_SECOND, "cost": 10, "bound": 10, "ours": 10, "travel": 10, "proven": 10}
        widths = [max(wide.get(name, NARROWEST), len(name)) for name in self.names]
        self.widths = [first, *widths[1:]]

    def print_header(self) -> None:
        """Print the names of the columns."""
        self.print_row(*(name.replace("\u00a0", " ") for name in self.names))

    def print_row(self, *cells: object) -> None:
        """Print a row; a row that ends early ends with a sentence of any length."""
        texts = [str(cell) for cell in cells]
        padded = zip(texts, self.widths, strict=False)
        print("  ".join(text.rjust(width) for text, width in padded), flush=True)


def share(part: float, whole: float) -> str:
    """One number as a share of another."""
    return f"{part / whole:.3f}" if whole else "-"
