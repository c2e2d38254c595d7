"""What a person sees: the checkout page, the portal and the control page. Plain forms, no JavaScript."""
