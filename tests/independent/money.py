"""A second reading of the all-in annual cost: plain floats and bisection. No code of the project."""

from collections import defaultdict

PPM = 1_000_000
HALVINGS = 200


def _half_up(numerator: int, denominator: int) -> int:
    return (2 * numerator + denominator) // (2 * denominator)


def _instalment(principal: int, rate: int, months: int) -> int:
    if rate == 0:
        return _half_up(principal, months)
    monthly = rate / PPM / 12
    return int(principal * monthly / (1 - (1 + monthly) ** -months) + 0.5)


def _payments(principal: int, rate: int, months: int, method: str) -> dict[int, int]:
    """Month → payment in 分; the last one takes the remainder."""
    if method == "bullet":
        return {months: principal + _half_up(principal * rate * months, PPM * 12)}
    payment, left, flows = _instalment(principal, rate, months), principal, {}
    for month in range(1, months + 1):
        interest = _half_up(left * rate, PPM * 12)
        share = {"instalments": payment - interest, "principal": _half_up(principal, months), "interest": 0}[method]
        share = left if month == months else min(share, left)
        flows[month] = share + interest
        left -= share
    return flows


def internal_rate(principal: int, rate: int, days: int, method: str, charges: list[tuple[str, int]]) -> int:
    """The compound annual rate in ppm, half up; ``charges`` are (once | year | day, rate in ppm of the principal)."""
    if days < 30 or days % 30:
        flows, periods, length = {days: principal + _half_up(principal * days * rate, PPM * 360)}, 365, days
    else:
        length, periods = days // 30, 12
        flows = _payments(principal, rate, length, method)
    every: dict[int, int] = defaultdict(int, flows)
    every[0] -= principal
    for per, share in charges:
        _charge(every, per, share, principal, length, periods)
    return _rate(every, periods)


def _charge(flows: dict[int, int], per: str, share: int, principal: int, length: int, periods: int) -> None:
    if per == "day":
        flows[length] += _half_up(principal * share * (length * 30 if periods == 12 else length), PPM)
    elif per == "once":
        flows[0] += _half_up(principal * share, PPM)
    elif periods == 12:
        for start in range(0, length, 12):
            flows[start] += _half_up(principal * share * min(12, length - start), PPM * 12)
    else:
        flows[0] += _half_up(principal * share * length, PPM * 360)


def _rate(flows: dict[int, int], periods: int) -> int:
    low, high = -0.5 / periods, 10.0 / periods
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        value = sum(amount / (1 + middle) ** period for period, amount in flows.items())
        low, high = (middle, high) if value > 0 else (low, middle)
    return int(((1 + low) ** periods - 1) * PPM + 0.5)
