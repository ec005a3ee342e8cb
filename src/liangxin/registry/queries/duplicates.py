"""The list of likely pairs as a viewer may work on it."""

from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from liangxin.kernel.models import Job, JobState
from liangxin.kernel.viewer import Viewer
from liangxin.registry.models import (
    Distinction,
    LikelyPair,
    Organisation,
    OrganisationVersion,
    Person,
)
from liangxin.registry.queries.merge_scope import mergeable_organisations, mergeable_persons
from liangxin.registry.terms import LikenessKind

SIDES = ("first", "second")


def likely_pairs(viewer: Viewer, *, at: date) -> QuerySet[LikelyPair]:
    """Pairs of which the viewer keeps both, without those decided to be two; the likeliest first.

    Each carries first_name, second_name, first_street_id, second_street_id and the street's names.
    """
    units = mergeable_organisations(viewer, at=at).order_by()
    people = mergeable_persons(viewer, at=at).order_by()
    # Asked for each pair: as lists of keys, a database would look up every organisation with every other.
    found = LikelyPair.objects.filter(
        Exists(units.filter(pk=OuterRef("first_organisation")))
        & Exists(units.filter(pk=OuterRef("second_organisation")))
        | Exists(people.filter(pk=OuterRef("first_person")))
        & Exists(people.filter(pk=OuterRef("second_person")))
    )
    return _named(found.filter(~Exists(_decided()))).order_by("-strength", "id")


def _decided() -> QuerySet[Distinction]:
    same = Distinction.objects.filter(basis=OuterRef("basis"))
    return same.filter(
        Q(
            first_organisation=OuterRef("first_organisation"),
            second_organisation=OuterRef("second_organisation"),
        )
        | Q(first_person=OuterRef("first_person"), second_person=OuterRef("second_person"))
    )


def _named(found: QuerySet[LikelyPair]) -> QuerySet[LikelyPair]:
    for side in SIDES:
        held = OrganisationVersion.objects.filter(
            organisation=OuterRef(f"{side}_organisation"), valid_to__isnull=True
        ).order_by()
        person = Person.objects.filter(pk=OuterRef(f"{side}_person")).order_by()
        found = found.annotate(
            **{
                f"{side}_name": Coalesce(
                    Subquery(held.values("name")[:1]), Subquery(person.values("name")[:1])
                ),
                f"{side}_street_id": Subquery(held.values("street_id")[:1]),
                f"{side}_street": Subquery(held.values("street__name")[:1]),
            }
        )
    return found


def pair_search(text: str) -> Q:
    """A condition on `likely_pairs`: one of the two names fits."""
    return Q(first_name__icontains=text) | Q(second_name__icontains=text)


def pair_of(
    viewer: Viewer, one: Organisation | Person, other: Organisation | Person, *, at: date
) -> LikelyPair | None:
    """The listed pair of the two, where there is one."""
    kind = "person" if isinstance(one, Person) else "organisation"
    first, second = sorted((one.pk, other.pk))
    keys = {f"first_{kind}": first, f"second_{kind}": second}
    return likely_pairs(viewer, at=at).filter(**keys).first()


def decision_on(one: Organisation | Person, other: Organisation | Person) -> Distinction | None:
    """What somebody decided of the two, whether or not the facts have changed since."""
    kind = "person" if isinstance(one, Person) else "organisation"
    first, second = sorted((one.pk, other.pk))
    return Distinction.objects.filter(**{f"first_{kind}": first, f"second_{kind}": second}).first()


def evidence_words(pair: LikelyPair) -> str:
    """Why the two look like one, in words."""
    codes = [code for code in pair.evidence.split(",") if code]
    return "；".join(str(LikenessKind(code).label) for code in codes)


def last_search(kind: str) -> Job | None:
    """The newest finished search."""
    return Job.objects.filter(kind=kind, state=JobState.DONE).order_by("-id").first()
