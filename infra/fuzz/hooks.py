"""What no schema can say about a good request, told to schemathesis."""

import re
import uuid

import schemathesis

INSTANT_OR_DAY = re.compile(r"^(\d{4})(-\d\d-\d\d(T.*)?)$")


def with_taken_years(value):
    """The same value with dates of years that the services take."""
    if isinstance(value, dict):
        return {key: with_taken_years(item) for key, item in value.items()}
    if isinstance(value, list):
        return [with_taken_years(item) for item in value]
    date = INSTANT_OR_DAY.match(value) if isinstance(value, str) else None
    return f"{max(int(date[1]), 1970):04d}{date[2]}" if date else value


@schemathesis.hook
def before_call(context, case, kwargs):
    if case.meta and case.meta.generation.mode.is_negative:
        return
    # A key names one request; with another body it is refused.
    if "Idempotency-Key" in (case.headers or {}):
        case.headers["Idempotency-Key"] = str(uuid.uuid4())
    # A cursor comes from the page before; one that is made up is refused.
    if "cursor" in (case.query or {}):
        del case.query["cursor"]
    # "date-time" and "date" are of any year, and the services take 1970 to 9999 (days from 1800).
    if isinstance(case.body, (dict, list)):
        case.body = with_taken_years(case.body)
    for name, value in dict(case.query or {}).items():
        case.query[name] = with_taken_years(value)
