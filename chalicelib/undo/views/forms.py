"""The body of undoing a change."""

from chalicelib.http.forms import Form, Language


class UndoForm(Form):
    """A press of the button; `lang`: the language of our page."""

    lang: Language | None = None
