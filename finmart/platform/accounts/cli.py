"""``finmart accounts``: the operator's tools for accounts on the command line, each audited."""

import sys
from dataclasses import asdict
from datetime import datetime

import click

from finmart.platform.accounts.service import claims, directory, members, provisioning, reset, second_factor
from finmart.platform.accounts.types.claims import ClaimMethod, ClaimState
from finmart.platform.accounts.types.kinds import OrganisationKind
from finmart.platform.authz.roles import permissions_of
from finmart.platform.jobs.commands import as_json, command_actor, in_unit_of_work, print_json
from finmart.platform.kernel.actor import Actor


def _actor() -> Actor:
    return command_actor("finmart accounts, run on the server", permissions_of("operator"))


@click.group("accounts")
def group() -> None:
    """Users, organisations, one-time links and claims."""


@group.command("create-operator")
@click.option("--name", default="平台运营", show_default=True, help="The operator's name.")
@click.option("--phone", prompt="手机号 Phone", help="Mobile number to sign in with; asked for when left out.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input instead of asking.")
@in_unit_of_work()
def create_operator(name: str, phone: str, password_stdin: bool) -> None:
    """Create an operator's account (the first one is made this way)."""
    if password_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
    else:
        password = click.prompt("密码 Password", hide_input=True, confirmation_prompt="再输一次 Again")
    actor = _actor()
    public_id = provisioning.create_operator(actor, name=name, phone=phone, password=password)
    click.echo(f"operator {public_id} created")


@group.command("list")
@click.option("--kind", type=click.Choice([kind.value for kind in OrganisationKind]), help="Only this side.")
@click.option("--search", default="", help="A full phone, part of an organisation's name, or a public id.")
@click.option("--page", default=1, show_default=True, help="Which page, 30 users each.")
@as_json
@in_unit_of_work(readonly=True)
def list_users(kind: str | None, search: str, page: int, as_json: bool) -> None:
    """List users, masked."""
    actor = _actor()
    found = directory.list_users(actor, text=search, kind=OrganisationKind(kind) if kind else None, number=page)
    if as_json:
        print_json({"total": found.total, "page": found.number, "users": [asdict(user) for user in found.items]})
        return
    for user in found.items:
        state = "locked" if user.locked else "paused" if user.paused_until else "open"
        click.echo(f"{user.public_id}  {user.phone_masked}  {','.join(user.roles) or '-'}  {state}")
    click.echo(f"{found.total} users", err=True)


@group.command("lock")
@click.argument("phone")
@click.option("--reason", required=True, help="Why; kept with the account.")
@in_unit_of_work()
def lock(phone: str, reason: str) -> None:
    """Lock the account with PHONE and end its sessions."""
    actor = _actor()
    found = directory.find_by_phone(actor, phone)
    directory.lock_user(actor, found.public_id, reason=reason)
    click.echo(f"user {found.public_id} locked")


@group.command("unlock")
@click.argument("phone")
@in_unit_of_work()
def unlock(phone: str) -> None:
    """Open the account with PHONE again."""
    actor = _actor()
    found = directory.find_by_phone(actor, phone)
    directory.unlock_user(actor, found.public_id)
    click.echo(f"user {found.public_id} unlocked")


@group.command("reset-second-factor")
@click.argument("phone")
@click.option("--reason", required=True, help="Why; how the person's identity was checked.")
@in_unit_of_work()
def reset_second_factor(phone: str, reason: str) -> None:
    """Take away the authenticator of the account with PHONE; its owner sets up another one."""
    actor = _actor()
    found = directory.find_by_phone(actor, phone)
    second_factor.reset_for(actor, found.public_id, reason=reason)
    click.echo(f"second factor of user {found.public_id} reset")


@group.command("one-time-link")
@click.argument("phone")
@as_json
@in_unit_of_work()
def one_time_link(phone: str, as_json: bool) -> None:
    """Print a link with which the user of PHONE sets a new password (72 hours, one use)."""
    actor = _actor()
    found = directory.find_by_phone(actor, phone)
    issued = reset.issue_reset_link(actor, found.public_id)
    _print_link(f"/reset/link/{issued.token}", issued.expires_at, as_json)


@group.command("invite")
@click.argument("organisation")
@click.argument("role")
@click.option("--branch", default="", help="Branch or department.")
@as_json
@in_unit_of_work()
def invite(organisation: str, role: str, branch: str, as_json: bool) -> None:
    """Print an invitation into ORGANISATION (its public id) in ROLE (72 hours, one use)."""
    actor = _actor()
    issued = members.invite(actor, role=role, organisation_public_id=organisation, branch=branch)
    _print_link(f"/invitation/{issued.token}", issued.expires_at, as_json)


def _print_link(path: str, expires_at: datetime, as_json: bool) -> None:
    if as_json:
        print_json({"path": path, "expires_at": expires_at})
    else:
        click.echo(path)
        click.echo(f"Put the site's address before it. Works once, until {expires_at:%Y-%m-%d %H:%M} UTC.", err=True)


@group.group("claims")
def claims_group() -> None:
    """Claims on subjects: list, verify, revoke."""


@claims_group.command("list")
@click.option("--state", type=click.Choice([state.value for state in ClaimState]), help="Only this state.")
@click.option("--disputed", is_flag=True, help="Only those that met another live claim.")
@click.option("--page", default=1, show_default=True, help="Which page, 30 claims each.")
@as_json
@in_unit_of_work(readonly=True)
def list_claims(state: str | None, disputed: bool, page: int, as_json: bool) -> None:
    """List claims, identifiers masked."""
    actor = _actor()
    found = claims.list_claims(actor, state=ClaimState(state) if state else None, disputed=disputed, number=page)
    if as_json:
        print_json({"total": found.total, "page": found.number, "claims": [asdict(claim) for claim in found.items]})
        return
    for claim in found.items:
        mark = "disputed" if claim.disputed else "-"
        click.echo(f"{claim.public_id}  {claim.state}  {mark}  {claim.identifier_masked}  {claim.organisation_name}")
    click.echo(f"{found.total} claims", err=True)


@claims_group.command("verify")
@click.argument("claim")
@click.option(
    "--method",
    type=click.Choice([method.value for method in ClaimMethod]),
    default=ClaimMethod.REVIEW.value,
    show_default=True,
    help="How it was verified.",
)
@click.option("--note", required=True, help="On what evidence.")
@in_unit_of_work()
def verify(claim: str, method: str, note: str) -> None:
    """Verify CLAIM."""
    actor = _actor()
    claims.verify_claim(actor, claim, method=ClaimMethod(method), note=note)
    click.echo(f"claim {claim} verified")


@claims_group.command("revoke")
@click.argument("claim")
@click.option("--reason", required=True, help="Why.")
@in_unit_of_work()
def revoke(claim: str, reason: str) -> None:
    """Revoke CLAIM; final."""
    actor = _actor()
    claims.revoke_claim(actor, claim, reason=reason)
    click.echo(f"claim {claim} revoked")
