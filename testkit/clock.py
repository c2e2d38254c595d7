"""A clock that stands still until a test moves it."""

from dataclasses import dataclass

from chalicelib.kernel.moments import BusinessTime, RealTime

NOW = 1_790_000_000  # 2026-09-21T14:13:20Z


@dataclass
class StillClock:
    """`Clock`; seconds since 1970, UTC."""

    real: int = NOW
    business: int = NOW

    def real_now(self) -> RealTime:
        """See Clock."""
        return RealTime(self.real)

    def now(self) -> BusinessTime:
        """See Clock."""
        return BusinessTime(self.business)

    def pass_time(self, seconds: int) -> None:
        """Move both."""
        self.real += seconds
        self.business += seconds
