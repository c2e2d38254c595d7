"""Put the right address in the place of a mistyped one, once its owner has passed on the code they were mailed.

The former address is told, with a link that undoes it, if anybody ever signed in with it: whoever misled the newsroom
would have taken that account. One that nobody ever signed in with was mistyped; a stranger may read it, and is told
nothing.
"""

import getpass
import hmac

from chalicelib.account.actions.ask_correction import code_hash
from chalicelib.account.actions.change_address import Corrected, NewAddress, change_address, over
from chalicelib.account.actions.find_supporter import whom
from chalicelib.account.rows import corrections
from chalicelib.account.rows.corrections import Correction
from chalicelib.kernel import email_address
from chalicelib.kernel.email_address import EmailAddress
from chalicelib.kernel.errors import BadInput
from chalicelib.kernel.ids import SupporterId
from chalicelib.kernel.moments import BusinessTime, RealTime
from chalicelib.kernel.table import Table
from chalicelib.mail.rows import proven
from chalicelib.signing_in.rules import typed_code
from chalicelib.supporters.rows import supporters

TAG = "supporter:address:corrected"


def correct_address(
    table: Table,
    named: str,
    new: str,
    code: str,
    *,
    email_key: str,
    now: BusinessTime,
    real_now: RealTime,
    by: str | None = None,
) -> Corrected:
    """Make `new` the address of the supporter whom `named` names, by address or identifier.

    :param by: who decided; None: whoever runs the command.
    :raises NotFound: `unknown_supporter`.
    :raises BadInput: `bad_email`, `wrong_code`.
    :raises Gone: `code_expired`: used, too old, guessed too often, never asked for, or their address changed since.
    :raises Conflict: `address_in_use`; `busy`: others kept changing this supporter; nothing was done.
    """
    supporter, profile = whom(table, named, email_key)
    email = email_address.read(new)
    asked = _proven(table, supporter, email, code, email_key, real_now)
    wanted = NewAddress(
        supporter=supporter,
        email=email,
        asked=asked,
        used_at=real_now,
        tag=TAG,
        by=by or getpass.getuser(),
        undoable=profile.proven_at is not None or bool(proven.places(table, asked.was, real_now)),
    )
    return change_address(table, wanted, email_key=email_key, now=now)


def _proven(
    table: Table, supporter: SupporterId, email: EmailAddress, typed: str, email_key: str, real_now: RealTime
) -> Correction:
    """The correction that this code proves. A guess is counted before it is compared; what is no code costs none."""
    hashed, code = supporters.email_hash(email, email_key), typed_code.plain_code(typed)
    if code is None:
        raise wrong()
    asked = corrections.count_guess(table, supporter, hashed, real_now)
    if asked is None:
        raise over()
    if not hmac.compare_digest(asked.code, code_hash(code, supporter, hashed, email_key)):
        raise wrong()
    return asked


def wrong() -> BadInput:
    """The refusal of a code that is not the one that was mailed."""
    return BadInput("The code does not match. Please check it.", code="wrong_code", field="code")
