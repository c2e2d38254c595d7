"""Turns a body or a query into a checked value, and a mistake in it into a sentence.

Bodies are strict: a number is a number, and an unknown field is refused. Urlencoded fields and query parameters are
always text and are read as such; a reader's query may hold more than we know.
"""

import json
from typing import Annotated, Any, ClassVar, NoReturn, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    StringConstraints,
    ValidationError,
    WithJsonSchema,
)

from chalicelib.http.call import Call
from chalicelib.i18n.texts import LANGUAGES
from chalicelib.kernel import email_address
from chalicelib.kernel.email_address import EmailAddress
from chalicelib.kernel.errors import BadInput
from chalicelib.kernel.ids import IDENTIFIER
from chalicelib.kernel.languages import understood


def one_line(text: str) -> str:
    """Return the text, if it holds no control character.

    :raises ValueError: it holds one.
    """
    if any(character < " " or character == "\x7f" for character in text):
        raise ValueError("control characters")
    return text


Line = Annotated[str, AfterValidator(one_line)]
Identifier = Annotated[str, StringConstraints(pattern=rf"^{IDENTIFIER.pattern}$")]
# The address of a page that a reader came from or goes on to: `kernel/urls.py` says what of it is used.
Place = Annotated[str, WithJsonSchema({"type": "string", "format": "uri-reference"})]
Address = Annotated[Line, StringConstraints(min_length=1, max_length=500)]


def _address(value: object) -> object:
    meant = email_address.usable(value) if isinstance(value, str) else None
    if meant is None:
        raise ValueError("no e-mail address")
    return meant


# Read as people type and paste it; the field then holds the address in the one form that is stored.
Email = Annotated[EmailAddress, BeforeValidator(_address), WithJsonSchema({"type": "string", "format": "idn-email"})]


def _ticked(value: object) -> object:
    return value if isinstance(value, bool) else value in ("true", "on", "1")


# A page's checkbox sends a word when it is ticked, else nothing.
Tick = Annotated[bool, BeforeValidator(_ticked)]


def _language(value: object) -> object:
    return understood(one_line(value), LANGUAGES) if isinstance(value, str) else value


# A language that we do not know is no error: it counts as none.
Language = Annotated[
    str | None, BeforeValidator(_language), WithJsonSchema({"type": "string", "examples": ["uk", "en"]})
]


class Form(BaseModel):
    """The base class of bodies and queries: strict types, unknown fields are refused."""

    # Built when it is first read with: a call reads one
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, defer_build=True)


class Query(Form):
    """The base class of query parameters: unknown ones are ignored, as mails, ads and payment pages add their own."""

    model_config = ConfigDict(extra="ignore")


class StrictQuery(Form):
    """The base class of the query of a newsroom's own system: unknown, doubled and empty parameters are refused.

    A mistyped `orgin` of a call that deletes must not count as none. Where `mistakable` says for which names others
    might be meant, unknown ones that are like none of them are left alone, as clients add their own against caches.
    """

    mistakable: ClassVar[tuple[str, ...]] = ()


FormType = TypeVar("FormType", bound=Form)

# field -> (code, sentence); what is not listed gets the general words.
_WORDS = {
    "amount": ("bad_amount", "The amount must be a whole number in the currency's minor unit, such as 500 for 5.00."),
    "currency": ("unknown_currency", "We cannot take this currency."),
    "interval": ("unknown_interval", "The interval is one of: once, month, year."),
    "attempt": ("bad_attempt", "The attempt is 16 to 64 random letters, digits, - or _."),
    "campaign": ("unknown_campaign", "We do not know this campaign."),
    "source": ("bad_source", "This address is not on the newsroom's website."),
    "return_to": ("bad_return_to", "This address is not on the newsroom's website."),
    "email": ("bad_email", "This does not look like an email address."),
    "code": ("wrong_code", "The code has eight letters and digits, such as 7K2M-9QXD."),
    "token": ("wrong_code", "This link is not complete. Please copy it whole."),
    "part": ("bad_part", "We know no such part. Take the one that 'next' names."),
    "sure": ("missing_field", "Please tick the box first."),
    "needs": ("bad_needs", "Ask for 'members' or 'tier:<name>'."),
    "months": ("bad_months", "You can pause for one, two or three payments."),
    "reason": ("unknown_reason", "This reason is not on the list."),
    "comment": ("bad_comment", "A comment may have at most 500 characters."),
    "when": ("bad_when", "Choose today or a later day, such as 2027-01-31."),
    "name": ("too_long", "A name has at most 100 characters."),
    "access": ("bad_access", "Access is one of: open, metered, members, tier:<name>."),
    "after": ("bad_cursor", "This is not where a page begins. Take `next` of the page before."),
    "origin": ("bad_origin", "An origin has 1 to 32 of a-z, 0-9 and -."),
    "take_over": ("bad_input", "Write take_over=true or take_over=false."),
    "author": ("bad_input", "An author is a text."),
    "section": ("bad_input", "A section is a text."),
    "tags": ("bad_input", "Tags are a list of texts."),
    "revision": ("bad_input", "A revision is one line of at most 64 characters."),
}


