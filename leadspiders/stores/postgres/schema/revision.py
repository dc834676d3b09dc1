"""The step of the migrations that makes the tables as they are described here."""

REVISION = "0011"
