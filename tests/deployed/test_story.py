"""The deployed newsroom lives: the packaged artefact and template as they are, every function held to its role."""

import json

import pytest

from tests.articles.sealing import keys_in, unsealed
from tests.deployed import house, sandbox, scenario
from tests.deployed.deployment import BUCKET, PASS_KEYS, SEAL_KEYS, SITE, STRIPE_KEY, STRIPE_SECRET
from tests.deployed.newsroom import DeployedNewsroom
from tests.deployed.operator import NAME
from tests.deployed.roles import Role, permitted, unused, used
from tests.deployed.sealed import reads_sealed

pytestmark = [pytest.mark.stack, pytest.mark.timeout(300)]


def test_what_is_deployed_is_what_was_packaged(newsroom: DeployedNewsroom) -> None:
    health = newsroom.visitor().get("/v1/health")
    assert health.status == 200
    assert health.json["table"] == "ok"
    assert health.json["version"] == newsroom.deployed.outputs["Version"]
    assert set(newsroom.deployed.functions) == {
        "APIHandler", "Sweep", "ReconcileUndelivered", "ReconcileEvents", "ReconcileMoney", "CountSupporters",
        "DailyMails", "Erase", "MailFeedback",
    }  # fmt: skip


def test_somebody_gives_once_and_reads_on(newsroom: DeployedNewsroom) -> None:
    newsroom.once(scenario.gives_once)


def test_somebody_gives_every_month(newsroom: DeployedNewsroom) -> None:
    newsroom.once(scenario.gives_monthly)


def test_a_supporter_signs_in(newsroom: DeployedNewsroom) -> None:
    newsroom.once(scenario.signs_in)


def test_the_gate_opens_for_who_gave_and_for_nobody_else(newsroom: DeployedNewsroom) -> None:
    seen = newsroom.once(scenario.reads)
    assert {who for who, reply in seen.items() if scenario.SECRET_TEXT in reply.text} == {
        "giver",
        "supporter",
        "page",
    }
    assert seen["stranger"].status == 200
    assert seen["stranger"].json["decision"]["open"] is False


def test_a_gate_check_costs_no_call(newsroom: DeployedNewsroom) -> None:
    decided = newsroom.once(scenario.checks_the_gate)
    assert decided.status == 200
    assert decided.json["open"] is True


def test_a_sealed_article_is_a_file_for_everybody_and_a_key_for_supporters(newsroom: DeployedNewsroom) -> None:
    """The function seals with what the package carries of the cipher's library, where nothing may be written."""
    seen = newsroom.once(reads_sealed)
    assert scenario.SECRET_TEXT in seen["opened"]
    assert seen["file"].headers["cache-control"] == "public, max-age=31536000, immutable"
    for who in ("file", "stranger"):
        assert scenario.SECRET_TEXT not in seen[who].text
    assert "key" not in seen["stranger"].json
    found = keys_in(*(seen[who].text for who in ("file", "stranger")))
    assert not [key for key in found if unsealed(seen["file"].text, key)]


def test_what_goes_back_is_in_the_ledger(newsroom: DeployedNewsroom) -> None:
    ledger, gifts = newsroom.once(scenario.money_goes_back)
    booked = {(line["kind"], line["payment_intent"], line["amount"]) for line in ledger}
    assert {("refund", gifts["refund"], -2000), ("dispute", gifts["dispute"], -2000)} <= booked


def test_the_sweep_takes_up_what_failed(newsroom: DeployedNewsroom) -> None:
    swept = newsroom.once(scenario.webhooks_fail)
    assert swept["events"] == swept["applied"] >= 1


def test_each_ring_of_reconcile_finds_what_was_lost(newsroom: DeployedNewsroom) -> None:
    done = newsroom.once(scenario.webhooks_are_lost)
    closed = done["ReconcileMoney"]
    assert closed["money"]["closed"] >= 35
    assert not any(part["failed"] for name, part in closed.items() if name != "differs")
    for ring, found in done.items():
        told = next(part for name, part in found.items() if name in ("undelivered", "events", "money"))
        assert told["applied"] >= 1, (ring, found)


def test_who_bounced_gets_no_more_mail(newsroom: DeployedNewsroom) -> None:
    assert newsroom.once(scenario.mail_bounces) == 0


def test_signing_out_everywhere(newsroom: DeployedNewsroom) -> None:
    assert newsroom.once(scenario.signs_out).json["signed_in"] is False
    assert newsroom.once(scenario.signs_in).get("/v1/me").status == 401