def read_body(call: Call, model: type[FormType]) -> FormType:
    """The body as this model, JSON or urlencoded.

    :raises BadInput: with the field's name and a sentence; nothing else, whatever was sent.
    """
    try:
        if call.is_form:
            return model.model_validate_strings(call.form_fields())
        return model.model_validate(read_json(call.body))
    except ValidationError as error:
        _refuse(error)


def read_query(call: Call, model: type[FormType]) -> FormType:
    """The query parameters as this model.

    :raises BadInput: with the parameter's name.
    """
    given = {name: value for name, value in call.query.items() if value}
    if issubclass(model, StrictQuery):
        given = {name: value for name, value in call.query.items() if _is_meant(name, model.mistakable)}
        if doubled := [name for name in call.doubled if name in given]:
            shown = _as_ours(doubled[0])
            raise BadInput(f"The address names '{shown}' twice.", field=shown)
    try:
        return model.model_validate_strings(given)
    except ValidationError as error:
        _refuse(error)


def _is_meant(name: str, mistakable: tuple[str, ...]) -> bool:
    """Whether a parameter is one of these names, or one of them mistyped; with none, whether it is anything."""
    from difflib import get_close_matches  # few calls need it

    return not mistakable or bool(get_close_matches(name[:64].lower(), mistakable, n=1, cutoff=0.75))


def read_json(body: bytes) -> Any:
    """A JSON text, UTF-8, without NaN and Infinity.

    :raises BadInput: `bad_json` or `bad_encoding`.
    """
    try:
        value = json.loads(
            body.decode("utf-8") or "{}", parse_constant=_no_such_number, object_pairs_hook=_each_name_once
        )
        if b"\\u" in body:
            # `\ud800` alone is JSON, but half a character: the table could not store it, nor a page show it.
            json.dumps(value, ensure_ascii=False).encode("utf-8")
    except UnicodeError:
        raise BadInput("The body is not UTF-8.", code="bad_encoding") from None
    except (ValueError, RecursionError):
        raise BadInput("The body is not JSON that we can read.", code="bad_json") from None
    return value


def _each_name_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object from its pairs; a name given twice is refused, as parsers differ in which of the two counts."""
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise ValueError("a name twice")
    return fields


def _no_such_number(name: str) -> NoReturn:
    raise ValueError(name)


def _as_ours(name: str) -> str:
    """A field's name that came from a stranger: shown only as far as it could be one of ours."""
    return name if len(name) <= 64 and name.isidentifier() else "?"  # noqa: PLR2004 - longer than any of ours


def _refuse(error: ValidationError) -> NoReturn:
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    field = str(first["loc"][0]) if first["loc"] else ""
    if first["type"] == "extra_forbidden":
        shown = _as_ours(field)
        raise BadInput(f"We do not know the field '{shown}'.", code="unknown_field", field=shown) from None
    if not field:
        raise BadInput("The body must be a JSON object.", code="bad_json") from None
    if first["type"] == "missing":
        raise BadInput(f"The field '{field}' is missing.", code="missing_field", field=field) from None
    code, sentence = _WORDS.get(field, ("bad_input", f"The field '{field}' is not what it must be."))
    raise BadInput(sentence, code=code, field=field) from None
