// What the scripts share: Stripe's own package, a client for the stand-in, and what a refused call says.
import path from 'node:path';
import {pathToFileURL} from 'node:url';

const file = path.resolve(process.env.STRIPE_NODE, 'stripe/esm/stripe.esm.node.js');
export const {default: Stripe} = await import(pathToFileURL(file));
export const given = JSON.parse(process.env.GIVEN);
const {hostname, port} = new URL(given.url);

export const client = (options = {}, key = given.key) =>
  new Stripe(key, {host: hostname, port, protocol: 'http', maxNetworkRetries: 0, telemetry: false, ...options});

// A control call of the stand-in.
export async function control(name, body = {}) {
  const answer = await fetch(`${given.url}/_control/${name}`, {method: 'POST', body: JSON.stringify(body)});
  if (!answer.ok) throw new Error(await answer.text());
  return answer.json();
}

// Which class of error a call ends with, and what the class says of it.
export async function refusal(call) {
  try {
    return {answered: await call()};
  } catch (error) {
    const {type, code, param, statusCode, rawType} = error;
    return {class: error.constructor.name, type, code, param, status: statusCode, raw: rawType};
  }
}

export const say = (found) => console.log(JSON.stringify(found));
