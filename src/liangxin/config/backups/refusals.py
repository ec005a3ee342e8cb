"""Why a backup or a restore cannot be done; the texts are for the operator."""


class DatabaseInUse(RuntimeError):
    """Another program uses the database that is to be replaced."""


class DamagedCopy(RuntimeError):
    """What was restored for a trial does not agree with what was backed up."""


class ProgramMissing(RuntimeError):
    """A program of PostgreSQL that is needed is not installed or failed."""


class NotEmpty(RuntimeError):
    """The deployment holds data, and nobody said that it may be replaced."""


class WrongEngine(RuntimeError):
    """A backup of one kind of database cannot be restored into the other."""
