from leadspiders.ops.leads.why import with_why


def test_points_become_a_sentence_in_their_place():
    lead = {
        "full_name": "Ada",
        "quality_points": [[30, "e-mail verified", "x"], [-2.5, "old", "y"]],
        "fit_points": None,
    }

    assert list(with_why(lead).items()) == [
        ("full_name", "Ada"),
        ("quality_why", "e-mail verified +30; old -2.5"),
        ("fit_why", None),
    ]