def test_a_forged_webhook_is_refused(newsroom: DeployedNewsroom) -> None:
    refused = newsroom.visitor().post("/v1/stripe/webhook", {"id": "evt_1"}, **{"Stripe-Signature": "t=1,v1=0"})
    assert (refused.status, refused.json["code"]) == (400, "bad_signature")


def test_unknown_addresses_and_wrong_methods_are_answered_in_our_words(newsroom: DeployedNewsroom) -> None:
    """The HTTP API hands over every address and every method."""
    for method, path, status, code in (
        ("GET", "/v1/nothing-here", 404, "not_found"),
        ("POST", "/v1/nothing-here", 404, "not_found"),
        ("PATCH", "/v1/newsroom", 405, "method_not_allowed"),
    ):
        lost = newsroom.visitor().call(method, path, headers={"Authorization": "Basic eDp5"})
        assert (lost.status, lost.json["code"]) == (status, code)
        assert lost.headers["content-type"] == "application/problem+json"
        assert ("allow" in lost.headers) == (status == 405)


def test_a_page_comes_compressed_to_who_takes_that_and_as_it_is_to_others(newsroom: DeployedNewsroom) -> None:
    page, plain = (newsroom.visitor().get("/sign-in", **{"Accept-Encoding": name}) for name in ("gzip", "identity"))
    assert page.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert page.text == plain.text
    assert int(page.headers["content-length"]) < len(plain.text.encode()) / 2
    assert page.headers["vary"] == plain.headers["vary"]


def test_the_sites_scripts_may_ask_and_no_other_sites(newsroom: DeployedNewsroom) -> None:
    asking = {"Access-Control-Request-Method": "POST"}
    ours = newsroom.visitor().call("OPTIONS", "/v1/checkouts", headers={"Origin": SITE, **asking})
    theirs = newsroom.visitor().call("OPTIONS", "/v1/checkouts", headers={"Origin": "https://else.example", **asking})
    assert ours.headers["access-control-allow-origin"] == SITE
    assert "access-control-allow-origin" not in theirs.headers


def test_each_function_may_be_called_by_its_own_caller_only(newsroom: DeployedNewsroom) -> None:
    """Local AWS calls functions without asking their own policies, so these are looked at."""
    deployed = newsroom.deployed
    functions = deployed.cloud.client("lambda")
    callers: dict[str, list[tuple[str, str]]] = {}
    for name, physical in deployed.functions.items():
        for one in json.loads(functions.get_policy(FunctionName=physical)["Policy"])["Statement"]:
            assert one["Action"] == "lambda:InvokeFunction"
            source = next(iter(one["Condition"].values()))["AWS:SourceArn"]
            callers.setdefault(name, []).append((one["Principal"]["Service"], source))
    by_apis = callers.pop("APIHandler")
    assert {service for service, _ in by_apis} == {"apigateway.amazonaws.com"}
    assert {source.split(":")[5].partition("/")[0] for _, source in by_apis} == {
        deployed.resources["HttpApi"], deployed.resources["RestAPI"],
    }  # fmt: skip
    assert callers.pop("MailFeedback") == [("sns.amazonaws.com", deployed.outputs["MailFeedbackTopicArn"])]
    rules = {rule["Arn"] for rule in deployed.cloud.client("events").list_rules()["Rules"]}
    assert all(len(theirs) == 1 for theirs in callers.values())
    assert {who for ((who, _),) in callers.values()} == {"events.amazonaws.com"}
    assert {source for ((_, source),) in callers.values()} == rules


def test_supporters_are_counted(newsroom: DeployedNewsroom) -> None:
    before, after = newsroom.once(scenario.supporters_are_counted)
    assert before["people"] >= before["joined"] > 0
    assert after["people"] == before["people"], "the monthly gift still runs"


def test_what_is_told_ahead_is_put_and_sent(newsroom: DeployedNewsroom) -> None:
    put = newsroom.once(house.daily_mails_are_put)
    assert (put["reminders"], put["put"], put["failed"]) == (1, 0, 0), "a gift that was stopped is not written about"


def test_somebody_leaves_without_signing_in(newsroom: DeployedNewsroom) -> None:
    assert newsroom.once(house.somebody_leaves)["statements"] == 1


def test_somebody_is_erased_in_two_steps(newsroom: DeployedNewsroom) -> None:
    begun, done = newsroom.once(house.somebody_is_erased)
    assert (begun["due"], begun["checking"], begun["failed"]) == (1, 1, 0)
    assert (done["due"], done["erased"]) == (1, 1)


def lived(newsroom: DeployedNewsroom) -> None:
    """Everything has happened that happens to a newsroom."""
    for chapter in scenario.CHAPTERS:
        newsroom.once(chapter)


