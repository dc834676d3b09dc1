import pytest

from leadspiders.rules.audit_url import InClear, kept_url, personal_hash


def hashed(value: str) -> str:
    return f"h({value})"


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        (
            "https://api.sam.gov/entity?naicsCode=541110,62&stateCode=OH&page=2",
            "https://api.sam.gov/entity?naicsCode=541110,62&stateCode=OH&page=2",
        ),
        ("https://x.example/a#frag", "https://x.example/a"),
        ("https://me:pass@x.example/a", "https://x.example/a"),
        ("https://x.example/a?api_key=abc&page=1", "https://x.example/a?api_key=***&page=1"),
        (
            "https://s3.example/f?X-Amz-Signature=abc&X-Amz-Credential=d",
            "https://s3.example/f?X-Amz-Signature=***&X-Amz-Credential=***",
        ),
        ("https://x.example/a?token=", "https://x.example/a?token="),
        ("https://x.example/v2?email=Ann%40x.example", "https://x.example/v2?email=~h(ann@x.example)"),
        (
            "https://x.example/v2?first_name=Ann&last_name=Doe",
            "https://x.example/v2?first_name=~h(ann)&last_name=~h(doe)",
        ),
        ("https://x.example/v2?who=Ann%40x.example", "https://x.example/v2?who=~h(ann@x.example)"),
        ("https://x.example/v2?to=%2B1%20212-555-0100", "https://x.example/v2?to=~h(+1 212-555-0100)"),
        ("https://x.example/contacts/ann%40x.example/notes", "https://x.example/contacts/~h(ann@x.example)/notes"),
        (
            "https://x.example/v2?u=https://linkedin.com/in/ann",
            "https://x.example/v2?u=~h(https://linkedin.com/in/ann)",
        ),
        ("https://x.example/search?term=Ann+Doe", "https://x.example/search?term=~h(ann doe)"),
        ("https://x.example/a?wer=Ann", "https://x.example/a?wer=~h(ann)"),
        ("https://x.example/a?passphrase=abc&sid=d", "https://x.example/a?passphrase=***&sid=***"),
        ("https://x.example/a;jsessionid=abc/b?page=1", "https://x.example/a;***/b?page=1"),
        ("https://x.example/a?page=ann@x.example", "https://x.example/a?page=~h(ann@x.example)"),
    ],
)
def test_a_url_is_kept_without_secrets_and_persons(url: str, kept: str) -> None:
    assert kept_url(url, hashed) == kept


def test_of_a_described_api_only_what_its_file_spells_out_is_kept() -> None:
    clear = InClear(frozenset({"format"}), frozenset({"v1", "people"}))
    url = "https://x.example/v1/people/Ann/Doe%20%2F?format=json&page=Ann"
    assert kept_url(url, hashed, clear) == "https://x.example/v1/people/~h(ann)/~h(doe /)?format=json&page=~h(ann)"
    assert kept_url("https://x.example/v1/", hashed, clear) == "https://x.example/v1/"


def test_one_person_has_one_hash_however_it_is_written() -> None:
    assert personal_hash(" Ann  DOE ", hashed) == personal_hash("ann doe", hashed)
