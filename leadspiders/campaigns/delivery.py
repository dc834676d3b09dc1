"""Who receives the leads, from which moment on."""

from typing import Annotated, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from leadspiders.campaigns.names import Destination, LeadMoment, Text
from leadspiders.campaigns.table import Many, Table


class Receiver(Table):
    """One CRM, dialer, exchange or file. Its credential is in the environment, never here."""

    enabled: bool = Field(default=False, description="send leads there")
    when: LeadMoment = Field(
        default="ready", description="the moment a lead is sent: stored, enriched, ready or qualified"
    )
    custom_fields: bool = Field(default=True, description="fill our own fields (scores, why, source) as well")
    tags: Many[Text] = Field(default=(), description="tags put on what is sent, where the receiver has tags")
    notes: bool = Field(default=False, description="add a note that says why, where the receiver has notes")
    deals_above_fit: Annotated[int, Field(ge=0, le=99)] | None = Field(
        default=None, description="pipedrive only: open a deal above this fit score"
    )
    external_id_field: Text | None = Field(
        default=None, description="salesforce only: API name of the external-id field; not given: Lead_Key__c"
    )


class Delivery(Table):
    """The receivers by name. All of them get a lead in the moment they ask for."""

    within_hours: Annotated[float, Field(gt=0)] = Field(default=2.0, description="from collection to the receiver")
    destinations: dict[Destination, Receiver] = Field(default_factory=dict, description="receivers by name")

    @model_validator(mode="after")
    def _own_keys(self) -> Self:
        for key, owner in (("deals_above_fit", "pipedrive"), ("external_id_field", "salesforce")):
            for name, receiver in self.destinations.items():
                if name != owner and getattr(receiver, key) is not None:
                    raise PydanticCustomError(
                        "elsewhere",
                        "is for {owner} only: remove it",
                        {"owner": owner, "key": ("destinations", name, key)},
                    )
        return self
