"""By which traits an opt-out is recognized."""

from leadspiders.items.company import Company
from leadspiders.items.contact import Contact
from leadspiders.rules.suppression import SHARED, traits


def test_an_address_names_its_domain_too() -> None:
    lead = Contact(email="Dana@mail.OhioGear.com", company=Company(name="Ohio Gear"))
    assert traits(lead) == [("email", "dana@mail.ohiogear.com"), ("domain", "ohiogear.com")]
    assert traits(Contact(email="dana@gmail.com")) == [("email", "dana@gmail.com")]


def test_what_many_share_is_known_as_such() -> None:
    lead = Contact(
        phone="+16145550134", provider_key="apollo:1", linkedin_url="https://www.linkedin.com/in/dana",
        company=Company(domain="ohiogear.com"),
    )  # fmt: skip
    assert [kind for kind, _ in traits(lead) if kind not in SHARED] == ["linkedin", "provider"]
