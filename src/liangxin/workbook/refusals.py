"""The refusal of one cell."""


class Refused(Exception):
    """A cell cannot be taken in; `reason` and `mend` are for the person who uploaded it."""

    def __init__(self, reason: str, mend: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.mend = mend
