"""Adopting from a draft: what was shown is adopted, or nothing."""

import pytest
from django.urls import reverse

from liangxin.coverage.actions.adoption.naming import adopt_named_groups
from liangxin.coverage.actions.editing import pin_unit, remove_unit
from liangxin.coverage.actions.refusals import EditedMeanwhile
from tests.coverage.actions.test_editing import BY, make_draft, make_firms
from tests.factories.clients import client_of
from tests.factories.plans import ADOPTED
from tests.factories.registry import make_area

pytestmark = pytest.mark.django_db


def test_group_changed_since_it_was_shown_is_not_adopted() -> None:
    street = make_area()
    first, second = make_firms(street, 0, 10, 20, 30), make_firms(street, 50, 51, 52)
    draft = make_draft(first, second)
    remove_unit(draft, first[3].organisation_id, is_excluded=False, by=BY, seen=0)
    result = adopt_named_groups(draft, {1: "", 2: ""}, by=BY, today=ADOPTED, seen={}, seen_step=0)
    assert [one.group.number for one in result.adopted if one.group] == [2]
    assert [(one.number, type(one.error)) for one in result.refused] == [(1, EditedMeanwhile)]
    again = adopt_named_groups(draft, {1: ""}, by=BY, today=ADOPTED, seen={}, seen_step=1)
    assert len(again.adopted) == 1


def test_page_sends_the_step_that_it_showed() -> None:
    firms = make_firms(make_area(), 0, 10, 20)
    draft = make_draft(firms)
    pin_unit(draft, firms[0].organisation_id, is_on=True, by=BY, seen=0)
    client, address = client_of(BY), reverse("proposal-adopt", args=(draft.pk,))
    page = client.get(address, {"group": 1}).content.decode()
    assert '<input type="hidden" name="step" value="1">' in page
    asked = {"group": 1, "name-1": "", "seen": "", "step": "0"}
    assert "这一组又由人调整过" in client.post(address, asked).content.decode()
    assert "采纳了 1 组" in client.post(address, {**asked, "step": "1"}).content.decode()
