"""What is mutated, and which tests may notice it."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

# The rules of money and access: pure functions that make, move, compare or forgive amounts, or that open something.
RULES = (
    "chalicelib/kernel/billing_days.py",
    "chalicelib/kernel/ids.py",
    "chalicelib/kernel/marks.py",
    "chalicelib/kernel/money.py",
    "chalicelib/kernel/typed_amount.py",
    "chalicelib/kernel/typed_letters.py",
    "chalicelib/newsroom/rules.py",
    "chalicelib/ledger/rules/*.py",
    "chalicelib/supporters/rules/*.py",
    "chalicelib/checkouts/rules/*.py",
    "chalicelib/booking/rules/*.py",
    "chalicelib/changing/rules/*.py",
    "chalicelib/closing/rules/*.py",
    "chalicelib/closing/actions/ask_open.py",
    "chalicelib/closing/actions/book_line.py",
    "chalicelib/closing/actions/close_days.py",
    "chalicelib/closing/actions/walk_day.py",
    "chalicelib/rails/stripe/events/billing_shapes.py",
    "chalicelib/rails/stripe/events/disputes.py",
    "chalicelib/rails/stripe/events/intents.py",
    "chalicelib/rails/stripe/events/invoices.py",
    "chalicelib/rails/stripe/events/paid_periods.py",
    "chalicelib/rails/stripe/events/payments.py",
    "chalicelib/rails/stripe/events/refunds.py",
    "chalicelib/rails/stripe/events/reversal.py",
    "chalicelib/rails/stripe/events/settlement.py",
    "chalicelib/rails/stripe/events/shapes.py",
    "chalicelib/rails/stripe/signature.py",
    "chalicelib/articles/rules/policy.py",
    "chalicelib/articles/rules/sealed_text.py",
    "chalicelib/gift_links/rules/*.py",
    "chalicelib/metering/rules/*.py",
    "chalicelib/reading/rules/gift_links.py",
    "chalicelib/reading/rules/passes.py",
    "chalicelib/reading/rules/paywall.py",
    "chalicelib/signing_in/rules/*.py",
    "chalicelib/rebuild/rules/*.py",
)

# Folders and files of tests that judge something else, start programs of their own, in which no mutant lives, or take
# half of all the time, as they try the same rules in thousands of orders and with a fault at each point. Named by any
# folder of their path or by the file, so that they may move.
LEFT_OUT = frozenset(
    "architecture bench contract deployed doctor engines localdev mutants package releases rehearsal setup"
    " sites stand_in stories template units widget"
    " test_changes_in_all_orders test_every_fault_point test_every_fault_point_of_a_change"
    " test_every_fault_point_of_a_scenario test_interleaved test_long_scenarios"
    " test_nonsense_at_the_stand_in test_nothing_personal test_nothing_personal_at_any_fault"
    " test_without_stripe".split()
)
# Fixtures that start something in which no mutant lives.
FOREIGN_FIXTURES = frozenset({"stack", "browser", "context", "page"})
# Fixtures behind which a real engine stands: their tests are tried only on what the faster ones let live.
ENGINE_FIXTURES = frozenset({"engine", "ministack"})

SHARE = 18  # per cent of the mutants of each file
AT_LEAST = 5  # of each file, if it has so many


def files(root: Path, patterns: tuple[str, ...]) -> list[str]:
    """The files that these patterns name, from `root`.

    :raises FileNotFoundError: a pattern names none, so that a rule that moved is not forgotten in silence.
    """
    found: list[str] = []
    for pattern in patterns:
        named = sorted(path.relative_to(root).as_posix() for path in root.glob(pattern))
        if not named:
            raise FileNotFoundError(f"No file is named {pattern}. Did a rule move? See tests/mutants/scope.py.")
        found += named
    return found
