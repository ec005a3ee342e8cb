"""就近联系: its spread, and carrying it out."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from liangxin.coverage.models import ProposedAttachment
from liangxin.kernel.viewer import Role, ScopeKind
from liangxin.registry.models import Posting
from liangxin.registry.terms import GuideRole
from tests.factories.clients import client_of
from tests.factories.plans import make_attachment, make_group, make_left_out, make_proposal
from tests.factories.registry import make_area, make_guide, make_organisation
from tests.factories.viewers import holding, office, officer_of

pytestmark = pytest.mark.django_db
CLOSED_TO = (Role.SECRETARY, Role.INSTRUCTOR, Role.OWNER, Role.MEMBER, Role.ADMINISTRATOR)


def guided(number: int = 1) -> list[ProposedAttachment]:
    proposal, street = make_proposal(), make_area()
    guide = make_guide(role=GuideRole.INSTRUCTOR)
    return [
        make_attachment(proposal, make_organisation(street=street), to=guide) for _ in range(number)
    ]


@pytest.mark.parametrize("role", CLOSED_TO)
def test_pages_refuse_other_roles(role: Role) -> None:
    client, (row,) = client_of(holding(role, ScopeKind.DISTRICT)), guided()
    assert client.get(reverse("attachment-loads", args=(row.proposal_id,))).status_code == 403
    assert client.post(reverse("attachments-post", args=(row.proposal_id,))).status_code == 403


def test_pages_are_not_found_by_an_officer_of_another_street() -> None:
    client, (row,) = client_of(officer_of(make_area())), guided()
    assert client.get(reverse("attachment-loads", args=(row.proposal_id,))).status_code == 404
    assert client.post(reverse("attachments-post", args=(row.proposal_id,))).status_code == 404


def test_loads_tell_least_middle_and_most() -> None:
    rows = guided(3)
    proposal = rows[0].proposal
    make_attachment(proposal, to=make_guide(role=GuideRole.INSTRUCTOR))
    make_attachment(proposal, to=make_group(proposal))
    make_attachment(proposal)
    context = client_of(office()).get(reverse("attachment-loads", args=(proposal.pk,))).context
    told = {
        one.kind: (one.takers, one.organisations, one.least, one.middle, one.most)
        for one in context["spreads"]
    }
    assert told == {"group": (1, 1, 1, 1, 1), "instructor": (2, 4, 1, 2.0, 3)}
    assert sum(one.nobody for one in context["streets"]) == 1
    assert context["heaviest"][0].organisations == 3


def test_loads_take_as_many_queries_with_three_rows_as_with_one() -> None:
    (row,) = guided()
    client, url = client_of(office()), reverse("attachment-loads", args=(row.proposal_id,))

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(url)
        return len(captured)

    queries()
    first = queries()
    for _ in range(2):
        make_attachment(row.proposal, to=make_guide(role=GuideRole.INSTRUCTOR))
    assert queries() == first


def test_post_asks_for_the_day_and_then_begins_postings() -> None:
    rows, today = guided(2), timezone.localdate()
    client, url = client_of(office()), reverse("attachments-post", args=(rows[0].proposal_id,))
    ticks = [str(row.pk) for row in rows]
    asked = client.post(url, {"tick": ticks}).content.decode()
    assert "从哪天起联系" in asked
    client.post(url, {"tick": ticks, "from_date": today.isoformat()})
    assert Posting.objects.count() == 2
    listed = client.get(
        reverse("proposal-attachments", args=(rows[0].proposal_id,)), {"posted": "yes"}
    )
    assert listed.context["total"] == 2


def test_post_tells_why_some_were_kept_back() -> None:
    (row,) = guided()
    group = make_attachment(row.proposal, to=make_group(row.proposal))
    nobody = make_attachment(row.proposal)
    client = client_of(office())
    sent = {
        "tick": [str(one.pk) for one in (row, group, nobody)],
        "from_date": timezone.localdate().isoformat(),
    }
    url = reverse("attachments-post", args=(row.proposal_id,))
    page = client.post(url, sent, follow=True).content.decode()
    assert "已登记 1 家" in page
    assert "由党支部联系的不登记选派" in page
    assert "还没有人可以联系" in page
    again = client.post(url, sent, follow=True).content.decode()
    assert "已经在联系这家单位" in again


def test_post_refuses_a_day_to_come() -> None:
    (row,) = guided()
    day = timezone.localdate() + timedelta(days=1)
    sent = {"tick": [str(row.pk)], "from_date": day.isoformat()}
    page = client_of(office()).post(reverse("attachments-post", args=(row.proposal_id,)), sent)
    assert "日期不能晚于今天" in page.content.decode()
    assert not Posting.objects.exists()


def test_left_out_list_tells_and_filters_what_helps() -> None:
    proposal = make_proposal()
    told, plain = make_left_out(proposal), make_left_out(proposal)
    told.helps = [{"kind": "own_member", "text": "这里再有 1 名党员，可单独建立党支部"}]
    told.save()
    client, url = client_of(office()), reverse("proposal-left-out", args=(proposal.pk,))
    page = client.get(url).content.decode()
    assert "这里再有 1 名党员，可单独建立党支部" in page
    assert plain.name in page
    assert client.get(url, {"help": "own_member"}).context["total"] == 1
    assert client.get(url, {"help": "guide"}).context["total"] == 0
