"""python -m localdev.prepare: the table, the bucket, the sender and the demo data; safe to repeat on every start."""

from chalicelib.settings import from_environment
from chalicelib.upgrade import rows as upgrades
from chalicelib.upgrade.steps import STEPS
from localdev import aws
from localdev.ports import data_directory
from localdev.seed import publish_letter, publish_sealed, seed
from localdev.table import create_bucket, create_table, verify_sender
from localdev.wired import install_business_clock


def main() -> None:
    """Make what is missing and say what was made."""
    settings = from_environment()
    assert settings.aws_endpoint
    wired = install_business_clock()
    made = create_table(aws.client("dynamodb", settings.aws_endpoint), settings.table)
    if made:
        upgrades.note(wired.table, STEPS, wired.real_now())
    create_bucket(aws.client("s3", settings.aws_endpoint), settings.bucket)
    verify_sender(aws.client("sesv2", settings.aws_endpoint), wired.newsroom.mail_from)
    articles = seed(wired, aws.client("ssm", settings.aws_endpoint))
    published = data_directory() / "published"
    publish_sealed(wired, published)
    publish_letter(wired, published)
    print(f"Table {settings.table} {'made' if made else 'was there'}; {articles} demo articles put.")  # noqa: T201 - its log


main()
