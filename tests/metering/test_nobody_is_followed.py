"""P20: what a month's reading sends and sets holds nothing that tells two browsers apart, or joins two months."""

from collections.abc import Iterator, Mapping

from chalicelib.metering.rules.meter import month_at
from testkit.calls import Reply, in_process
from testkit.harness import Harness
from testkit.visitor import Visitor
from tests.reading.metered import newsroom

MONTHS = 2
ARTICLES = ("a", "b", "a", "c", "d", "e")  # the last two after the meter is used


class Recorder:
    """A browser of which every cookie that was sent or set is kept."""

    def __init__(self, client: str) -> None:
        self.sent: list[tuple[str, str]] = []  # (address, the Cookie header)
        self.set: list[str] = []
        self.visitor = Visitor(client=client, transport=self._call)

    def _call(self, method: str, url: str, body: str, headers: Mapping[str, str], client: str) -> Reply:
        self.sent.append((url, headers.get("Cookie", "")))
        reply = in_process(method, url, body, headers, client)
        self.set += reply.set_cookies
        return reply

    def reads(self, harness: Harness) -> None:
        """The articles, by every call that shows one, what is kept of them, and the same next month."""
        for _ in range(MONTHS):
            for article in ARTICLES:
                self.visitor.get(f"/v1/articles/{article}")
                self.visitor.navigate(f"/read/{article}")
                self.visitor.get(f"/v1/articles/{article}/key?v=k1.{'A' * 24}&needs=members")
            self.visitor.navigate("/reading")
            # A browser drops cookies of the month by itself; this one does not know the time.
            self.visitor.cookies = {n: v for n, v in self.visitor.cookies.items() if "-m-" not in n}
            harness.pass_time(month_at(harness.now(), harness.newsroom.zone).resets_at - harness.now())


def marks_set(recorder: Recorder) -> Iterator[tuple[str, str]]:
    """(name, value) of every mark that was set."""
    for cookie in recorder.set:
        name, _, value = cookie.partition(";")[0].partition("=")
        if "-m-" in name:
            yield name.removeprefix("__Host-spilno-m-").removesuffix("-8000"), value


def test_two_browsers_that_read_the_same_cannot_be_told_apart(harness: Harness) -> None:
    newsroom(harness, *dict.fromkeys(ARTICLES))
    start = harness.clock.real
    one, two = Recorder("192.0.2.1"), Recorder("198.51.100.77")
    one.reads(harness)
    harness.clock.real = harness.clock.business = start
    two.reads(harness)
    assert len(one.sent) > 30
    assert any("-m-" in cookie for _, cookie in one.sent), "they do send marks"
    assert one.sent == two.sent
    assert one.set == two.set


def test_no_two_articles_and_no_two_months_have_a_word_in_common(harness: Harness) -> None:
    newsroom(harness, *dict.fromkeys(ARTICLES))
    recorder = Recorder("192.0.2.1")
    recorder.reads(harness)
    found = list(marks_set(recorder))
    assert len(found) == 3 * MONTHS, "three articles in each month, each set once"
    words = [word for mark in found for word in mark]
    runs = [{word[start : start + 5] for start in range(len(word) - 4)} for word in words]
    for number, own in enumerate(runs):
        assert not own & set().union(*runs[:number], *runs[number + 1 :])


def test_a_cookie_that_is_a_browsers_own_would_be_found(harness: Harness) -> None:
    """The negative control: what the giving page sets tells browsers apart, for the day of a checkout."""
    newsroom(harness, "a")
    one, two = Recorder("192.0.2.1"), Recorder("192.0.2.1")
    for recorder in (one, two):
        recorder.visitor.navigate("/donate")
        recorder.visitor.get("/v1/articles/a")
    assert one.sent != two.sent
    assert one.set != two.set
