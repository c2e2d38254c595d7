"""Erase a supporter, step by step. After a crash at any point, beside whatever is told meanwhile, it goes on.

    asked      what keeps it from beginning; recurring gifts end at Stripe
    begun      nobody calls it off any more; the tombstone, outside the table
               then one transaction: the state says erased, the profile and the address's look-ups are gone
    erasing    every row that leads back to the person; Stripe's customers; the last mail
    checking   an hour later: what came meanwhile, as the index is a moment late and calls were under way

From the transaction on, whoever books finds an erased supporter (`booking/rules/erased.py`), whoever signs in with
the address is somebody new, and no mail finds an address. Each later step looks at what is there and takes it away,
so it does the same the second time.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from chalicelib.kernel import keys
from chalicelib.kernel.email_address import EmailAddress
from chalicelib.kernel.errors import Conflict
from chalicelib.kernel.ids import SupporterId
from chalicelib.kernel.moments import BusinessTime, RealTime
from chalicelib.kernel.object_store import ObjectStore
from chalicelib.kernel.table import Change, Condition, Delete, Table, compare_and_swap, written
from chalicelib.mail.actions.send import MailSender
from chalicelib.mail.port import MailRefused, MailUnavailable
from chalicelib.mail.rows import suppressed
from chalicelib.mail.rules.privacy_mails import Erased
from chalicelib.observing.log import alarm, log
from chalicelib.privacy.actions.end_gifts import end_gifts
from chalicelib.privacy.actions.forget import erase_customers, erase_rows, waiting_events
from chalicelib.privacy.rows import about, tombstones
from chalicelib.privacy.rows.about import Person
from chalicelib.privacy.rules import of_visits as visits
from chalicelib.rails.stripe.deps import StripeDeps
from chalicelib.supporters.rows import erasures, history, supporters
from chalicelib.supporters.rows.erasures import Erasure

AGAIN = 3600  # seconds until it is looked once more
_TOMORROW = 86_400
_SETTLED = ("done", "closed")  # of a statement
_MAIL_TRIED_FOR = 3 * 86_400  # seconds: no longer is the address kept for the last mail
BY_RESTORE = "restore"  # who asked, where a restored table is told again: nobody gets a mail, whoever goes on with it
Outcome = Literal["erased", "checking", "waits"]


@dataclass(frozen=True, kw_only=True)
class Eraser:
    """What erasing needs from outside. `lacking`: the steps of `ops upgrade` that were not run.

    Until they are, events of an earlier release do not say whom they are about, so nothing begins. `quiet`: no mail
    goes out.
    """

    deps: StripeDeps
    mail_sender: MailSender
    objects: ObjectStore
    lacking: Sequence[str]
    now: BusinessTime
    real_now: RealTime
    quiet: bool = False

    @property
    def table(self) -> Table:
        """The table."""
        return self.deps.table

    @property
    def key(self) -> str:
        """The key of the keyed hashes."""
        return self.deps.email_key

    def erase(self, supporter: SupporterId) -> Outcome:
        """Go on with a request as far as it goes now. `waits`: a person must do something first; an alarm says what.

        :raises Outage, Refused: a service is away, or refuses; calling it again goes on.
        """
        asked = erasures.read(self.table, supporter)
        if asked is not None and asked.by == BY_RESTORE and not self.quiet:
            return replace(self, quiet=True).erase(supporter)
        if asked is not None and asked.status == "asked":
            if waits_for := self._waits_for(supporter):
                return self._put_off(asked, *waits_for)
            asked = self._first_step(asked)
        if asked is not None and asked.status == "begun":
            asked = self._begin_erasing(supporter)
        if asked is None:
            return "erased"
        steps: Mapping[str, Callable[[Erasure], Outcome]] = {
            "erasing": self._erase_all,
            "checking": self._check_again,
        }
        if asked.status not in steps:  # called off and asked again, in this moment
            raise _overtaken()
        return steps[asked.status](asked)

    def _waits_for(self, supporter: SupporterId) -> list[str]:
        """Why it cannot begin, and what a person must look at; empty: it can."""
        if self.lacking:
            return ["upgrade", *self.lacking]
        claims = self._open_claims(supporter)
        return ["statement", *claims] if claims else []

    def _open_claims(self, supporter: SupporterId) -> list[str]:
        """Statements that nobody has settled: by which the supporter wants money back, or about another's gift."""
        whose = about.person(self.table, supporter, self.key)
        rows = [item for item in about.rows_about(self.table, whose) if visits.STATEMENT.holds(item)]
        about_others = [row for row in rows if row.get("supporter", supporter) not in whose.supporters]
        waits = [row for row in rows if row["kind"] == "withdraw" or row in about_others]
        return [str(row["id"]) for row in waits if row["status"] not in _SETTLED]

    def _first_step(self, asked: Erasure) -> Erasure | None:
        """End gifts, then let nobody call it off any more; None if somebody did just now."""
        whose = about.joined_to(self.table, asked.supporter)
        mails = end_gifts(self.deps, whose, now=self.now, real_now=self.real_now)
        if not self.quiet:
            self.mail_sender.deliver(mails, self.now)
        written(self.table, erasures.begin(asked))
        return erasures.read(self.table, asked.supporter)

    def _begin_erasing(self, supporter: SupporterId) -> Erasure | None:
        """Write the tombstone, then let the state say that its supporter is erased."""
        whom = about.person(self.table, supporter, self.key)
        whose = whom.supporters

        def plan() -> tuple[list[Change], None]:
            asked = erasures.read(self.table, supporter)
            if asked is None or asked.status != "begun":
                return [], None
            profile = supporters.read_profile(self.table, supporter)
            states = [supporters.read_state(self.table, one) for one in whose]
            own = about.hashes_of(profile.email, self.key) if profile else ()
            hashed = tuple(dict.fromkeys([*own, *whom.hashed]))
            customers = about.customers_of(self.table, Person(whose, hashed))
            # Outside first: from here on a restored table can be erased again.
            stone = tombstones.bury(
                self.objects, whose, customers, key=self.key, asked_at=asked.asked_at, at=self.now
            )
            for one in stone.customers:
                self.table.write(tombstones.mark(one, supporter))
            may_mail = not self.quiet and all(suppressed.read(self.table, one) is None for one in own)
            needs = {
                "email": profile.email if profile else "",
                "language": profile.language if profile and may_mail else "",
                "customers": sorted(customers),
                "hashed": list(hashed),
                "joined": list(whose[1:]),
            }
            line = history.line(supporter, self.now, ["supporter:erasure:begun"])
            changes: list[Change] = [erasures.erasing(asked, needs, self.now), line]
            changes += [supporters.erase_state(state, self.now) for state in states]
            if profile:
                changes.append(Delete(keys.profile(supporter), (Condition("email", "=", profile.email),)))
            for one in hashed:
                if supporters.find_by_hash(self.table, one) in whose:
                    changes.append(Delete(keys.email(one)))
            return changes, None

        compare_and_swap(self.table, plan)
        return erasures.read(self.table, supporter)

    def _erase_all(self, asked: Erasure) -> Outcome:
        whom = _person(asked)
        unknown = erase_rows(whom, self.deps, words=(asked.email, *asked.customers))
        erase_customers(asked.customers, self.deps)
        if asked.email and asked.language:
            self._last_mail(asked)
        written(self.table, erasures.check(asked, BusinessTime(self.now + AGAIN)))
        log.info("supporter erased", unknown=len(unknown))
        return "checking"

    def _check_again(self, asked: Erasure) -> Outcome:
        whom = _person(asked)
        unknown = erase_rows(whom, self.deps)
        if unknown:
            return self._put_off(asked, "unknown_kind", *unknown)
        if waiting := waiting_events(whom, self.deps):
            return self._put_off(asked, "event", *waiting)
        line = history.line(asked.supporter, self.now, ["supporter:erasure:done"])
        if not written(self.table, erasures.done(asked), line):
            raise _overtaken()
        log.info("erasure done")
        return "erased"

    def _last_mail(self, asked: Erasure) -> None:
        """The last mail to the address, which is forgotten when it is out, or after three days of trying."""
        composed = self.mail_sender.compose(Erased(), self.mail_sender.newsroom.language(asked.language))
        try:
            # The same mail sent twice (we crashed between sending and forgetting) is recognisably the same.
            name = f"erased-{tombstones.hash_of(asked.supporter, self.key)[:24]}"
            self.mail_sender.send(composed, to=EmailAddress(asked.email), message_id=name, kind=Erased.kind)
        except MailRefused as refused:
            log.info("mail refused", kind=Erased.kind, why=refused.code)
        except MailUnavailable:
            if self.now - asked.erase_on < _MAIL_TRIED_FOR:
                raise
            log.warning("mail given up", kind=Erased.kind)

    def _put_off(self, asked: Erasure, why: str, *names: str) -> Outcome:
        alarm("erasure_waits", why=why, supporter=asked.supporter, first=names[0])
        written(self.table, erasures.later(asked, BusinessTime(self.now + _TOMORROW)))
        return "waits"


def _overtaken() -> Conflict:
    return Conflict("Another worker is at this erasure just now.", code="busy")


def _person(asked: Erasure) -> Person:
    return Person((asked.supporter, *asked.joined), asked.hashed)
