"""The bill: amounts times prices, held against sums that were worked out by hand."""

import inspect
import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from bench import cost_report
from bench.cost import Fixed, Handler, at_the_edge, bill, billed_ms, firewall, million, stripe_keeps, total
from bench.month import WEBHOOKS, Activity, month
from bench.prices import FILE, FROM_MEMORY, Price, PriceList, read
from chalicelib.rails.stripe.enabled_events import ENABLED_EVENTS
from infra.template.alarm_list import ALARMS
from infra.template.firewall import RULES
from testkit.harness import Harness

UNITS_PAGE = FILE.parent.parent / "docs" / "units.md"


def price_list(**changed: str) -> PriceList:
    """Round prices, so that a sum can be seen: one dollar for a million of most things."""
    keys = {
        "api_request": "3", "lambda_request": "1", "read_unit": "1", "write_unit": "2", "mail": "100",
        "cdn_request": "1", "cdn_function": "1", "key_use": "1", "notice": "1",
    }  # fmt: skip
    whole = ("lambda_gb_second", "table_gb", "backup_gb", "log_gb", "log_kept_gb", "metric", "alarm", "dashboard")
    prices = {
        name: Price(name, Decimal(changed.get(name, each)), 1_000_000, "x", "", date(2026, 1, 1))
        for name, each in keys.items()
    }
    for name in (*whole, "cdn_gb", "out_gb"):
        prices[name] = Price(name, Decimal(changed.get(name, "0")), 1, "x", "", date(2026, 1, 1), 10)
    return PriceList(date(2026, 1, 1), "here", prices, Decimal("0.015"), Decimal("0.25"))


NOTHING = Fixed(metrics=0, alarms=0, dashboards=0, notices=0)


def test_a_small_bill_worked_out_by_hand() -> None:
    """Two million calls: 6 + 2 starts; of each one read and two writes: 2 + 8; CloudFront 2 + 2; secrets 0.0195."""
    calls = [Activity("call", 2_000_000, read=1, written=2, kilobytes=0, lines=0)]
    lines = bill(calls, price_list(), NOTHING)
    assert {line.price.name: line.gross for line in lines if line.gross} == {
        "api_request": Decimal(6),
        "lambda_request": Decimal(2),
        "read_unit": Decimal(2),
        "write_unit": Decimal(8),
        "cdn_request": Decimal(2),
        "cdn_function": Decimal(2),
        "key_use": Decimal("0.019500"),
    }
    assert total(lines, free_tier=False) == Decimal("22.019500")


def test_what_is_cached_costs_cloudfront_only_and_what_is_scheduled_costs_no_call() -> None:
    lines = bill(
        [
            Activity("cached", 1_000_000, kilobytes=0, lines=0, cached=True),
            Activity("job", 1_000_000, requests=0, kilobytes=0, lines=0, job=True),
        ],
        price_list(key_use="0.000001"),
        NOTHING,
    )
    shown = {line.price.name: line.amount for line in lines if line.amount}
    assert shown == {
        "lambda_request": 1_000_000,
        "cdn_request": 1_000_000,
        "cdn_function": 1_000_000,
        "key_use": 19_500,
    }


def test_a_call_of_the_website_runs_a_function_of_cloudfront_and_nothing_else() -> None:
    page = [Activity("page", 1_000_000, kilobytes=100, of_the_site=True)]
    shown = {line.price.name: line.amount for line in bill(page, price_list(), NOTHING) if line.amount}
    assert shown == {"cdn_function": 1_000_000, "key_use": 19_500}
    assert not {line.price.name for line in bill(page, price_list(), NOTHING, cdn=False) if line.amount} - {"key_use"}


def test_the_model_counts_the_functions_on_every_behaviour() -> None:
    """One on the API's ways, one on the site's, as the template has them."""
    units = cost_report.units_of(UNITS_PAGE)
    lines = {line.price.name: line.amount for line in bill(month(10_000, units), read())}
    functions = next(amount for name, amount in lines.items() if "calls of a function" in name)
    assert functions == lines["CloudFront, HTTPS requests"] + 10_000 * 640


def test_the_firewall_worked_out_by_hand() -> None:
    """5 + 2 rules + 0.60 for a million calls of the API; what CloudFront keeps never comes there."""
    happens = [
        Activity("call", 1_000_000),
        Activity("cached", 5_000_000, cached=True),
        Activity("page", 5_000_000, of_the_site=True),
        Activity("job", 5_000_000, requests=0, job=True),
    ]
    assert total(firewall(happens, read()), free_tier=False) == Decimal("7.60")
    assert inspect.signature(firewall).parameters["rules"].default == RULES


def test_memory_times_seconds() -> None:
    """1000 calls of 2 s at 1024 MB are 2000 GB-s, 100 jobs of 10 s at 512 MB are 500; ten of them are free here."""
    prices = price_list(lambda_gb_second="0.01")
    happens = [Activity("call", 1000, seconds=2), Activity("job", 100, seconds=10, job=True, requests=0)]
    (line,) = (one for one in bill(happens, prices, NOTHING) if one.price.name == "lambda_gb_second")
    assert (line.amount, line.gross, line.net) == (Decimal(2500), Decimal(25), Decimal("24.90"))


