// Event destinations of API v2: pages that name the next one, and what is only there when asked for.
import {client, control, say} from './client.mjs';

const {eventDestinations} = client().v2.core;
for (const name of ['One', 'Two', 'Three']) await control('event_destinations', {name});
const names = [];
for await (const one of eventDestinations.list({limit: 1})) names.push([one.name, one.event_payload]);
const [first] = (await eventDestinations.list({limit: 1})).data;
const included = await eventDestinations.retrieve(first.id, {include: ['webhook_endpoint.url']});
say({
  names: names.sort(),
  array: (await eventDestinations.list({limit: 2}).autoPagingToArray({limit: 3})).length,
  plain: first.webhook_endpoint,
  included: Object.keys(included.webhook_endpoint),
});
