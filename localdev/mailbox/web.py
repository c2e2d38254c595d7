"""The mailbox's pages, and its JSON for scripts."""

import re

from flask import Flask, Response, abort, jsonify, render_template, request
from markupsafe import Markup, escape

from localdev.mailbox.box import Box
from localdev.mailbox.collector import Collector

_LINK = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)]")
# A mail is a stranger's text: no script runs, and nothing is loaded from anywhere.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'; form-action 'self'; base-uri 'none'"


def create_app(box: Box, collector: Collector) -> Flask:
    """The WSGI app. Every read fetches first, so a mail that was sent is there."""
    app = Flask(__name__)
    app.add_template_filter(linked)

    @app.get("/messages")
    def messages() -> Response:
        collector.collect()
        return jsonify([mail.as_json() for mail in box.newest_first(request.args.get("to"))])

    @app.get("/")
    def inbox() -> str:
        collector.collect()
        to = request.args.get("to", "").strip()
        return render_template("inbox.html", mails=box.newest_first(to or None, limit=200), to=to)

    @app.get("/mail/<mail_id>")
    def one(mail_id: str) -> str:
        mail = box.get(mail_id)
        if mail is None:
            abort(404)
        # The body is shown in a sandboxed frame without scripts; its links open beside the mailbox.
        body = f'<!doctype html><base target="_blank">{mail.html}' if mail.html else ""
        return render_template("mail.html", mail=mail, body=body)

    @app.errorhandler(404)
    def missing(_error: Exception) -> tuple[str, int]:
        return render_template("missing.html"), 404

    @app.after_request
    def guard(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = _POLICY
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["Cache-Control"] = "no-store"
        return response

    return app


def linked(text: str) -> Markup:
    """Plain text with its addresses made links, everything else escaped."""
    parts: list[Markup] = []
    end = 0
    for found in _LINK.finditer(text):
        parts += [
            escape(text[end : found.start()]),
            Markup('<a href="{0}" target="_blank" rel="noopener">{0}</a>').format(found.group()),
        ]
        end = found.end()
    return Markup("").join([*parts, escape(text[end:])])
