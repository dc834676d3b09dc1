from leadspiders.rules.circuit import Admission, Change, Circuit, Pass, Rule

RULE = Rule(share=0.5, calls=10, window=60_000, in_a_row=5, rest=30_000, longest_rest=100_000, trial=120_000)
FREE, TRIAL = Admission(Pass.FREE), Admission(Pass.TRIAL)


def ended(circuit: Circuit, outcomes: str, *, now: int = 0, token: str = "") -> list[Change]:
    """`+` went well, `-` failed, `o` was not made."""
    return [circuit.ended(token, good=int(one == "+"), bad=int(one == "-"), now=now) for one in outcomes]


def opened(now: int = 0) -> Circuit:
    circuit = Circuit(RULE)
    assert ended(circuit, "-----", now=now)[-1] is Change.OPENED
    return circuit


def test_calls_pass_while_few_fail() -> None:
    circuit = Circuit(RULE)
    assert set(ended(circuit, "---+++++++---")) == {Change.NONE}
    assert circuit.admit("a", 0) == FREE


def test_five_in_a_row_open_it() -> None:
    assert ended(Circuit(RULE), "+-----") == [Change.NONE] * 5 + [Change.OPENED]


def test_half_of_ten_open_it() -> None:
    assert ended(Circuit(RULE), "+-+-+-+-+") == [Change.NONE] * 9
    assert ended(Circuit(RULE), "+-+-+-+-+-")[-1] is Change.OPENED


def test_what_slid_out_of_the_window_does_not_count() -> None:
    assert ended(Circuit(RULE), "---+---+--")[-1] is Change.OPENED
    circuit = Circuit(RULE)
    ended(circuit, "---+---", now=0)
    assert set(ended(circuit, "+--", now=61_000)) == {Change.NONE}


def test_nothing_passes_an_open_one_until_its_rest_is_over() -> None:
    circuit = opened(now=1_000)
    assert circuit.admit("a", 1_000) == Admission(Pass.WAIT, 30_000)
    assert circuit.admit("a", 30_999) == Admission(Pass.WAIT, 1)
    assert circuit.admit("a", 31_000) == TRIAL


def test_one_call_is_the_trial_and_the_others_wait_for_it() -> None:
    circuit = opened()
    assert circuit.admit("a", 30_000) == TRIAL
    assert circuit.admit("b", 30_001) == Admission(Pass.WAIT, 1_000)
    assert circuit.admit("a", 30_002) == TRIAL  # where it was redirected to
    assert ended(circuit, "+", token="a", now=30_100) == [Change.CLOSED]
    assert circuit.admit("b", 30_100) == FREE
    assert ended(circuit, "----", now=30_200) == [Change.NONE] * 4  # it begins anew


def test_rests_double_up_to_the_longest() -> None:
    circuit, now, rests = opened(), 0, []
    for number in range(4):
        rest = circuit.admit("x", now).wait
        rests.append(rest)
        now += rest
        assert circuit.admit(str(number), now) == TRIAL
        assert ended(circuit, "-", token=str(number), now=now) == [Change.REOPENED]
    assert rests == [30_000, 60_000, 100_000, 100_000]


def test_calls_from_before_the_opening_change_nothing() -> None:
    circuit = opened()
    assert ended(circuit, "+-+-") == [Change.NONE] * 4
    assert circuit.admit("a", 0) == Admission(Pass.WAIT, 30_000)


def test_a_trial_that_was_not_made_goes_to_the_next_call() -> None:
    circuit = opened()
    circuit.admit("a", 30_000)
    assert ended(circuit, "o", token="a", now=30_000) == [Change.NONE]
    assert circuit.admit("b", 30_000) == TRIAL


def test_the_trial_of_a_dead_worker_runs_out() -> None:
    circuit = opened()
    circuit.admit("a", 30_000)
    assert circuit.admit("b", 149_999).verdict is Pass.WAIT
    assert circuit.admit("b", 150_000) == TRIAL
    assert ended(circuit, "+", token="a", now=150_001) == [Change.NONE]  # it was only slow, and comes too late
