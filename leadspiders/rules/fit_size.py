"""What a company's size is worth: full points in the sweet spot, fewer towards the ends of the wanted range."""

from leadspiders.campaigns.target import Between
from leadspiders.campaigns.weights import Size
from leadspiders.items.company import Company


def size(company: Company, weights: Size, wanted: Between | None) -> tuple[int, int, str]:
    """Points, cap and evidence. Of a range such as 51-200 the end that is worth less counts: nothing is promised."""
    if company.employees is not None:
        points = worth(company.employees, weights, wanted)
        return points, weights.cap, f"{company.employees:,} staff"
    ends = [end for end in (company.employee_min, company.employee_max) if end is not None]
    if not ends:
        return weights.unknown, weights.cap, "not known"
    told = f"{ends[0]:,}-{ends[1]:,} staff" if len(ends) == 2 else _open_range(company)
    return min(worth(end, weights, wanted) for end in ends), weights.cap, told


def worth(staff: int, weights: Size, wanted: Between | None) -> int:
    """Points of a head count: a line from `edge` at the ends of the wanted range up to the cap at the sweet spot;
    without a range, a step."""
    spot = weights.sweet_spot
    if wanted and not wanted.min <= staff <= wanted.max:
        return 0
    if spot.min <= staff <= spot.max:
        return weights.cap
    if not wanted:
        return weights.edge
    far, near = (wanted.min, spot.min) if staff < spot.min else (wanted.max, spot.max)
    return round(weights.edge + (weights.cap - weights.edge) * (staff - far) / (near - far))


def _open_range(company: Company) -> str:
    if company.employee_max is None:
        return f"{company.employee_min:,} staff and more"
    return f"up to {company.employee_max:,} staff"
