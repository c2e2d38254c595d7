// Expanding: nested, in lists, what is only there when asked for, and what cannot be.
import {client, given, refusal, say} from './client.mjs';

const stripe = client();
const plain = await stripe.subscriptions.retrieve(given.subscription);
const nested = await stripe.subscriptions.retrieve(given.subscription, {
  expand: ['customer', 'latest_invoice.payments', 'items.data.price.product', 'default_payment_method'],
});
const charges = await stripe.charges.list({limit: 5, expand: ['data.balance_transaction', 'data.payment_intent.customer']});
const session = await stripe.checkout.sessions.retrieve(given.session, {expand: ['line_items', 'invoice']});
const [payment] = nested.latest_invoice.payments.data;

say({
  plain: [typeof plain.customer, typeof plain.latest_invoice],
  nested: [
    nested.customer.object,
    nested.latest_invoice.object,
    nested.latest_invoice.payments.object,
    payment.payment.type,
    nested.items.data[0].price.product.object,
    nested.default_payment_method.object,
  ],
  charges: charges.data.map((one) => [one.balance_transaction.object, one.payment_intent.customer?.object ?? null]),
  session: [session.line_items.data[0].object, session.invoice.object],
  unasked: 'payments' in (await stripe.invoices.retrieve(nested.latest_invoice.id)),
  nonsense: await refusal(() => stripe.subscriptions.retrieve(given.subscription, {expand: ['colour']})),
  deep: await refusal(() =>
    stripe.subscriptions.retrieve(given.subscription, {
      expand: ['latest_invoice.payments.data.payment.payment_intent'],
    }),
  ),
});
