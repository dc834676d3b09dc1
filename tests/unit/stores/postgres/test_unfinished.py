from leadspiders.stores.postgres.unfinished import Progress, Response, judge

A, B, C, D = (letter * 40 for letter in "abcd")


def response(receipt, *children, settled=True, exhausted=True):
    return Response(receipt, settled, exhausted, children)


def whole(fingerprint, *children, chunk=0):
    return response(f"{fingerprint}.{chunk}", *children)


def test_a_response_that_led_nowhere_and_is_settled_is_done():
    assert judge([whole(A)])["done"] == {A}


def test_who_led_to_an_unanswered_request_is_asked_again():
    found = judge([whole(A, B, C), whole(B)])
    assert (found["unanswered"], found["again"], found["done"]) == ({C}, {A}, {B})


def test_the_whole_way_to_an_unsettled_response_is_asked_again():
    found = judge([whole(A, B), whole(B, C, D), response(f"{C}.0", settled=False), whole(D)])
    assert (found["unsettled"], found["again"], found["done"]) == ({C}, {A, B, C}, {D})


def test_a_response_that_was_cut_off_between_two_chunks_is_not_done():
    found = judge([response(f"{A}.0", exhausted=False), response(f"{A}.1", exhausted=False)])
    assert found["unsettled"] == {A}
    assert judge([response(f"{A}.0", exhausted=False), whole(A, chunk=1)])["done"] == {A}


def test_what_was_given_up_holds_nobody_back():
    found = judge([whole(A, B)], given_up=[B[:32]])
    assert (found["done"], found["unanswered"], found["given_up"]) == ({A}, set(), {B})


def test_requests_that_lead_to_each_other_come_to_an_end():
    assert judge([whole(A, B), whole(B, A, C)])["again"] == {A, B}


def test_a_crawl_that_heard_nothing_at_all_is_not_complete():
    assert not Progress(run_id="r", source="apollo").complete
    assert Progress(run_id="r", source="apollo", finished=True).complete
    assert Progress(run_id="r", source="apollo", done={A}).complete
    assert not Progress(run_id="r", source="apollo", finished=True, done={A}, unanswered={B}).complete
