"""Checkout sessions as Spilno asks for them."""

from typing import Any

Json = dict[str, Any]


def session_params(mode: str = "payment", amount: int = 500, currency: str = "eur", **more: Any) -> Any:
    """Parameters of a checkout session as Spilno asks for it; `more` replaces or adds."""
    price: Json = {
        "currency": currency,
        "unit_amount": amount,
        "product_data": {"name": "Підтримка «Вістей Надріччя»"},
    }
    params: Json = {
        "mode": mode,
        "success_url": "http://127.0.0.1:9/return?session_id={CHECKOUT_SESSION_ID}",
        "cancel_url": "http://127.0.0.1:9/donate",
        "locale": "en",
        "metadata": {"spilno": "demo"},
        "custom_text": {"submit": {"message": "Дякуємо, що ви з нами."}},
        "line_items": [{"quantity": 1, "price_data": price}],
    }
    if mode == "payment":
        params |= {"submit_type": "donate", "payment_intent_data": {"metadata": {"spilno": "demo"}}}
    else:
        price["recurring"] = {"interval": more.pop("interval", "month")}
        params["subscription_data"] = {"metadata": {"spilno": "demo"}}
    return params | more
