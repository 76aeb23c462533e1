"""What no schema can say about a good request, told to schemathesis."""

import uuid

import schemathesis


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
