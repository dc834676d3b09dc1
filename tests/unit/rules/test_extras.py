"""Nothing in extras is overwritten."""

from leadspiders.rules.extras import keep


def test_several_values_become_a_list():
    extras = {}
    keep(extras, "email", "a@")
    keep(extras, "email", "a@")
    assert extras == {"email": "a@"}
    keep(extras, "email", "b@")
    keep(extras, "email", "b@")
    keep(extras, "email", "c@")
    assert extras == {"email": ["a@", "b@", "c@"]}
