// Idempotency keys, given and made by the client, and what a client does by itself when an answer is lost.
import {client, control, refusal, say} from './client.mjs';

const stripe = client();
const key = {idempotencyKey: 'customer:1'};
const first = await stripe.customers.create({email: 'ada@example.org'}, key);
const again = await stripe.customers.create({email: 'ada@example.org'}, key);
const other = await refusal(() => stripe.customers.create({email: 'ben@example.org'}, key));

// The work is done, the answer is lost; the client asks again with the key that it made up.
const patient = client({maxNetworkRetries: 2});
await control('faults', {path: '/v1/customers', status: 503, times: 2, lost: true, method: 'POST'});
const found = await patient.customers.create({email: 'lost@example.org'});
// Nothing was done.
await control('faults', {path: '/v1/customers', status: 500, times: 1, method: 'POST'});
const later = await patient.customers.create({email: 'later@example.org'});
// What Stripe has kept it repeats, however often it is asked.
await control('faults', {path: '/v1/customers', status: 500, times: 1, after: true, method: 'POST'});
const kept = await refusal(() => patient.customers.create({email: 'kept@example.org'}, {idempotencyKey: 'k'}));

const emails = (await stripe.customers.list({limit: 100})).data.map((one) => one.email);
say({
  same: first.id === again.id,
  replayed: [first, again, found, later].map((one) => one.lastResponse.headers['idempotent-replayed'] ?? null),
  other,
  kept,
  emails,
});
