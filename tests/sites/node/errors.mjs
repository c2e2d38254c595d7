// Each class of error that the package knows, where the stand-in can give it.
import {client, control, given, refusal, say} from './client.mjs';

const stripe = client();
const v2 = stripe.v2.core.eventDestinations;
const found = {
  parameter: await refusal(() => stripe.checkout.sessions.create({mode: 'payment', colour: 'red'})),
  missing: await refusal(() => stripe.customers.retrieve('cus_nobody')),
  unplayed: await refusal(() => stripe.customers.search({query: "email:'a@example.org'"})),
  key: await refusal(() => client({}, 'sk_test_somebodyElses').customers.list()),
  account: await refusal(() => stripe.customers.list({}, {stripeAccount: 'acct_1SomebodyElse'})),
  // The change is to happen only if its payment does, and the card is refused.
  card: await refusal(() =>
    stripe.subscriptions.update(given.subscription, {
      items: [{id: given.item, price_data: given.price_data}],
      proration_behavior: 'always_invoice',
      payment_behavior: 'error_if_incomplete',
    }),
  ),
  address: await refusal(() => stripe.payouts.list()),
  v2_missing: await refusal(() => v2.retrieve('ed_nobody')),
  v2_account: await refusal(() => v2.list({}, {stripeAccount: 'acct_1SomebodyElse'})),
  v2_field: await refusal(() => v2.list({limit: 0})),
};
await stripe.customers.create({}, {idempotencyKey: 'e'});
found.idempotency = await refusal(() => stripe.customers.create({name: 'Ada'}, {idempotencyKey: 'e'}));
for (const status of [429, 500, 503]) {
  await control('faults', {path: '/v1/events', status, times: 1});
  found[status] = await refusal(() => stripe.events.list());
}
await control('rate-limit', {per_second: 1});
await refusal(() => stripe.events.list());
found.limit = await refusal(() => stripe.events.list());
await control('rate-limit', {per_second: 0});
found.connection = await refusal(() => client({port: given.nobody}).customers.list());
found.still = (await stripe.events.list({limit: 1})).data.length;
say(found);
