"""How much may be asked and said; each number stands on the pages that it binds."""

from datetime import timedelta

#: How often a product's conditions may be counted in a day (DECISIONS 28).
COUNTS_A_DAY = 30
#: What was counted in so long a time is held against what is counted next, so that no bound is moved step by step.
REMEMBERED = timedelta(days=30)
#: How many rows of a list are shown: the engine's best.
ROWS = 100
#: How many invitations an institution may send in a day, over all products.
INVITATIONS_A_DAY = 20
#: How many invitations may reach an applicant in a week, from all institutions together.
INVITATIONS_A_WEEK, WEEK = 3, timedelta(days=7)
#: How long an invitation can be answered.
OPEN_FOR = timedelta(days=30)
#: Which words an applicant agrees to on ``/account/found``; a change of what is shown makes a new version.
TEXT_VERSION = "2026-11"
