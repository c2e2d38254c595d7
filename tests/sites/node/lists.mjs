// Lists, page by page: forwards, backwards, cut short, filtered.
import {client, given, say} from './client.mjs';

const stripe = client();
const emails = [];
for (let place = 0; place < given.count; place++) {
  const email = `reader${String(place).padStart(2, '0')}@example.org`;
  await stripe.customers.create({email});
  emails.push(email);
}

const forwards = [];
for await (const one of stripe.customers.list({limit: 10})) forwards.push(one.email);
const whole = await stripe.customers.list({limit: 100});
const oldest = whole.data.at(-1).id;
const backwards = [];
for await (const one of stripe.customers.list({limit: 4, ending_before: oldest})) backwards.push(one.email);
const page = await stripe.customers.list({limit: 3, starting_after: whole.data[1].id});
const some = await stripe.customers.list({limit: 5}).autoPagingToArray({limit: 7});
const each = [];
await stripe.customers.list({limit: 2}).autoPagingEach((one) => {
  each.push(one.email);
  return each.length < 5; // false ends it
});
const created = [];
for await (const one of stripe.events.list({type: 'customer.created', limit: 9})) created.push(one.data.object.email);

say({
  made: emails,
  forwards,
  backwards,
  page: page.data.map((one) => one.email),
  more: page.has_more,
  url: page.url,
  some: some.map((one) => one.email),
  all: (await stripe.customers.list().autoPagingToArray({limit: 1000})).length,
  each,
  created,
  by_email: (await stripe.customers.list({email: emails[3]})).data.map((one) => one.email),
  later: (await stripe.customers.list({created: {gt: whole.data[0].created}})).data.length,
});
