"""What each function may do: the whole of it, in one table.

Every resource is exact: this table or its index, these parameters, this sender, this function's own log. There is no
`*`. tests/template/test_needed_actions.py derives from the code what each function can call, and fails for what is
missing here and for what nothing uses. Roles cost nothing.

The parameters are encrypted under the account's own key for the parameter store (`alias/aws/ssm`). Its policy lets
everybody in the account decrypt through the parameter store what they may read there, so no permission on a key is
needed here.
"""

from typing import Any, NamedTuple

from chalicelib.settings import SECRETS
from infra.template import mail, table
from infra.template.cfn import Resources, attribute, resource, tags, text


class May(NamedTuple):
    """One function's needs: actions on the table and on the index, secrets by name, whether it sends mail.

    `buries`: it writes the tombstones of erased supporters into the bucket, and reads nothing there.
    """

    on_table: tuple[str, ...]
    secrets: tuple[str, ...]
    on_index: tuple[str, ...] = ()
    mails: bool = True
    buries: bool = False


# A transaction needs the actions of its parts; there is no action of its own. Nobody may Scan or ConditionCheckItem:
# only `ops rebuild` does, with the operator's permissions.
_WORK = ("GetItem", "PutItem", "UpdateItem")
# To ask Stripe, and to find supporters. Only what comes in over HTTP needs to know Stripe and the proxy again.
_BOOKING = ("STRIPE_SECRET_KEY", "SPILNO_EMAIL_KEY")
FUNCTIONS = {
    # Signing out and taking an article away delete; a supporter's own page lists their gifts.
    # Everything about one supporter is found by the index, too, for their export.
    "APIHandler": May((*_WORK, "DeleteItem", "Query"), SECRETS, on_index=("Query",)),
    # What is due is found by the index; whoever leaves is looked up with all that they gave.
    "Sweep": May((*_WORK, "Query"), _BOOKING, on_index=("Query",)),
    "ReconcileUndelivered": May(_WORK, _BOOKING),
    "ReconcileEvents": May(_WORK, _BOOKING),
    # Reads the ledger by its hours, and everybody's recurring gifts.
    "ReconcileMoney": May((*_WORK, "Query"), _BOOKING, on_index=("Query",)),
    # Reads the ledger by month, and writes one row.
    "CountSupporters": May(("GetItem", "PutItem", "Query"), (), on_index=("Query",), mails=False),
    # Finds by the index who is to be written to, asks Stripe, and writes to the outbox; the sweep sends. The ledger
    # says whether a reminder is of use; it is deleted with its mail.
    "DailyMails": May((*_WORK, "DeleteItem", "Query"), _BOOKING, on_index=("Query",), mails=False),
    # Finds all of one supporter's rows, and takes them away.
    "Erase": May((*_WORK, "DeleteItem", "Query"), _BOOKING, on_index=("Query",), buries=True),
    "MailFeedback": May(("GetItem", "UpdateItem"), ("SPILNO_EMAIL_KEY",), mails=False),
}


# An object for each erased supporter, in the bucket that packages are uploaded to: `chalicelib/privacy/rows`.
def tombstones_arn(stage: str) -> dict[str, Any]:
    """Where they lie: stages may share a bucket, and each has a part of its own."""
    return text(f"arn:${{AWS::Partition}}:s3:::${{Bucket}}/{stage}/erased/*")


BUCKET_ARN = text("arn:${AWS::Partition}:s3:::${Bucket}")


class FunctionUnknown(Exception):
    """A function that nobody has said anything about."""


def role(function: str, stage: str) -> Resources:
    """The role of one function.

    :raises FunctionUnknown: it is not in the table above.
    """
    if function not in FUNCTIONS:
        raise FunctionUnknown(f"Say in infra/template/permissions.py what the function {function} may do.")
    document = {"Version": "2012-10-17", "Statement": statements(function, stage)}
    properties = {
        "AssumeRolePolicyDocument": {
            "Version": "2012-10-17",
            "Statement": [
                {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
            ],
        },
        "Policies": [{"PolicyName": f"{function}Policy", "PolicyDocument": document}],
        "Tags": tags(stage),
    }
    return {f"{function}Role": resource("AWS::IAM::Role", properties)}


def statements(function: str, stage: str) -> list[dict[str, Any]]:
    """The statements of one function's policy."""
    may = FUNCTIONS[function]
    found = [
        # The group exists already, so nobody needs to create one. Its Arn ends in `:*`: the streams within it.
        _allow("OwnLog", {"logs:CreateLogStream", "logs:PutLogEvents"}, attribute(f"{function}Logs", "Arn")),
        _allow("Table", {f"dynamodb:{action}" for action in may.on_table}, table.ARN),
    ]
    if may.on_index:
        found.append(_allow("Index", {f"dynamodb:{action}" for action in may.on_index}, table.INDEX_ARN))
    if may.secrets:
        # The code asks for what it uses in one call, and AWS refuses the whole call if one is not allowed.
        found.append(_allow("Secrets", {"ssm:GetParameters"}, *(parameter_arn(stage, name) for name in may.secrets)))
    if may.mails:
        # For a message that comes whole (with its headers) SES asks for SendRawEmail, whatever the call is named.
        found.append(_allow("Mail", {"ses:SendEmail", "ses:SendRawEmail"}, mail.IDENTITY_ARN, mail.set_arn(stage)))
    if may.buries:
        found.append(_allow("Tombstones", {"s3:PutObject"}, tombstones_arn(stage)))
    return found


def parameter_arn(stage: str, name: str) -> dict[str, Any]:
    """The Arn of one secret in the parameter store."""
    return text(f"arn:${{AWS::Partition}}:ssm:${{AWS::Region}}:${{AWS::AccountId}}:parameter/spilno/{stage}/{name}")


def _allow(sid: str, actions: set[str], *resources: Any) -> dict[str, Any]:
    return {"Sid": sid, "Effect": "Allow", "Action": sorted(actions), "Resource": list(resources)}
