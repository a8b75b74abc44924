"""An institution's branches: the tree, who looks after what, where work goes, closing."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from finmart.platform.accounts.models.organisations import Membership
from finmart.platform.accounts.repository import organisations
from finmart.platform.accounts.service import branches, members, tree
from finmart.platform.accounts.types.branches import (
    BranchDetails,
    BranchInItself,
    BranchNameTaken,
    BranchOutOfReach,
    BranchRefused,
    BranchTooDeep,
    BranchUnknown,
    SuccessorMissing,
)
from finmart.platform.accounts.types.errors import LastOwner, OrganisationUnknown, UserUnknown
from finmart.platform.authz.policy import PermissionMissing
from finmart.platform.authz.roles import permissions_of
from finmart.platform.db.session import session, unit_of_work
from finmart.platform.kernel.actor import Actor
from finmart.platform.kernel.clock import today
from tests.factories import accounts as made

pytestmark = pytest.mark.usefixtures("database")

DAY = date(2026, 1, 5)


def _stated(name: str, region: str = "360102") -> BranchDetails:
    return BranchDetails(name, region, DAY)


def _at(actor: Actor, branch: str) -> Actor:
    """The same person as a member of a branch."""
    found = next(each for each in branches.list_branches(actor) if each.public_id == branch)
    return replace(actor, branch_id=found.id)


@pytest.fixture
def admin() -> Actor:
    """Somebody who manages a whole institution."""
    with unit_of_work():
        return made.member("institution_admin")


def test_a_tree_is_listed_parents_before_children(admin: Actor) -> None:
    with unit_of_work():
        city = branches.add_branch(admin, _stated("南昌分行", "360100"))
        branches.add_branch(admin, _stated("西湖支行", "360103"), parent=city)
        below = branches.add_branch(admin, _stated("东湖支行"), parent=city)
        branches.add_branch(admin, _stated("八一网点"), parent=below)
        found = branches.list_branches(admin)
    assert [(each.details.name, each.level) for each in found] == [
        ("南昌分行", 2),
        ("东湖支行", 3),
        ("八一网点", 4),
        ("西湖支行", 3),
    ]
    assert [each.children for each in found] == [2, 1, 0, 0]


def test_no_branch_lies_below_itself_or_too_deep(admin: Actor) -> None:
    with unit_of_work():
        chain = [""]
        for number in range(4):
            chain.append(branches.add_branch(admin, _stated(f"第{number}级"), parent=chain[-1]))
        other = branches.add_branch(admin, _stated("另一支"))
        with pytest.raises(BranchTooDeep):
            branches.add_branch(admin, _stated("第五级"), parent=chain[-1])
        with pytest.raises(BranchInItself):
            branches.change_branch(admin, chain[1], _stated("第0级"), parent=chain[2])
        with pytest.raises(BranchTooDeep):
            branches.change_branch(admin, chain[1], _stated("第0级"), parent=other)
        branches.change_branch(admin, chain[3], _stated("第2级"), parent=other)
        levels = {each.details.name: each.level for each in branches.list_branches(admin)}
    assert levels == {"第0级": 2, "第1级": 3, "另一支": 2, "第2级": 3, "第3级": 4}


def test_what_cannot_be_right_is_refused(admin: Actor) -> None:
    with unit_of_work():
        branches.add_branch(admin, _stated("东湖支行"))
        with pytest.raises(BranchNameTaken):
            branches.add_branch(admin, _stated(" 东湖支行 "))
        for wrong in (_stated("一"), _stated("城外支行", "999999"), replace(_stated("短命支行"), active_until=DAY)):
            with pytest.raises(BranchRefused):
                branches.add_branch(admin, wrong)
        with pytest.raises(BranchUnknown):
            branches.add_branch(admin, _stated("孤儿支行"), parent="nothingthere")


def test_clerks_read_and_applicants_have_none(admin: Actor) -> None:
    with unit_of_work():
        clerk = made.member("institution_clerk", organisation_id=admin.organisation_id)
        assert branches.list_branches(clerk) == []
        with pytest.raises(PermissionMissing):
            branches.add_branch(clerk, _stated("东湖支行"))
        owner = replace(made.member("applicant_owner"), permissions=permissions_of("institution_admin"))
        with pytest.raises(OrganisationUnknown):
            branches.add_branch(owner, _stated("东湖支行"))


def test_another_institution_knows_nothing_of_a_branch(admin: Actor) -> None:
    with unit_of_work():
        branch = branches.add_branch(admin, _stated("东湖支行"))
        stranger = made.member("institution_admin")
        for act in (
            lambda: branches.read_branch(stranger, branch),
            lambda: branches.change_branch(stranger, branch, _stated("改名"), parent=""),
            lambda: branches.close_branch(stranger, branch, successor=""),
        ):
            with pytest.raises(BranchUnknown):
                act()


def test_somebody_of_a_branch_manages_it_and_what_is_below(admin: Actor) -> None:
    with unit_of_work():
        own = branches.add_branch(admin, _stated("东湖支行"))
        other = branches.add_branch(admin, _stated("西湖支行", "360103"))
        local = _at(admin, own)
        below = branches.add_branch(local, _stated("八一网点"), parent=own)
        assert [each.public_id for each in branches.list_branches(local)] == [own, below]
        branches.change_branch(local, own, replace(_stated("东湖支行"), phone="0791-1"), parent="")
        with pytest.raises(BranchOutOfReach):
            branches.add_branch(local, _stated("越级"))
        with pytest.raises(BranchUnknown):
            branches.change_branch(local, other, _stated("改名"), parent="")
        with pytest.raises(BranchOutOfReach):
            branches.change_branch(local, own, _stated("东湖支行"), parent=below)
        with pytest.raises(BranchOutOfReach):
            branches.close_branch(local, own, successor=below)


def test_work_goes_to_the_nearest_branch(admin: Actor) -> None:
    organisation = admin.organisation_id or 0
    with unit_of_work():
        assert tree.branch_for(organisation, "360102") is None
        names = {"市分行": "360100", "东湖支行": "360102"}
        ids = {
            name: branches.read_branch(admin, branches.add_branch(admin, _stated(name, region))).id
            for name, region in names.items()
        }
        low = branches.add_branch(admin, _stated("八一网点"), parent=branches.list_branches(admin)[1].public_id)
        later = replace(_stated("筹建支行", "360103"), active_from=today() + timedelta(days=9))
        branches.add_branch(admin, later)
        assert low
        assert tree.branch_for(organisation, "360102") == ids["东湖支行"]  # Higher in the tree than its outlet.
        assert tree.branch_for(organisation, "360102001") == ids["东湖支行"]
        assert tree.branch_for(organisation, "360103") == ids["市分行"]  # Its own branch is not open yet.
        assert tree.branch_for(organisation, "110105") is None


def test_readers_see_the_branches_around_them_first(admin: Actor) -> None:
    with unit_of_work():
        for name, region in (("西湖支行", "360103"), ("市分行", "360100"), ("东湖支行", "360102")):
            branches.add_branch(admin, _stated(name, region))
        organisation = admin.organisation_id or 0
        everybody = [region for region, _found in tree.public_branches(organisation)]
        there = [region for region, _found in tree.public_branches(organisation, near="360103")]
    assert everybody == ["360100", "360102", "360103"]
    assert there == ["360103", "360100", "360102"]


def test_closing_asks_who_takes_over(admin: Actor) -> None:
    with unit_of_work():
        closing = branches.add_branch(admin, _stated("东湖支行"))
        other = branches.add_branch(admin, _stated("西湖支行", "360103"))
        child = branches.add_branch(admin, _stated("八一网点"), parent=closing)
        person = made.member("institution_clerk", organisation_id=admin.organisation_id)
        card = next(each for each in members.list_members(admin) if not each.self)
        members.change_member(admin, card.public_id, role="institution_clerk", branch=closing)
        assert vars(branches.dependants(admin, closing)) == {"children": 1, "members": 1, "work": 0}
        with pytest.raises(SuccessorMissing):
            branches.close_branch(admin, closing, successor=None)
        with pytest.raises(BranchInItself):
            branches.close_branch(admin, closing, successor=child)
        branches.close_branch(admin, closing, successor=other)
        session().flush()
        session().expire_all()
        found = {each.public_id: each for each in branches.list_branches(admin)}
        assert closing not in found
        assert found[child].parent_public_id == other
        assert found[other].members == 1
        moved = next(each for each in members.list_members(admin) if each.public_id == card.public_id)
        assert (moved.branch, moved.branch_public_id) == ("西湖支行", other)
        assert tree.user_ids_reaching(admin.organisation_id or 0, found[other].id) >= {person.user_id}


def test_whoever_left_before_a_branch_closed_stays_of_it_in_the_records(admin: Actor) -> None:
    with unit_of_work():
        closing = branches.add_branch(admin, _stated("东湖支行"))
        made.member("institution_clerk", organisation_id=admin.organisation_id)
        card = next(each for each in members.list_members(admin) if not each.self)
        members.change_member(admin, card.public_id, role="institution_clerk", branch=closing)
        members.end_membership(admin, card.public_id)
        session().flush()
        left = session().scalars(select(Membership).where(Membership.public_id == card.public_id)).one()
        assert branches.dependants(admin, closing).none
        branches.close_branch(admin, closing, successor=None)
        session().expire_all()
        assert left.branch == "东湖支行"
        assert left.branch_id is not None


def test_members_are_managed_by_their_branch_and_above(admin: Actor) -> None:
    with unit_of_work():
        own = branches.add_branch(admin, _stated("东湖支行"))
        other = branches.add_branch(admin, _stated("西湖支行", "360103"))
        local = _at(admin, own)
        made.member("institution_clerk", organisation_id=admin.organisation_id)
        card = next(each for each in members.list_members(admin) if not each.self)
        members.change_member(admin, card.public_id, role="institution_clerk", branch=other)
        assert members.list_members(local) == []
        with pytest.raises(UserUnknown):
            members.change_member(local, card.public_id, role="institution_clerk", branch=own)
        members.change_member(admin, card.public_id, role="institution_admin", branch=own)
        assert [each.branch for each in members.list_members(local)] == ["东湖支行"]
        with pytest.raises(BranchOutOfReach):
            members.change_member(local, card.public_id, role="institution_clerk", branch="")


def test_the_last_who_manages_everything_stays(admin: Actor) -> None:
    with unit_of_work():
        own = branches.add_branch(admin, _stated("东湖支行"))
        made.member("institution_admin", organisation_id=admin.organisation_id)
        mine, other = members.list_members(admin)
        members.change_member(admin, other.public_id, role="institution_admin", branch=own)
        # An administrator of a branch does not manage the institution: the first one is the last now.
        with pytest.raises(LastOwner):
            members.end_membership(admin, mine.public_id)
        with pytest.raises(LastOwner):
            members.change_member(admin, mine.public_id, role="institution_clerk")
        with pytest.raises(LastOwner):
            members.change_member(admin, mine.public_id, role="institution_admin", branch=own)
        members.change_member(admin, other.public_id, role="institution_admin")
        members.end_membership(admin, mine.public_id)
        assert len(organisations.members_of(admin.organisation_id or 0)) == 1


def test_an_invitation_leads_into_its_branch(admin: Actor) -> None:
    with unit_of_work():
        own = branches.add_branch(admin, _stated("东湖支行"))
        link = members.invite(admin, role="institution_clerk", at=own)
        guest = made.signed_up()
        members.accept_as_member(replace(guest, organisation_id=None), link.token)
        joined = next(each for each in members.list_members(admin) if not each.self)
        assert (joined.branch, joined.branch_public_id) == ("东湖支行", own)
        with pytest.raises(BranchUnknown):
            members.invite(_at(admin, own), role="institution_clerk", at="nothingthere")
        with pytest.raises(BranchOutOfReach):
            members.invite(_at(admin, own), role="institution_clerk")
