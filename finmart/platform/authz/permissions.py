"""What may be permitted: ``scope:resource:action``. Roles carry permissions; object checks are one policy a noun."""

from enum import StrEnum


class Permission(StrEnum):
    """One line a thing that somebody may do; kept sorted."""

    ALL_AUDIT_READ = "all:audit:read"
    ALL_BATCHES_IMPORT = "all:batches:import"
    ALL_BATCHES_READ = "all:batches:read"
    ALL_CLAIMS_READ = "all:claims:read"
    ALL_CLAIMS_REVIEW = "all:claims:review"
    ALL_ORGANISATIONS_READ = "all:organisations:read"
    ALL_PRODUCTS_IMPORT = "all:products:import"
    ALL_PROFILES_RUN = "all:profiles:run"
    ALL_QUARANTINE_HANDLE = "all:quarantine:handle"
    ALL_QUARANTINE_READ = "all:quarantine:read"
    ALL_RUNS_READ = "all:runs:read"
    ALL_RUNS_REPLAY = "all:runs:replay"
    ALL_USERS_MANAGE = "all:users:manage"
    ALL_USERS_READ = "all:users:read"
    OWN_ACCOUNT_MANAGE = "own:account:manage"
    OWN_DEMANDS_READ = "own:demands:read"
    OWN_DEMANDS_WRITE = "own:demands:write"
    OWN_FACTS_DECLARE = "own:facts:declare"
    OWN_MEMBERS_INVITE = "own:members:invite"
    OWN_MEMBERS_READ = "own:members:read"
    OWN_PRODUCTS_CONFIRM = "own:products:confirm"
    OWN_PRODUCTS_READ = "own:products:read"
    OWN_PROFILE_READ = "own:profile:read"
    REGION_FIGURES_EXPORT = "region:figures:export"
    REGION_FIGURES_READ = "region:figures:read"
    SAMPLE_PROSPECTS_READ = "sample:prospects:read"
