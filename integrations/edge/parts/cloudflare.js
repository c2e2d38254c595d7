// The gate at the edge as a Cloudflare Worker, with the flag nodejs_compat: docs/edge.md.
import { Buffer } from 'node:buffer';
import { createHmac } from 'node:crypto';

//// core.js
//// web.js

// For a Worker of yours: the answer, or null where the API has to be asked.
export function opened(request, env) {
    return spilnoOpened(request, {
        pass_keys: env.SPILNO_PASS_KEYS,
        seal_keys: env.SPILNO_SEAL_KEYS,
        issuer: env.SPILNO_ISSUER,
        audience: env.SPILNO_AUDIENCE
    });
}

export default {
    async fetch(request, env) {
        return opened(request, env) || fetch(request);
    }
};
