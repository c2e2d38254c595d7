// Webhooks as a newsroom's own server would take them: an endpoint made by the API, its secret, a signed delivery.
import http from 'node:http';
import {Stripe, client, control, given, refusal, say} from './client.mjs';

const stripe = client();
const letters = [];
let arrived;
const server = http.createServer((request, response) => {
  const parts = [];
  request.on('data', (part) => parts.push(part));
  request.on('end', () => {
    letters.push({body: Buffer.concat(parts), signature: request.headers['stripe-signature']});
    response.writeHead(200).end();
    arrived?.();
  });
});
await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
const url = `http://127.0.0.1:${server.address().port}/hook`;

async function next(cause) {
  const letter = new Promise((resolve) => (arrived = resolve));
  await cause();
  await letter;
  arrived = undefined;
  return letters.at(-1);
}

const endpoint = await stripe.webhookEndpoints.create({url, enabled_events: ['customer.created']});
const {body, signature} = await next(() => stripe.customers.create({email: 'ada@example.org'}));
const read = (text, header, secret, tolerance) => stripe.webhooks.constructEvent(text, header, secret, tolerance);
const event = read(body, signature, endpoint.secret);
const kind = (call) => refusal(call).then((one) => one.type ?? one);

const thin = await next(() => control('event_destinations', {url}));
const notification = stripe.parseEventNotification(thin.body, thin.signature, given.secret);
const destination = await notification.fetchRelatedObject();
const fetched = await notification.fetchEvent();

say({
  event: [event.type, event.data.object.email, event.api_version, event.object],
  version: event.api_version === Stripe.API_VERSION,
  other_secret: await kind(() => read(body, signature, 'whsec_other')),
  other_body: await kind(() => read(body.toString().replace('ada@', 'eve@'), signature, endpoint.secret)),
  no_signature: await kind(() => read(body, '', endpoint.secret)),
  old: await kind(() => read(body, `t=1,${signature.split(',')[1]}`, endpoint.secret)),
  thin: [notification.type, notification.related_object.id === destination.id, destination.object],
  fetched: [fetched.object, fetched.type, fetched.id === notification.id],
  thin_refused: await kind(() => stripe.parseEventNotification(thin.body, thin.signature, 'whsec_other')),
  secret_shown_again: 'secret' in (await stripe.webhookEndpoints.retrieve(endpoint.id)),
});
server.close();
server.closeAllConnections();
