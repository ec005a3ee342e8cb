"""The words of accounts: demo logins, and what the audit trail calls each action."""

from dataclasses import dataclass

from liangxin.kernel.viewer import ROLE_TITLES, Role

DEMO_PASSWORD = "liangxin-demo"


@dataclass(frozen=True)
class DemoLogin:
    """A login that the demo district creates and the login page shows in demo mode."""

    username: str
    role: Role
    password: str = DEMO_PASSWORD

    @property
    def title(self) -> str:
        """The Chinese title of the role."""
        return ROLE_TITLES[self.role]


DEMO_LOGINS = (
    DemoLogin("office", Role.DISTRICT_OFFICE),
    DemoLogin("officer", Role.COMMITTEE_OFFICER),
    DemoLogin("secretary", Role.SECRETARY),
    DemoLogin("instructor", Role.INSTRUCTOR),
    DemoLogin("owner", Role.OWNER),
    DemoLogin("member", Role.MEMBER),
    DemoLogin("subscriber", Role.SUBSCRIBER),
    DemoLogin("admin", Role.ADMINISTRATOR),
)
