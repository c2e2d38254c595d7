"""What a check says about facts, for tests: codes with their levels."""

from collections.abc import Iterable

from ops.doctor.findings import Finding


def levels(findings: Iterable[Finding]) -> dict[str, str]:
    """`{code: level}`; each finding is held to what every finding owes its reader."""
    found = list(findings)
    for one in found:
        assert one.says.endswith((".", "…")), one
        assert one.level in ("ok", "note") or one.mend, f"{one.code} says no mend"
    assert len({(one.code, one.says) for one in found}) == len(found), "told twice"
    return {one.code: one.level for one in found}
