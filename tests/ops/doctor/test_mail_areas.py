"""SES and DNS: each finding from facts alone; DNS also against a real name server that listens here."""

import socketserver
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, ClassVar

import dns.exception
import dns.message
import dns.rcode
import dns.rrset
import pytest

from ops.doctor.areas import dns as dns_area
from ops.doctor.areas import mail
from testkit.findings import levels
from testkit.serving import serving

NOW = 1_795_000_000
DOMAIN = "news.example"


class TestMail:
    identity: ClassVar[dict[str, Any]] = {
        "VerifiedForSendingStatus": True,
        "DkimAttributes": {"SigningEnabled": True, "Status": "SUCCESS", "Tokens": ["aaa", "bbb"]},
        "MailFromAttributes": {"MailFromDomain": "mail.news.example", "MailFromDomainStatus": "SUCCESS"},
    }
    account: ClassVar[dict[str, Any]] = {
        "SendingEnabled": True, "ProductionAccessEnabled": True, "EnforcementStatus": "HEALTHY",
        "SendQuota": {"Max24HourSend": 50_000.0, "SentLast24Hours": 12.0},
    }  # fmt: skip
    heard: ClassVar[dict[str, Any]] = {
        "Enabled": True,
        "SnsDestination": {"TopicArn": "arn"},
        "MatchingEventTypes": ["BOUNCE", "COMPLAINT"],
    }
    fine = mail.Facts(
        "prod", "eu-central-1", DOMAIN, f"support@{DOMAIN}", account, identity, "spilno-prod", [heard]
    )  # fmt: skip

    def test_all_set_up(self) -> None:
        assert levels(mail.check(self.fine, NOW)) == {"mail": "ok"}
        below = replace(self.fine, sender=f"support@mail.{DOMAIN}")
        assert levels(mail.check(below, NOW)) == {"mail": "ok"}

    def test_an_address_needs_no_dkim_of_its_own(self) -> None:
        address = replace(self.fine, name=f"support@{DOMAIN}", identity={"VerifiedForSendingStatus": True})
        assert levels(mail.check(address, NOW)) == {"mail": "ok"}
        other = replace(address, sender=f"info@{DOMAIN}")
        assert levels(mail.check(other, NOW)) == {"mail_sender": "problem"}

    @pytest.mark.parametrize(
        ("identity", "code", "level"),
        [
            (None, "mail_identity_missing", "problem"),
            ({"VerifiedForSendingStatus": False}, "mail_unverified", "problem"),
            ({"DkimAttributes": {"SigningEnabled": True, "Status": "PENDING"}}, "mail_dkim", "problem"),
            ({"DkimAttributes": {"SigningEnabled": False, "Status": "SUCCESS"}}, "mail_dkim", "problem"),
            ({"MailFromAttributes": {"MailFromDomainStatus": "FAILED"}}, "mail_from_domain", "warning"),
        ],
    )
    def test_the_identity(self, identity: dict[str, Any] | None, code: str, level: str) -> None:
        told = None if identity is None else {**self.identity, **identity}
        assert levels(mail.check(replace(self.fine, identity=told), NOW)) == {code: level}

    def test_the_records_to_copy_stand_in_the_mend(self) -> None:
        told = {**self.identity, "VerifiedForSendingStatus": False}
        (finding,) = mail.check(replace(self.fine, identity=told), NOW)
        assert "aaa._domainkey.news.example  CNAME  aaa.dkim.amazonses.com" in finding.mend.splitlines()

    @pytest.mark.parametrize(
        ("account", "code", "level"),
        [
            ({"SendingEnabled": False}, "mail_stopped", "problem"),
            ({"EnforcementStatus": "SHUTDOWN"}, "mail_stopped", "problem"),
            ({"EnforcementStatus": "PROBATION"}, "mail_probation", "problem"),
            ({"ProductionAccessEnabled": False}, "mail_sandbox", "problem"),
            ({"SendQuota": {"Max24HourSend": 200.0, "SentLast24Hours": 170.0}}, "mail_quota", "warning"),
        ],
    )
    def test_the_account(self, account: dict[str, Any], code: str, level: str) -> None:
        facts = replace(self.fine, account={**self.account, **account})
        assert levels(mail.check(facts, NOW)) == {code: level}

    def test_a_sandbox_is_enough_for_dev(self) -> None:
        facts = replace(self.fine, stage="dev", account={**self.account, "ProductionAccessEnabled": False})
        assert levels(mail.check(facts, NOW)) == {"mail_sandbox": "note"}
        # A verified address elsewhere would not do: the functions' roles name the sender's identity alone.
        (told,) = mail.check(facts, NOW)
        assert "an address at the sender's own domain" in told.mend

    @pytest.mark.parametrize(
        ("destinations", "code"),
        [
            (None, "mail_set_missing"),
            ([], "mail_feedback"),
            ([{**heard, "Enabled": False}], "mail_feedback"),
            ([{**heard, "MatchingEventTypes": ["BOUNCE"]}], "mail_feedback"),
        ],
    )
    def test_bounces_that_nobody_hears(self, destinations: Any, code: str) -> None:
        assert levels(mail.check(replace(self.fine, destinations=destinations), NOW)) == {code: "problem"}


