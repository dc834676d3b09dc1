from pathlib import Path

from leadspiders.campaigns.reference import reference

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "campaign-file.md"


def test_the_page_says_what_the_model_says():
    assert PAGE.read_text() == reference(), (
        "python -m leadspiders.campaigns.reference > docs/reference/campaign-file.md"
    )


def test_the_page_tells_kinds_limits_defaults_and_free_names():
    page = reference()
    assert "| `per_page` | whole number from 1 to 100 | `100` | people a page; Apollo gives 100 at most |" in page
    assert "| `cap_usd` | number more than 0 |  | all that the campaign may ever cost |" in page
    assert "## `[scoring.variants.NAME.size.sweet_spot]`" in page
    assert "source_file" not in page
