"""Cookies as browsers and others send them, and what of them the website's own server may see."""

from typing import NamedTuple

SESSION, PASS, CHECKOUT = (
    "__Host-spilno-session=s.3f~1",
    "__Host-spilno-pass=p.p.p",
    "__Host-spilno-checkout=a~cs_1~cs_2",
)


class Case(NamedTuple):
    """One Cookie header, and what is left of it; "" is no header at all."""

    sent: str
    left: str


CASES = {
    "first": Case(f"{SESSION}; wp=2; b=3", "wp=2; b=3"),
    "last": Case(f"wp=2; b=3; {PASS}", "wp=2; b=3"),
    "between": Case(f"wp=2; {PASS}; b=3", "wp=2; b=3"),
    "only": Case(SESSION, ""),
    "several and nothing else": Case(f"{SESSION}; {PASS}; spilno-ask=1", ""),
    "several side by side": Case(f"a=1; {SESSION}; {PASS}; spilno-ask=1; b=2", "a=1; b=2"),
    "several apart": Case(
        f"{SESSION}; a=1; {PASS}; b=2; {CHECKOUT}; c=3; __Host-spilno-pending=x; d=4; spilno-ask=1",
        "a=1; b=2; c=3; d=4",
    ),
    "all of ours between others": Case(
        f"a=1; {SESSION}; b=2; {PASS}; c=3; {CHECKOUT}; d=4; __Host-spilno-pending=x; e=5;"
        " __Host-spilno-known=k; f=6; spilno-ask=1; g=7; spilno-asked=1; h=8",
        "a=1; b=2; c=3; d=4; e=5; f=6; g=7; h=8",
    ),
    "one of ours twice": Case(f"{SESSION}; a=1; __Host-spilno-session=other", "a=1"),
    "with a port": Case("a=1; __Host-spilno-pass-8000=p; b=2", "a=1; b=2"),
    "none": Case("wp=2; b=3", "wp=2; b=3"),
    "not one cookie": Case("", ""),
    "names that only look like ours": Case(
        "__Host-spilnox=1; my__Host-spilno-a=2; xspilno-b=3; spilno=4; __Secure-spilno-a=5; spilno_a=6",
        "__Host-spilnox=1; my__Host-spilno-a=2; xspilno-b=3; spilno=4; __Secure-spilno-a=5; spilno_a=6",
    ),
    "in other letters": Case(
        "__host-spilno-a=1; Spilno-b=2; __Host-Spilno-c=3", "__host-spilno-a=1; Spilno-b=2; __Host-Spilno-c=3"
    ),
    "ours within a value": Case(
        "a=spilno-b; c=__Host-spilno-session=x; d=2", "a=spilno-b; c=__Host-spilno-session=x; d=2"
    ),
    "without a space": Case(f"a=1;{SESSION};b=2", "a=1;b=2"),
    "without a space, first": Case(f"{SESSION};b=2", "b=2"),
    "with tabs and spaces before the name": Case(f"a=1; \t {SESSION};\t{PASS}; b=2", "a=1; b=2"),
    "with a space behind the name": Case("a=1; __Host-spilno-session =s; b=2", "a=1; b=2"),
    "without a value": Case("a=1; __Host-spilno-session=; spilno-ask; b=2", "a=1; b=2"),
    "in quotes": Case('a="x y"; __Host-spilno-session="s 1"; b="2"', 'a="x y"; b="2"'),
    "a semicolon in quotes": Case('a="x; __Host-spilno-session=s; b=2"', 'a="x; b=2"'),
    "with equals signs": Case("a=b==; __Host-spilno-session=c2Vz==; d=e=f", "a=b==; d=e=f"),
    "odd bytes of others": Case(
        f'a=%D0%B0; b={{"c":[1,2]}}; {SESSION}; d=\xe9\xa0; e=1,2, 3', 'a=%D0%B0; b={"c":[1,2]}; d=\xe9\xa0; e=1,2, 3'
    ),
    # A name of its own to browsers: whoever set it put their own value into it.
    "behind a space that is none": Case("a=1; \xa0__Host-spilno-session=s", "a=1; \xa0__Host-spilno-session=s"),
    "in the order in which they came": Case(f"z=1; 10=2; {PASS}; a=3; 9=4", "z=1; 10=2; a=3; 9=4"),
}
