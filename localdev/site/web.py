"""The demo news site itself: a front page and article pages in two languages, and one script, Spilno's.

What is gated never reaches these pages: templates are given the teaser of such an article and nothing more.
"""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import requests
from flask import Flask, Response, abort, redirect, render_template, request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as BaseResponse

from chalicelib.articles.rules.structured_data import script_text, structured_data
from chalicelib.i18n.texts import unbroken
from chalicelib.kernel.law import labels_in
from localdev.ports import HOST
from localdev.site import words
from localdev.site.address import api_address
from localdev.site.content import PublicArticle, letter_gift, listed, sealed_copy, site_origin
from localdev.site.elements import page as elements
from localdev.site.elements import states

PREVIEWS = ("stranger", "supporter", "thanks")
LATEST_PER_SECTION = 3


def make_app() -> Flask:
    """The WSGI app, reading its addresses from the environment."""
    app = Flask(__name__)
    app.jinja_env.filters["unbroken"] = unbroken
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.add_url_rule("/", "front", _front, defaults={"lang": "uk"})
    app.add_url_rule("/en/", "front", _front, defaults={"lang": "en"})
    app.add_url_rule("/articles/<article_id>", "article", _article, defaults={"lang": "uk"})
    app.add_url_rule("/en/articles/<article_id>", "article", _article, defaults={"lang": "en"})
    app.add_url_rule("/letter", "letter", _letter, defaults={"lang": "uk"})
    app.add_url_rule("/en/letter", "letter", _letter, defaults={"lang": "en"})
    app.add_url_rule("/sealed/<article_id>", "sealed", _sealed)
    app.add_url_rule("/robots.txt", "robots", _robots)
    app.add_url_rule("/elements", "elements", _elements, defaults={"lang": "uk"})
    app.add_url_rule("/en/elements", "elements", _elements, defaults={"lang": "en"})
    app.register_blueprint(states.blueprint)
    app.before_request(_one_name)
    app.after_request(_headers)
    app.register_error_handler(HTTPException, _missing)
    return app


def _front(lang: str) -> str:
    here = [one for one in listed() if one.lang == lang]
    first = next(one for one in here if one.id.startswith("demo-members"))
    return _page(
        "front.html",
        lang,
        path=_front_path(lang),
        other_path=_front_path(words.WORDS[lang]["other_lang_code"]),
        first=first,
        latest=[one for one in here if one is not first][:5],
        by_section=_by_section(here, {first.id}, limit=None),
    )


def _article(lang: str, article_id: str) -> str:
    everything = listed()
    here = [one for one in everything if one.lang == lang]
    article = next((one for one in here if one.id == article_id), None)
    if article is None:
        abort(404)
    preview = request.args.get("preview", "")
    twin = next((one for one in everything if one.id == article.twin), None)
    return _page(
        "article.html",
        lang,
        path=urlsplit(article.url).path,
        other_path=urlsplit(twin.url).path if twin else _front_path(words.WORDS[lang]["other_lang_code"]),
        article=article,
        visible_html=article.visible_html,
        about=_about(article, lang),
        preview=preview if preview in PREVIEWS else None,
        by_section=_by_section(here, {article.id}, limit=LATEST_PER_SECTION),
    )


def _about(article: PublicArticle, lang: str) -> str:
    about = structured_data(
        headline=article.title,
        url=article.url,
        publisher=words.WORDS[lang]["name"],
        free=not article.gated,
        author=article.byline,
        section=words.WORDS[lang]["sections"][article.section],
    )
    return script_text(about)


def _letter(lang: str) -> str:
    gift = letter_gift(lang)
    given = next((one for one in listed() if gift and one.id == gift.article), None)
    other = words.WORDS[lang]["other_lang_code"]
    path, other_path = (f"{_front_path(one)}letter" for one in (lang, other))
    return _page("letter.html", lang, path=path, other_path=other_path, given=given, gift=gift)


def _sealed(article_id: str) -> Response:
    text = sealed_copy(article_id)
    if text is None:
        abort(404)
    return Response(text, content_type="text/plain; charset=utf-8")


def _robots() -> Response:
    """What the API has for a website's robots.txt, as any website may ask for it."""
    told = requests.get(f"{api_address()}/v1/machines", timeout=10).json()
    return Response(told["robots_txt"], content_type="text/plain; charset=utf-8")


def _elements(lang: str) -> str:
    other = words.WORDS[lang]["other_lang_code"]
    path, other_path = (f"{_front_path(one)}elements" for one in (lang, other))
    return _page("elements.html", lang, path=path, other_path=other_path, **elements.values(lang))


def _missing(error: HTTPException) -> tuple[str, int] | HTTPException:
    if error.code != 404:  # noqa: PLR2004 - the one status that a reader meets here
        return error
    lang = "en" if request.path.startswith("/en/") else "uk"
    other = words.WORDS[lang]["other_lang_code"]
    return _page("missing.html", lang, path=request.path, other_path=_front_path(other)), 404


def _page(template: str, lang: str, *, path: str, **values: Any) -> str:
    now = datetime.now(UTC)
    return render_template(
        template,
        lang=lang,
        words=words.WORDS[lang],
        ways_out=labels_in(lang).entry.items(),
        api=api_address(),
        front_path=_front_path(lang),
        canonical=site_origin() + path,
        long_date=words.long_date(now, lang),
        sections=[one for one in words.SECTIONS if any(a.section == one and a.lang == lang for a in listed())],
        when=lambda moment: words.date_and_time(moment, lang, now),
        path_of=lambda one: urlsplit(one.url).path,
        **values,
    )


def _front_path(lang: str) -> str:
    return "/" if lang == "uk" else f"/{lang}/"


def _by_section(
    here: list[PublicArticle], without: set[str], limit: int | None
) -> list[tuple[str, list[PublicArticle]]]:
    sections = (
        (section, [one for one in here if one.section == section and one.id not in without][:limit])
        for section in words.SECTIONS
    )
    return [(section, found) for section, found in sections if found]


def _one_name() -> BaseResponse | None:
    """Cookies of 127.0.0.1 do not reach `localhost`, so the site has one name."""
    parts = urlsplit(request.url)
    if parts.hostname != "localhost":
        return None
    port = f":{parts.port}" if parts.port else ""
    return redirect(parts._replace(netloc=f"{HOST}{port}").geturl(), code=307)


def _headers(answer: Response) -> Response:
    api = urlsplit(api_address())
    origin = f"{api.scheme}://{api.netloc}"
    answer.headers["Cache-Control"] = "no-cache"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    # As strict as a careful newsroom would have it: the elements need no more than this. Copies of sealed files lie
    # here, and the page of all the elements' states asks this site, which answers there as the API does.
    own = " 'self'" if request.endpoint in ("article", "elements") else ""
    if request.endpoint == "elements":
        states.leave_hint(answer)
    answer.headers["Content-Security-Policy"] = (
        f"default-src 'none'; script-src {origin}; connect-src {origin}{own}; style-src 'self'; "
        "img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    return answer
