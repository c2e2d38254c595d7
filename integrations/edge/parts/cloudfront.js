// The gate at the edge as a CloudFront function (viewer request, runtime cloudfront-js-2.0): docs/edge.md.
// Its KeyValueStore holds pass_keys, seal_keys, issuer and audience. Without them everything goes on to the API.
import cf from 'cloudfront';

var crypto = require('crypto');
var store = null;
try {
    store = cf.kvs();
} catch (error) {
    store = null; // none is associated: everything goes on
}

//// core.js

async function handler(event) {
    var request = event.request;
    // The template puts strip_prefix.js before this, as a behaviour can have one function only.
    if (typeof stripPrefix === 'function') {
        request = stripPrefix(event);
        if (request.statusCode) {
            return request;
        }
    }
    try {
        var answer = await spilnoAnswered(request);
        return answer || request;
    } catch (error) {
        return request; // no store, or nothing in it
    }
}

async function spilnoAnswered(request) {
    var path = request.uri, stripped = typeof stripPrefix === 'function';
    var asked = {
        method: request.method,
        path: stripped ? path : path.slice(Math.max(0, path.indexOf('/v1/'))),
        query: spilnoJoined(request.querystring, '&'),
        headers: spilnoListed(request.headers)
    };
    // CloudFront shows cookies here, and not among the headers.
    if (Object.keys(request.cookies || {}).length) {
        asked.headers = asked.headers.filter(function (header) { return header[0] !== 'cookie'; });
        asked.headers.push(['cookie', spilnoJoined(request.cookies, ';')]);
    }
    // Each read of the store costs a third of a call: none is made for who brings no pass.
    if (!spilnoMayOpen(asked)) {
        return null;
    }
    var told = {};
    if (stripped) {
        // The template knows both, so they are written into the function instead.
        told.issuer = SPILNO_ISSUER;
        told.audience = SPILNO_AUDIENCE;
    } else {
        told.issuer = await store.get('issuer');
        told.audience = await store.get('audience');
        asked.path = spilnoPath(path, told.issuer);
    }
    told.pass_keys = await store.get('pass_keys');
    if (asked.path !== '/v1/access') {
        told.seal_keys = await store.get('seal_keys');
    }
    var opened = spilnoEdge(asked, told, {
        now: Math.floor(Date.now() / 1000),
        hmac: function (key, text) { return crypto.createHmac('sha256', key).update(text).digest('base64url'); },
        text: function (part) { return Buffer.from(part, 'base64url').toString(); }
    });
    return opened && spilnoResponse(opened);
}

function spilnoResponse(opened) {
    var response = { statusCode: opened.status, statusDescription: 'OK', headers: {}, body: opened.body };
    Object.keys(opened.headers).forEach(function (name) {
        response.headers[name.toLowerCase()] = { value: opened.headers[name] };
    });
    return response;
}

// CloudFront's {name: {value, multiValue?}} as pairs; names and values are as the reader sent them.
function spilnoListed(shown) {
    var pairs = [];
    Object.keys(shown || {}).forEach(function (name) {
        (shown[name].multiValue || [shown[name]]).forEach(function (one) { pairs.push([name, one.value]); });
    });
    return pairs;
}

function spilnoJoined(shown, between) {
    return spilnoListed(shown).map(function (pair) { return pair.join('='); }).join(between);
}
