"""How a gift was paid, in words: `Visa ···· 4242`, `Картка`, `Списання SEPA ···· 3000`, `PayPal`."""

from typing import TYPE_CHECKING

from chalicelib.ledger.rules.movements import STRIPE, MethodOfPayment, Movement

if TYPE_CHECKING:
    from chalicelib.i18n.language import Language

# The names that payers know, the same in every language. What is not here has its words in the language's file, or is
# called by the provider's name for it.
_NAMES = {
    "alipay": "Alipay",
    "amazon_pay": "Amazon Pay",
    "bancontact": "Bancontact",
    "blik": "BLIK",
    "cashapp": "Cash App Pay",
    "eps": "EPS",
    "giropay": "giropay",
    "ideal": "iDEAL",
    "klarna": "Klarna",
    "link": "Link",
    "mb_way": "MB WAY",
    "mobilepay": "MobilePay",
    "p24": "Przelewy24",
    "pay_by_bank": "Pay by Bank",
    "paypal": "PayPal",
    "revolut_pay": "Revolut Pay",
    "twint": "TWINT",
    "wechat_pay": "WeChat Pay",
}
_BRANDS = {
    "amex": "American Express",
    "cartes_bancaires": "Cartes Bancaires",
    "diners": "Diners Club",
    "eftpos_au": "eftpos",
    "jcb": "JCB",
    "unionpay": "UnionPay",
}
_NBSP = "\N{NO-BREAK SPACE}"
_CARDS = ("card", "card_present", "interac_present", "kr_card")
_OWN_WORDS = {
    "sepa_debit": "method.sepa",
    "customer_balance": "method.transfer",
    "sepa_credit_transfer": "method.transfer",
}


def method_of(gift: Movement) -> MethodOfPayment | None:
    """The method of a gift; a card where only the provider is known yet, as most gifts are by card."""
    return gift.method or (MethodOfPayment("card") if gift.rail == STRIPE else None)


def method_in_words(method: MethodOfPayment | None, language: "Language") -> str:
    """A method as a receipt says it; empty where none is known."""
    if method is None:
        return ""
    digits = f"{_NBSP}····{_NBSP}{method.last4}" if method.last4 else ""
    return f"{_name(method, language)}{digits}"


def brand_in_words(brand: str) -> str:
    """The name of a card's brand as its holder knows it: `amex` is `American Express`."""
    return _BRANDS.get(brand, _titled(brand))


def _name(method: MethodOfPayment, language: "Language") -> str:
    say = language.texts.say
    if method.kind in _CARDS:
        return brand_in_words(method.brand) if method.brand else say("method.card")
    if method.kind in _OWN_WORDS:
        return say(_OWN_WORDS[method.kind])
    if method.kind in _NAMES:
        return _NAMES[method.kind]
    return say("method.debit") if method.last4 else _titled(method.kind)


def _titled(name: str) -> str:
    """A provider's name for something, written as a name: `revolut_pay` as `Revolut Pay`."""
    return name.replace("_", " ").title()