def test_nobody_was_refused_what_they_need(newsroom: DeployedNewsroom) -> None:
    lived(newsroom)
    assert not [question for question in newsroom.deployed.cloud.questions() if not question.allowed]


def test_the_operators_policy_is_enough_for_their_commands(newsroom: DeployedNewsroom) -> None:
    """Whoever runs the commands here holds the stack's own policy for operators, and nothing else."""
    supporter = newsroom.once(scenario.gives_monthly)
    (found,) = newsroom.ops("supporter", supporter.email)
    assert found["access"]["tier"] == "member"
    newsroom.ops("mail", "suppressed")
    newsroom.ops("rebuild", "--check")
    # Its looks at the website and into DNS stay out: nobody is there, and no test leaves the machine.
    here = [part for area in ("newsroom", "aws", "table", "stripe", "books", "mail") for part in ("--only", area)]
    examined = newsroom.operator.run(newsroom.deployed.stage, "doctor", *here, unwell=True)
    asked = newsroom.deployed.cloud.questions(f":user/{NAME}")
    assert {(one.action, one.resource) for one in asked if not one.allowed} == set()
    assert "Not checked" not in examined


def test_every_grant_is_used_and_one_that_nothing_uses_is_reported(newsroom: DeployedNewsroom) -> None:
    lived(newsroom)
    deployed = newsroom.deployed
    made_use_of = used(deployed, deployed.cloud.questions())
    assert unused(permitted(deployed), made_use_of) == set()
    table = f"arn:aws:dynamodb:eu-central-1:123456789012:table/{deployed.stack}"
    with Role(deployed, "Sweep").with_one_more("dynamodb:Scan", table):
        assert unused(permitted(deployed), made_use_of) == {("Sweep", "dynamodb:Scan", table)}
    with Role(deployed, "MailFeedback").with_one_more("dynamodb:Query", table):
        assert unused(permitted(deployed), made_use_of) == {("MailFeedback", "dynamodb:Query", table)}
    elsewhere = f"arn:aws:s3:::{BUCKET}/prod/erased/*"
    with Role(deployed, "Erase").with_one_more("s3:PutObject", elsewhere):
        assert unused(permitted(deployed), made_use_of) == {("Erase", "s3:PutObject", elsewhere)}


def test_the_books_agree_with_stripes(newsroom: DeployedNewsroom) -> None:
    lived(newsroom)
    (totals,) = newsroom.ops("totals")
    books = newsroom.stripe.books()
    assert totals.keys() == books.keys() == {"eur"}
    ours, theirs = totals["eur"], books["eur"]
    for name, called in (("gross", "paid"), ("refunded", "refunded"), ("dispute_lost", "lost"), ("net", "net")):
        assert ours[name] == theirs[called]
    assert ours["payments"] == theirs["payments"] == newsroom.payments > 0


def test_the_metrics_tell_the_same_sums(newsroom: DeployedNewsroom) -> None:
    """What CloudWatch will make of the logs; ministack only keeps the lines."""
    lived(newsroom)
    lines = [line for function in newsroom.deployed.functions for line in newsroom.deployed.log(function)]
    counted = [found for line in lines if '"Gifts"' in line and "Gifts" in (found := json.loads(line))]
    books = newsroom.stripe.books()["eur"]
    assert sum(line["Gifts"] for line in counted) == books["payments"]
    assert sum(line["GiftAmount"] for line in counted) == books["paid"]
    assert {(line["Stage"], line["Currency"]) for line in counted} == {("dev", "eur")}


def test_no_function_writes_or_leaves_the_machine(newsroom: DeployedNewsroom) -> None:
    """/var/task is read-only and there is no home. Bytecode that does not fit would be written anew: it is not."""
    lived(newsroom)
    for function in newsroom.deployed.functions:
        lines = newsroom.deployed.log(function)
        assert lines
        assert not [line for line in lines if sandbox.TOLD in line]


def test_logs_are_json_and_tell_of_nobody(newsroom: DeployedNewsroom) -> None:
    lived(newsroom)
    lines = [line for function in newsroom.deployed.functions for line in newsroom.deployed.log(function)]
    told = [line for line in lines if not line.startswith(("START ", "END ", "REPORT "))]
    assert all(json.loads(line)["message"] for line in told)
    text = "\n".join(told)
    keys = [keys.partition(":")[2] for keys in (PASS_KEYS, SEAL_KEYS)]
    for secret in (STRIPE_KEY, STRIPE_SECRET, *keys, "@reader.example", scenario.SECRET_TEXT):
        assert secret not in text
