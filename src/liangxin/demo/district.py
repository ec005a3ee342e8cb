"""The synthetic district: made whole from a seed, and described in figures."""

from datetime import date
from random import Random

from liangxin.demo.facts import CITY, MARKER, District, Member
from liangxin.demo.firms import ENTERPRISES, Firms, make_seats, make_sites
from liangxin.demo.geography import Places, make_streets
from liangxin.demo.names import OrganisationNames
from liangxin.demo.party import PartyBuilder
from liangxin.demo.people import MEMBERS, Members, Unit, member_counts, working_units
from liangxin.demo.service import make_instructors, make_mass_presences
from liangxin.demo.social import make_social_organisations


def make_district(*, seed: int, scale: int, today: date) -> District:
    """Return the district of this seed, `scale` times 20,000 firms, as it stands on `today`.

    The same arguments give the same facts on every machine. Every name, number and place is
    made up: the division, the ID area and the phone range are assigned to nobody.
    """

    def chance(stage: str) -> Random:
        return Random(f"{seed}/{scale}/{stage}")

    streets = make_streets(chance("streets"))
    places = Places(streets, chance("places"))
    sites = make_sites(streets, places=places, scale=scale, rng=chance("sites"))
    total = ENTERPRISES * scale
    seats = make_seats(streets, sites, places=places, total=total, rng=chance("seats"))
    chance("order").shuffle(seats)
    names = OrganisationNames(chance("names"))
    firms = Firms(names=names, today=today, rng=chance("firms"))
    enterprises = tuple(firms.make(seat, index=index) for index, seat in enumerate(seats))
    social = make_social_organisations(
        streets, names=names, scale=scale, today=today, rng=chance("social")
    )
    units = working_units(enterprises, social)
    drafts = _employed_members(units, total=MEMBERS * scale, today=today, rng=chance("members"))
    party = PartyBuilder(
        streets=streets, units=units, members=drafts, scale=scale, today=today, rng=chance("party")
    )
    party.build()
    instructors = make_instructors(
        enterprises, party.organisations, scale=scale, today=today, rng=chance("instructors")
    )
    return District(
        name=CITY + MARKER,
        seed=seed,
        scale=scale,
        today=today,
        streets=streets,
        sites=tuple(sites),
        enterprises=enterprises,
        social_organisations=tuple(social),
        party_organisations=tuple(party.organisations),
        members=tuple(party.members),
        instructors=tuple(instructors),
        mass_presences=tuple(make_mass_presences(enterprises, rng=chance("mass"))),
    )


def _employed_members(units: list[Unit], *, total: int, today: date, rng: Random) -> list[Member]:
    counts = member_counts(units, total=total, rng=rng)
    makers = Members(today=today, rng=rng)
    return [
        makers.make(unit.name)
        for position, unit in enumerate(units)
        for _ in range(counts[position])
    ]
