// The gate at the edge for nginx with njs: docs/edge.md. It hands on to the location @spilno_api what it does not open.
var crypto = require('crypto');

//// core.js

function open(r) {
    var opened = decided(r, r.variables.request_uri, r.rawHeadersIn);
    if (!opened) {
        r.internalRedirect('@spilno_api');
        return;
    }
    Object.keys(opened.headers).forEach(function (name) { r.headersOut[name] = opened.headers[name]; });
    r.return(opened.status, opened.body);
}

// For files that lie here twice, as /open/… and /closed/…: which of them, for who must hold $spilno_needs.
function variant(r) {
    var cookies = r.rawHeadersIn.filter(function (header) { return header[0].toLowerCase() === 'cookie'; });
    return decided(r, '/v1/access?needs=' + r.variables.spilno_needs, cookies) ? 'open' : 'closed';
}

function decided(r, address, headers) {
    var at = address.indexOf('?'), told = {};
    ['issuer', 'audience', 'pass_keys', 'seal_keys'].forEach(function (name) {
        told[name] = r.variables['spilno_' + name] || '';
    });
    return spilnoEdge({
        method: r.method,
        path: spilnoPath(at < 0 ? address : address.slice(0, at), told.issuer),
        query: at < 0 ? '' : address.slice(at + 1),
        headers: headers.map(function (header) { return [header[0].toLowerCase(), header[1]]; })
    }, told, {
        now: Math.floor(Date.now() / 1000),
        hmac: function (key, text) { return crypto.createHmac('sha256', key).update(text).digest('base64url'); },
        text: function (part) { return Buffer.from(part, 'base64url').toString(); }
    });
}

export default { open: open, variant: variant };