def test_without_cloudfront_data_leaves_the_region_and_nobody_asks_cloudfront() -> None:
    happens = [Activity("call", 1024, kilobytes=1024 * 20), Activity("cached", 1024, kilobytes=1024, cached=True)]
    shown = {line.price.name: line.amount for line in bill(happens, price_list(), NOTHING, cdn=False)}
    assert shown["out_gb"] == 20
    assert not {"cdn_request", "cdn_function", "cdn_gb"} & set(shown)


def test_free_amounts_never_make_a_line_negative() -> None:
    (line,) = (one for one in bill([], price_list(metric="0.3"), Fixed(metrics=4)) if one.price.name == "metric")
    assert (line.gross, line.net) == (Decimal("1.2"), Decimal(0))


@pytest.mark.parametrize(
    ("cpu_ms", "memory", "billed"),
    [
        (0.06, 1769, 1),
        (1.0, 1769, 1),
        (1.01, 1769, 2),
        (10, 1769, 10),
        (10, 512, 35),  # 34.55
        (10, 3538, 10),  # a second processor does not make one thread faster
    ],
)
def test_lambda_bills_begun_milliseconds_by_the_share_of_a_processor(cpu_ms: float, memory: int, billed: int) -> None:
    assert billed_ms(cpu_ms, memory) == billed


def test_a_million_gate_checks_worked_out_by_hand() -> None:
    """10 000 cold ones of 20 ms and 990 000 warm ones of 1 ms at 1769 MB: 1190 s, 2055.76 GB-s."""
    parts = million(Handler(cold_ms=20, warm_ms=0.1), price_list(lambda_gb_second="0.001"), 1769)
    assert parts["requests to the API"] == 3
    assert parts["starts of the function"] == 1
    assert round(parts["its time"], 4) == Decimal("2.0558")


def test_stripe_keeps_a_share_and_a_fixed_part_of_every_gift() -> None:
    assert stripe_keeps(100, 10.0, price_list()) == Decimal(40)


def test_our_webhooks_are_as_many_as_the_model_says() -> None:
    harness = Harness()
    sent = {
        kind: sum(
            event["type"] in ENABLED_EVENTS for event in harness.gives(1000, interval, f"{kind}@reader.example")
        )
        for kind, interval in (("one-off", "once"), ("monthly", "month"))
    }
    renewed = harness.stripe.renew(str(harness.stripe.of("subscription")[-1]["id"]))
    assert {**sent, "renewal": sum(event["type"] in ENABLED_EVENTS for event in renewed)} == WEBHOOKS


def test_what_is_always_there_is_what_the_template_makes() -> None:
    """Figures that alarms watch, and memory."""
    functions = json.loads((FILE.parent.parent / ".chalice" / "config.json").read_text("utf-8"))["lambda_functions"]
    memory = {name: function["lambda_memory_size"] for name, function in functions.items()}
    assert Fixed().alarms == len(ALARMS)
    assert memory.pop("api_handler") == Fixed().api_mb
    assert set(memory.values()) == {Fixed().job_mb}


def test_every_price_has_a_source_and_a_day() -> None:
    prices = read()
    assert prices.prices
    for price in prices.prices.values():
        assert price.source == FROM_MEMORY or price.source.startswith("https://"), price.name
        assert date(2024, 1, 1) < price.read <= prices.day, price.name


def test_a_price_that_is_none_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "prices.toml"
    text = FILE.read_text(encoding="utf-8")
    file.write_text(text.replace("price = 1.00", "price = 0", 1), encoding="utf-8")
    with pytest.raises(ValueError, match="api_request"):
        read(file)
    file.write_text(text.replace("price = 1.00", "prize = 1.00", 1), encoding="utf-8")
    with pytest.raises(ValueError, match=r"prices\.toml"):
        read(file)


def test_the_model_shows_its_sum_and_each_line_adds_up() -> None:
    units = cost_report.units_of(UNITS_PAGE)
    lines = bill(month(10_000, units), read())
    by_hand = sum((line.amount * line.price.price / line.price.per for line in lines), Decimal(0))
    assert total(lines, free_tier=False) == by_hand
    text = "\n".join(table.plain() for table in cost_report.tables(units, read(), {"ours": Handler(20, 0.06)}))
    assert f"**{by_hand:.2f}**" in text
    assert "API Gateway, HTTP API, requests" in text


def test_twice_the_supporters_cost_less_than_twice() -> None:
    """Metrics, alarms and schedules do not grow; all else does, in proportion."""
    units = cost_report.units_of(UNITS_PAGE)
    few, many = (total(bill(month(size, units), read()), free_tier=False) for size in (10_000, 20_000))
    assert few < many < 2 * few


def test_a_million_calls_at_the_edge_worked_out_by_hand() -> None:
    sums = [tuple(f"{one:.2f}" for one in told) for told in at_the_edge(read()).values()]
    assert sums == [("0.13", "0.16"), ("0.19", "0.22"), ("0.30", "0.30"), ("0.00", "0.00")]
