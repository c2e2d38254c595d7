"""What is left out of the elements' script on its way: nothing that runs."""

import shutil
import subprocess

import pytest

from chalicelib.http.squeeze import squeezed


@pytest.mark.parametrize(
    ("source", "smaller"),
    [
        ("const answer = 1; // why\nf(answer);\n", "const e=1;f(e);"),
        ('say("two  words // no comment");', 'say("two  words // no comment");'),
        ("const a1 = /[/ ]  x/.test(y) ? 6 / 2 : 8 / 4;", "const e=/[/ ]  x/.test(y)?6/2:8/4;"),
        ("return /a b/;", "return/a b/;"),
        ("x = y + ++z - -w;", "x=y+ ++z- -w;"),
        ("const sum = (left, right) => { return left + right; };", "const n=(e,t)=>{return e+t};"),
        ("const word = `a ${b ? `` : c}`;".replace("``", '"d"'), 'const e=`a ${b?"d":c}`;'),
        ("const price = 1; f(`${{ once: price }[k]} } ${price}`);", "const e=1;f(`${{once:e}[k]} } ${e}`);"),
        ("const name = 1; f(x.name, { name: 2 }, { name });", "const e=1;f(x.name,{name:2},{name:e});"),
        ("const { field, low = 1 } = x; f(field, low);", "const{field:e,low:t=1}=x;f(e,t);"),
        ("const rest = 1; class Box { rest() { f(rest); } }", "const rest=1;class e{rest(){f(rest)}}"),
        ("f([one, two,], { a: 1, });", "f([one,two],{a:1});"),
        ("f(window, left);", "f(window,left);"),
        ("const a = `one\ntwo`;", "const e=`onetwo`;"),
    ],
)
def test_what_stays_and_what_goes(source: str, smaller: str) -> None:
    assert squeezed(source).replace("\n", "") == smaller


def test_it_never_makes_two_signs_one() -> None:
    assert squeezed("a + +b; a - --b; a++ + b;") == "a+ +b;a- --b;a++ +b;"


def test_a_program_does_the_same_afterwards() -> None:
    """Where there is an interpreter; a browser runs the elements' own sources in every test of theirs."""
    node = shutil.which("node")
    if not node:
        pytest.skip("There is no Node.js on this machine.")
    program = r"""
    const count = (words) => {
      const found = new Map();
      for (const [, word] of words.matchAll(/(\w+)(?: |$)/g)) found.set(word, (found.get(word) || 0) + 1);
      return [...found].map(([word, times]) => ({ word, times, text: `${word}: ${times > 1 ? "often" : "once"}` }));
    };
    class Shape { static kinds = ["round", "flat",]; get kind() { return Shape.kinds[+ +this.index]; } }
    const shape = Object.assign(new Shape(), { index: 1 });
    const { kind, missing = 4 / 2 / 1 } = shape;
    console.log(JSON.stringify([count("a b a"), kind, missing, shape.kind.replace(/[/"`a]/, "'")]));
    """
    runs = [
        subprocess.run([node, "-e", text], capture_output=True, check=True) for text in (program, squeezed(program))
    ]
    assert runs[0].stdout == runs[1].stdout != b""
    assert len(squeezed(program)) < len(program) * 0.7
