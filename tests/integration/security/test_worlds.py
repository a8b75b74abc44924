"""In worlds made at random nothing of one organisation reaches another, and nobody changes what is somebody else's."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from finmart.credit.service import consenting, granted
from finmart.matching.demands import service as demands
from finmart.matching.leads.service import applicant, boarding, institution, reading, talking
from finmart.matching.leads.types.values import ContactChannel, ContactOutcome
from finmart.matching.service import demands as matching
from finmart.matching.service import runs
from finmart.platform.accounts.service import claims, evidence, members, sessions
from finmart.platform.accounts.service.people import account
from finmart.platform.db.session import Database, session, unit_of_work
from finmart.platform.kernel.actor import VISITOR, Actor
from finmart.platform.kernel.errors import FinmartError
from finmart.platform.notices.service import inbox
from finmart.products.drafts.service import desk, queues
from finmart.products.reports.service import answering
from tests.factories import accounts as made
from tests.integration.security import worlds
from tests.integration.security.worlds import Party, World

Read = Callable[..., Any]

#: What an actor may ask without naming anything.
LISTS: tuple[Callable[[Actor], Any], ...] = (
    account,
    answering.own_reports,
    claims.list_claims,
    consenting.given_consents,
    consenting.own_consents,
    demands.own_demands,
    desk.own_lines,
    queues.own_queue,
    evidence.own_claim_with_papers,
    inbox.list_messages,
    matching.declared_view,
    matching.newest_advice,
    matching.own_demands_with_runs,
    members.list_invitations,
    members.list_members,
    boarding.board,
    reading.inbox,
    reading.inbox_counts,
    reading.own_applications,
    sessions.list_memberships,
    sessions.list_sessions,
)

#: What an actor may ask of a thing: the table of its public id → the questions.
OF_A_THING: dict[str, tuple[Read, ...]] = {
    "demand": (demands.own_demand, matching.result, matching.questions_of, reading.card),
    "lead": (reading.open_lead, reading.card_of_lead),
    "match_run": (runs.own_run, runs.own_advice, runs.read_run),
    "consent": (consenting.own_consent, granted.granted_profile),
    "message": (inbox.read_message,),
    "claim_evidence": (evidence.own_paper,),
}


def _call(channel: ContactChannel = ContactChannel.PHONE) -> Read:
    return lambda actor, lead: institution.log_contact(
        actor, lead, channel=channel, outcome=ContactOutcome.REACHED, note="试试"
    )


#: What an actor may do to a thing of their own, and must not to another's.
TO_A_THING: dict[str, tuple[Read, ...]] = {
    "demand": (
        matching.rematch,
        lambda actor, demand: applicant.open_to_institutions(actor, demand, places=3),
        applicant.leave_board,
        lambda actor, demand: applicant.withdraw_demand(actor, demand, reason="不需要了"),
        applicant.finish,
    ),
    "lead": (
        applicant.reveal,
        applicant.accept,
        lambda actor, lead: applicant.withdraw_lead(actor, lead, reason="other", note="不需要了"),
        lambda actor, lead: talking.post(actor, lead, text="请问什么时候能办？"),
        institution.claim,
        _call(),
        lambda actor, lead: institution.give_opinion(actor, lead, note="初步可以受理"),
        lambda actor, lead: institution.decline(actor, lead, code="other", note="不符合条件"),
        lambda actor, lead: institution.reverse(actor, lead, reason="填错了"),
    ),
    "consent": (lambda actor, consent: consenting.revoke_consent(actor, consent, "不需要了"),),
    "message": (inbox.mark_read,),
    "claim_evidence": (evidence.remove_paper,),
    "membership": (members.end_membership, sessions.switch_organisation),
    "one_time_link": (members.withdraw_invitation,),
    "user_session": (sessions.revoke_session,),
}

#: Which organisations a row belongs to: its number, or two of them.
OWNERS = {
    "demand": "SELECT public_id, organisation_id, NULL FROM demand",
    "lead": "SELECT lead.public_id, lead.organisation_id, demand.organisation_id"
    " FROM lead JOIN demand ON demand.id = demand_id",
    "match_run": "SELECT public_id, organisation_id, NULL FROM match_run WHERE organisation_id IS NOT NULL",
    "consent": "SELECT public_id, organisation_id, institution_id FROM consent",
    "message": "SELECT message.public_id, membership.organisation_id, NULL FROM message"
    " JOIN membership ON membership.user_id = message.user_id",
    "claim_evidence": "SELECT claim_evidence.public_id, organisation_id, NULL FROM claim_evidence"
    " JOIN subject_claim ON subject_claim.id = claim_id",
    "membership": "SELECT public_id, organisation_id, NULL FROM membership",
    "one_time_link": "SELECT public_id, organisation_id, NULL FROM one_time_link WHERE organisation_id IS NOT NULL",
    "user_session": "SELECT user_session.public_id, membership.organisation_id, NULL FROM user_session"
    " JOIN membership ON membership.id = membership_id",
}

PEOPLE = st.integers(2, 3)
HISTORY = st.lists(
    st.tuples(st.sampled_from(worlds.STEPS), st.integers(0, 2), st.integers(0, 1)), min_size=6, max_size=14
)
#: Worlds are not made smaller once one has failed: that would take minutes, and a world is small anyway.
BOUNDED = settings(
    max_examples=8,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@contextmanager
def _for_a_while(database: Database) -> Iterator[None]:
    """What happens in the block is undone at its end: each world begins in the same city."""
    assert database.connection is not None
    undone = database.connection.begin_nested()
    try:
        yield
    finally:
        undone.rollback()


def _lived(people: int, history: list[tuple[worlds.Step, int, int]]) -> World:
    world = worlds.begin(people)
    # Something has happened in every world, else most of them would be empty.
    first: tuple[worlds.Step, ...] = (worlds.ask, worlds.apply, worlds.note, worlds.talk)
    for step in first:
        worlds.do(world, step, world.applicants[-1], world.desks[0])
    # … and one institution holds the card of somebody whom it must not know yet.
    anonymous: tuple[worlds.Step, ...] = (worlds.ask, worlds.publish, worlds.take)
    for step in anonymous:
        worlds.do(world, step, world.applicants[0], world.desks[0])
    worlds.do(world, worlds.allow, world.applicants[0], world.desks[1])
    for step, owner, side in history:
        worlds.do(world, step, world.applicants[owner % people], world.desks[side])
    return world


def _onlookers() -> list[Actor]:
    with unit_of_work():
        return [VISITOR, *(made.member(role) for role in ("official", "supplier", "counter_clerk", "auditor"))]


def _things(world: World) -> dict[str, dict[str, set[int]]]:
    """By table: public id → the organisations it belongs to; only what is of somebody in this world."""
    here = {party.organisation_id for party in world.parties}
    found: dict[str, dict[str, set[int]]] = {}
    with unit_of_work(readonly=True):
        for table, query in OWNERS.items():
            rows = found.setdefault(table, {})
            for public_id, *owners in session().execute(text(query)):
                known = {owner for owner in owners if owner is not None}
                if known & here:
                    rows.setdefault(public_id, set()).update(known)
    return found


def _asked(read: Read, *arguments: Any) -> str:
    with suppress(FinmartError), unit_of_work(readonly=True):
        return worlds.everything(read(*arguments))
    return ""


@BOUNDED
@given(people=PEOPLE, history=HISTORY)
def test_nobody_reads_what_is_not_for_them(
    city_database: Database, people: int, history: list[tuple[worlds.Step, int, int]]
) -> None:
    with _for_a_while(city_database):
        world = _lived(people, history)
        things = _things(world)
        assert things["lead"]
        assert things["consent"]
        for reader in [*(party.actor for party in world.parties), *_onlookers()]:
            said = [_asked(read, reader) for read in LISTS]
            for table, reads in OF_A_THING.items():
                said += [_asked(read, reader, public_id) for read in reads for public_id in things[table]]
            assert world.leaked("\n".join(said), reader) == []


@BOUNDED
@given(people=PEOPLE, history=HISTORY)
def test_nobody_changes_what_is_somebody_elses(
    city_database: Database, people: int, history: list[tuple[worlds.Step, int, int]]
) -> None:
    with _for_a_while(city_database):
        world = _lived(people, history)
        things = _things(world)
        for actor in [*(party.actor for party in world.parties), *_onlookers()]:
            for table, acts in TO_A_THING.items():
                foreign = [
                    public_id for public_id, owners in things[table].items() if actor.organisation_id not in owners
                ]
                for public_id in foreign:
                    for act in acts:
                        with pytest.raises(FinmartError), unit_of_work():
                            act(actor, public_id)


def test_the_secrets_are_there_to_be_found(city_database: Database) -> None:
    """The tests above would pass in an empty world; here everybody finds what they may know."""
    with _for_a_while(city_database):
        world = _lived(2, [(worlds.allow, 0, 0)])
        owner, bank = world.applicants[1], world.desks[0]
        lead = next(told.lead for told in world.leads if told.desk is bank)
        assert owner.secret in _asked(reading.open_lead, bank.actor, lead)
        assert owner.secret in _asked(account, owner.actor)
        assert _known(world, owner) <= {secret for secret in world.secrets if _reads(world, owner, secret)}
        assert world.leaked(owner.secret, world.applicants[0].actor) == [owner.secret]


def _known(world: World, party: Party) -> set[str]:
    written = {secret for secret, known in world.secrets.items() if party.organisation_id in known}
    return written - {desk_party.secret for desk_party in world.desks}


def _reads(world: World, party: Party, secret: str) -> bool:
    things = _things(world)
    said = [_asked(read, party.actor) for read in LISTS]
    for table, reads in OF_A_THING.items():
        said += [_asked(read, party.actor, public_id) for read in reads for public_id in things[table]]
    return secret in "\n".join(said)