RECORDS: Mapping[tuple[str, str], list[str]] = {
    (DOMAIN, "TXT"): ['"v=spf1 include:amazonses.com ~all"', '"google-site-verification=x"'],
    (f"_dmarc.{DOMAIN}", "TXT"): ['"v=DMARC1; p=quarantine; " "rua=mailto:dev@news.example"'],
    (f"aaa._domainkey.{DOMAIN}", "CNAME"): ["aaa.dkim.amazonses.com."],
    (f"mail.{DOMAIN}", "MX"): ["10 feedback-smtp.eu-central-1.amazonses.com."],
    (f"mail.{DOMAIN}", "TXT"): ['"v=spf1 include:amazonses.com ~all"'],
}
IDENTITY = {
    "DkimAttributes": {"Tokens": ["aaa"]},
    "MailFromAttributes": {"MailFromDomain": f"mail.{DOMAIN}"},
}


@contextmanager
def name_server(records: Mapping[tuple[str, str], list[str]]) -> Iterator[int]:
    """A name server on 127.0.0.1 that knows these records; answers its port. A name of `silent.` gets no answer."""

    class Answer(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            asked = dns.message.from_wire(self.request[0])
            answer, question = dns.message.make_response(asked), asked.question[0]
            name, kind = str(question.name).rstrip("."), question.rdtype.name
            if name.startswith("silent."):
                return
            if found := records.get((name, kind)):
                answer.answer.append(dns.rrset.from_text_list(question.name, 60, "IN", kind, found))
            elif not any(known == name for known, _ in records):
                answer.set_rcode(dns.rcode.NXDOMAIN)
            self.request[1].sendto(answer.to_wire(), self.client_address)

    with socketserver.UDPServer(("127.0.0.1", 0), Answer) as server, serving(server):
        yield server.server_address[1]


class TestDns:
    def facts(
        self, records: Mapping[tuple[str, str], list[str]], identity: Mapping[str, Any] = IDENTITY
    ) -> dns_area.Facts:
        with name_server(records) as port:
            look = dns_area.resolver(["127.0.0.1"], port)
            return dns_area.looked_up(look, DOMAIN, "eu-central-1", DOMAIN, identity)

    def check(self, without: tuple[str, str] | None = None, **changes: Any) -> dict[str, str]:
        records = {key: value for key, value in RECORDS.items() if key != without}
        return levels(dns_area.check(replace(self.facts(records), **changes), NOW))

    def test_all_in_order(self) -> None:
        assert self.check() == {"dns": "ok"}

    @pytest.mark.parametrize(
        ("without", "code", "level"),
        [
            ((f"_dmarc.{DOMAIN}", "TXT"), "dns_dmarc", "warning"),
            ((f"aaa._domainkey.{DOMAIN}", "CNAME"), "dns_dkim", "problem"),
            ((f"mail.{DOMAIN}", "MX"), "dns_mail_from_mx", "warning"),
            ((f"mail.{DOMAIN}", "TXT"), "dns_spf", "warning"),
        ],
    )
    def test_one_record_missing(self, without: tuple[str, str], code: str, level: str) -> None:
        assert self.check(without) == {code: level}

    def test_a_key_that_leads_elsewhere(self) -> None:
        elsewhere = {f"aaa._domainkey.{DOMAIN}": (("other.example",), "aaa.dkim.amazonses.com")}
        assert self.check(dkim=elsewhere) == {"dns_dkim": "problem"}

    def test_records_that_cancel_each_other(self) -> None:
        assert self.check(spf=("v=spf1 -all", "v=spf1 mx -all")) == {"dns_spf_several": "problem"}
        assert self.check(dmarc=("v=DMARC1; p=none", "v=DMARC1; p=reject")) == {"dns_dmarc_several": "problem"}

    def test_a_policy_that_is_none_or_no_policy(self) -> None:
        assert self.check(dmarc=("v=DMARC1; p=none",)) == {"dns_dmarc_none": "note", "dns": "ok"}
        assert self.check(dmarc=("v=DMARC1; rua=mailto:x",)) == {"dns_dmarc_wrong": "problem"}

    def test_without_a_mail_from_domain_dkim_alone_speaks(self) -> None:
        bare = {"DkimAttributes": IDENTITY["DkimAttributes"]}
        with_spf = self.facts(RECORDS, bare)
        assert levels(dns_area.check(with_spf, NOW)) == {"dns": "ok"}
        assert levels(dns_area.check(replace(with_spf, spf=()), NOW)) == {"dns_spf_of_ses": "note", "dns": "ok"}

    def test_the_policy_of_the_domain_above_counts_below(self) -> None:
        with name_server(RECORDS) as port:
            look = dns_area.resolver(["127.0.0.1"], port)
            found = dns_area.looked_up(look, f"letters.{DOMAIN}", "eu-central-1", DOMAIN, {})
        assert found.dmarc

    def test_no_answer_is_no_finding_but_an_obstacle(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(dns_area, "_SECONDS", 0.3)
        with name_server(RECORDS) as port, pytest.raises(dns.exception.DNSException):
            dns_area.resolver(["127.0.0.1"], port)("silent.example", "TXT")
