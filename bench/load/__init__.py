"""Load: drives a local stack as readers, a bank and Stripe would, and then looks at the books."""
