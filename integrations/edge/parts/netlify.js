// The gate at the edge as a Netlify edge function: docs/edge.md. What it does not open goes on to the next function.
import { Buffer } from 'node:buffer';
import { createHmac } from 'node:crypto';

//// core.js
//// web.js

export default async (request) => {
    const told = (name) => Netlify.env.get('SPILNO_' + name);
    return spilnoOpened(request, {
        pass_keys: told('PASS_KEYS'),
        seal_keys: told('SEAL_KEYS'),
        issuer: told('ISSUER'),
        audience: told('AUDIENCE')
    }) || undefined;
};

export const config = { path: ['/support/v1/access', '/support/v1/articles/*/key'] };
