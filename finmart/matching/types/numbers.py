"""How numbers of real firms may be stated, so that a bound that moves tells of no single one (DECISIONS 28)."""

#: In steps of so many, and not at all below so many.
STEP, LEAST = 10, 20


def rounded(number: int) -> int:
    """The nearest step; halves go up."""
    return (number + STEP // 2) // STEP * STEP
