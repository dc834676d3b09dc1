from leadspiders.ops.funnel import arrived, dead, funnel, waiting


def test_states_are_cumulative_and_what_left_stands_aside(status, delivered):
    steps = {step.name: step for step in funnel(status, delivered)}

    assert [steps[name].count for name in ("identified", "enriched", "ready")] == [2120, 2060, 2010]
    assert [step.name for step in steps.values() if step.aside] == [
        "merged",
        "refused",
        "parked",
        "suppressed",
        "pending",
    ]
    aside = sum(step.count for step in steps.values() if step.aside)
    assert steps["seen"].count == steps["stored"].count + aside


def test_market_cells_do_not_dwarf_the_way_of_a_lead(status, delivered):
    cells = {"seen": 9000, "pending": 1000, "stored": 7000, "merged": 1000}
    with_cells = status | {"sources": status["sources"] | {"bls": cells}}
    with_cells |= {name: status[name] + number for name, number in cells.items()}

    assert funnel(with_cells, delivered) == funnel(status, delivered)


def test_every_delivery_is_arrived_dead_or_waiting():
    states = {
        "crm": {"sent": 5, "pending": 1, "leased": 2, "failed": 3, "dead": 4, "suppressed": 7},
        "dialer": {"sent": 1},
    }

    assert (arrived(states), dead(states), waiting(states)) == (6, 4, 6)
