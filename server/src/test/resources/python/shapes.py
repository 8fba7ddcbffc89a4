"""What the signed and logged texts may say: every member they have, and no other. For verify_clone.py."""

import re

HEX32, HEX40, HEX64 = (re.compile(f"[0-9a-f]{{{n}}}") for n in (32, 40, 64))
CHANGE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}/[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.(?!000)[0-9]{3}|\.[0-9]{3}(?!000)[0-9]{3}|\.[0-9]{6}(?!000)[0-9]{3})?Z")
PERIOD = re.compile(r"P.+")
MOST = 1 << 63

CHECKPOINT = {"origin": str, "size": int, "root": HEX64}
BAD_RANGE = {"bad": {"from": int, "to": int}, "head": {"commit": HEX40, "contentRoot": HEX64}}
SIGNED = {"statement": str, "signature": str}
EVIDENCE = {"person": str, "role": str, "key": str, "grant": (str, None), "vote": int}
STATE = ({"mode": ("100644", "100755"), "sha256": HEX64}, None)
PAIR = {"before": (HEX64, None), "after": (HEX64, None)}

ENTRIES = {
    "genesis": {"repository": str, "engine": int, "commit": str, "contentRoot": HEX64},
    "statement": SIGNED,
    "revocation": SIGNED,
    "stop": SIGNED,
    "receipt": {"receipt": str, "signature": str},
    "merge": {"seq": int, "before": str, "after": str, "contentRoot": HEX64, "manifest": HEX64, "gate": HEX64},
}
ORDER = {
    "repository": str, "log": str, "person": str, "reason": str, "issuedAt": TIME, "nonce": HEX32,
    "checkpoint": CHECKPOINT, "client": ("cli", "web", "manual"),
}
REVOCATION = ORDER | {"decision": ("revoke",), "key": str, "since": (int, None)}
STOP = ORDER | {"decision": ("stop", "resume"), "role": str}
STATEMENT = ORDER | {
    "manifest": HEX64, "change": CHANGE, "title": str, "operation": ("apply", "rollback", "recover"), "targets": [str],
    "paths": int, "role": str, "expires": TIME,
    "decision": ("submit", "approve", "reject", "withdraw", "override", "confirm", "rollback"),
}
RECEIPT = {
    "version": int, "repository": str, "log": str, "change": CHANGE, "manifest": HEX64, "merge": str,
    "unit": {"target": str, "system": str}, "driver": str, "agent": str, "operation": str, "before": (HEX64, None),
    "after": (HEX64, None), "outcome": str, "reason": (str, None), "steps": [dict], "backup": (str, None),
    "startedAt": TIME, "finishedAt": TIME,
}
GATE = {
    "version": (1,), "engine": int, "manifest": HEX64, "change": CHANGE, "time": TIME, "policies": [dict],
    "contributors": [{"person": str, "known": str}],
    "requirements": [{
        "rule": str, "document": (str, None), "role": (str, None), "needed": int, "message": str, "evidence": [EVIDENCE],
        "state": ("satisfied", "unsatisfied", "not-applicable", "overridden", "error"),
    }],
}
MANIFEST = {
    "version": (1,), "engine": int, "repository": str, "log": str, "change": CHANGE,
    "operation": ("apply", "rollback", "recover"), "of": (CHANGE, None), "contributors": [str],
    "files": [{"path": str, "before": STATE, "after": STATE}],
    "units": [{"target": str, "system": str, "state": PAIR, "plan": PAIR}],
    "rollback": ({"roles": [str], "for": PERIOD}, None), "applyBy": (TIME, None),
}


def problem(value, shape, place):
    """What is wrong with a value, or None."""
    if isinstance(shape, dict):
        if not isinstance(value, dict):
            return f"{place} is no object"
        if value.keys() != shape.keys():
            return f"{place} must have the members {sorted(shape)}, has {sorted(value)}"
        return next((p for k, s in shape.items() if (p := problem(value[k], s, f"{place}/{k}"))), None)
    if isinstance(shape, list):
        if not isinstance(value, list):
            return f"{place} is no list"
        return next((p for i, v in enumerate(value) if (p := problem(v, shape[0], f"{place}/{i}"))), None)
    if isinstance(shape, tuple):
        return None if any(fits(value, one, place) for one in shape) else f"{place} may not be {value!r}"
    return None if fits(value, shape, place) else f"{place} may not be {value!r}"


def fits(value, shape, place):
    if isinstance(shape, re.Pattern):
        return isinstance(value, str) and shape.fullmatch(value) is not None
    if shape is int:
        return isinstance(value, int) and not isinstance(value, bool) and -MOST <= value < MOST
    if isinstance(shape, type):
        return isinstance(value, shape)
    if isinstance(shape, dict):
        return problem(value, shape, place) is None
    return type(value) is type(shape) and value == shape
