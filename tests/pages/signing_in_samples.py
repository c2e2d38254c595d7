"""The pages of signing in and of undoing, one of each state."""

from collections.abc import Callable, Mapping

from chalicelib.http.pages import Page
from chalicelib.signing_in.views.pages import ConfirmLinkPage, ConfirmState, EnterCodePage, FromMailPage, SignInPage
from chalicelib.undo.views.pages import UndoPage


def signing_in_pages(back: str, sentence: Callable[[int, str], str]) -> Mapping[str, Page]:
    """One of each, by a name for it. `sentence`: a refusal in the page's language, by status and code."""
    return {
        "sign-in": SignInPage(return_to=back),
        "sign-in-problem": SignInPage("maria@", problem=sentence(400, "bad_email")),
        "sign-in-again": SignInPage(return_to=back, signed_in_as="maria@example.org", again=True),
        "from-mail": FromMailPage("maria.0", return_to=back),
        "from-mail-other": FromMailPage("maria.0", return_to=back, other=True, problem=sentence(429, "other")),
        "undo": UndoPage("maria.one.0", "address"),
        "undo-done": UndoPage("maria.one.0", "address", done=True),
        "enter-code": EnterCodePage(return_to=back),
        "enter-code-problem": EnterCodePage(
            sent_to="m…@example.org",
            remember=False,
            problem=sentence(400, "wrong_code"),
        ),
        "enter-code-over": EnterCodePage(
            sent_to="m…@example.org",
            return_to=back,
            code_over=True,
            problem=sentence(410, "code_expired"),
        ),
        "enter-code-sent-again": EnterCodePage(sent_to="m…@example.org", return_to=back, sent_again=True),
        "enter-code-elsewhere": EnterCodePage(return_to=back, asked_here=False),
        "confirm-ended-here": ConfirmLinkPage("", ConfirmState.ENDED, back, sent_to="m…@example.org"),
        **{f"confirm-{one.value}": ConfirmLinkPage("token-1", one, back) for one in ConfirmState},
    }
