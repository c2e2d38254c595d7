// The gate at the edge as a CloudFront function (viewer request, runtime cloudfront-js-2.0): docs/edge.md.
// Its KeyValueStore holds pass_keys, seal_keys, issuer and audience. Without them everything goes on to the API.
// Made from integrations/edge/parts by `python -m integrations.edge`.
import cf from 'cloudfront';
var crypto = require('crypto');
var store = null;
try {
    store = cf.kvs();
} catch (error) {
    store = null; // none is associated: everything goes on
}
var SPILNO_PASS = '__Host-spilno-pass';
var SPILNO_YEAR_10000 = 253402300800;
function spilnoEdge(asked, told, host) {
    try {
        return spilnoOpens(asked, told, host);
    } catch (error) {
        return null; // also for whatever nobody thought of
    }
}
function spilnoMayOpen(asked) {
    try {
        spilnoPass(asked);
        return true;
    } catch (error) {
        return false;
    }
}
function spilnoPath(path, issuer) {
    var prefix = String(issuer).replace(/^https?:\/\/[^\/]*/, '');
    return prefix && path.indexOf(prefix + '/') === 0 ? path.slice(prefix.length) : path;
}
function spilnoOpens(asked, told, host) {
    var held = spilnoHeld(spilnoPass(asked, told.issuer), told, host);
    var needs = spilnoOne(asked.query, 'needs');
    must(fits(/^(members|tier:[A-Za-z0-9._~-]{1,128})$/, needs));
    must(needs === 'members' || held.tiers.indexOf(needs.slice(5)) >= 0);
    if (asked.path === '/v1/access') {
        return spilnoAnswer({ open: true, reason: 'supporter', tier: held.tier, until: spilnoTime(held.until) });
    }
    return spilnoAnswer({ key: spilnoKey(asked, needs, told, host) });
}
function spilnoPass(asked, issuer) {
    must(asked.method === 'GET');
    must(asked.path === '/v1/access' || spilnoArticle(asked.path));
    var local = /^http:\/\/(127\.0\.0\.1|localhost):([0-9]+)/.exec(issuer || '');
    var cookie = SPILNO_PASS + (local ? '-' + local[2] : ''), unknown = issuer === undefined, found = [];
    asked.headers.forEach(function (header) {
        must(header[0] !== 'origin');
        must(header[0] !== 'authorization');
        must(header[0] !== 'transfer-encoding');
        must(header[0] !== 'content-length' || header[1] === '0');
        if (header[0] === 'cookie') {
            header[1].split(';').forEach(function (part) {
                var at = part.indexOf(cookie) < 0 ? 0 : (part + '=').indexOf('=');
                var name = at && trimmed(part.slice(0, at));
                if (at && (name === cookie || unknown && fits(/^__Host-spilno-pass-[0-9]+$/, name))) {
                    found.push(trimmed(part.slice(at + 1)));
                }
            });
        }
    });
    must(found.length === 1);
    return found[0];
}
function spilnoArticle(path) {
    var found = fits(/^\/v1\/articles\/([A-Za-z0-9._~-]{1,128})\/key$/, path);
    return found && found[1];
}
function spilnoHeld(pass, told, host) {
    must(pass.length <= 2048);
    must(fits(/^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{43}$/, pass));
    var parts = pass.split('.'), head = JSON.parse(host.text(parts[0]));
    must(head.alg === 'HS256');
    must(same(host.hmac(named(told.pass_keys, head.kid, 32), parts[0] + '.' + parts[1]), parts[2]));
    var written = host.text(parts[1]), claims = JSON.parse(written);
    must(fits(/^[\x20-\x7e]+$/, written));
    must(told.issuer && claims.iss === told.issuer);
    must(told.audience && claims.aud === told.audience);
    must(typeof claims.sub === 'string');
    must(Array.isArray(claims.tiers) && claims.tiers.length > 0);
    must(fits(/^[A-Za-z0-9._~-]{1,128}$/, claims.tier));
    var exp = whole(written, claims, 'exp'), until = whole(written, claims, 'until');
    must(exp > host.now);
    must(exp <= host.now + 300);
    must(until > host.now);
    must(until < SPILNO_YEAR_10000);
    return { tier: claims.tier, tiers: claims.tiers, until: until };
}
function spilnoKey(asked, needs, told, host) {
    var version = fits(/^([A-Za-z0-9_-]{1,16})\.[A-Za-z0-9_-]{24}$/, spilnoOne(asked.query, 'v'));
    var ticket = fits(/^([1-9][0-9]{9})\.([A-Za-z0-9_-]{24})$/, spilnoOne(asked.query, 't'));
    must(Number(ticket[1]) > host.now);
    must(Number(ticket[1]) <= host.now + 600);
    var root = named(told.seal_keys, version[1], 43);
    var about = spilnoArticle(asked.path) + '\n' + version[0] + '\n' + needs;
    var mac = host.hmac(root, 'spl1-ticket\n' + about + '\n' + ticket[1] + '\x01');
    must(same(mac.slice(0, 24), ticket[2]));
    return host.hmac(root, 'spl1-key\n' + about + '\x01');
}
function spilnoOne(query, name) {
    var found = [];
    query.split('&').forEach(function (part) {
        var at = (part + '=').indexOf('='), value = decodeURIComponent(part.slice(at + 1));
        must(!/[%+]/.test(part.slice(0, at)));
        if (part.slice(0, at) === name) {
            found.push(value);
        }
    });
    must(found.length === 1);
    return found[0];
}
function spilnoAnswer(body) {
    return {
        status: 200,
        headers: {
            'Cache-Control': 'private, no-store',
            'X-Content-Type-Options': 'nosniff',
            'Referrer-Policy': 'same-origin',
            'Content-Type': 'application/json',
            'Vary': 'Origin'
        },
        body: JSON.stringify(body)
    };
}
function spilnoTime(seconds) {
    return new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
}
function must(sure) {
    if (!sure) {
        throw new Error('The API decides.');
    }
}
function fits(pattern, text) {
    var found = typeof text === 'string' ? pattern.exec(text) : null;
    return found && found[0].length === text.length ? found : null;
}
function named(keys, kid, least) {
    var parts = keys.split(','), found = [];
    for (var at = 0; at < parts.length; at++) {
        var part = trimmed(parts[at]), name = part.indexOf(':');
        if (name > 0 && part.slice(0, name) === kid) {
            found.push(part.slice(name + 1));
        }
    }
    must(found.length === 1);
    must(found[0].length >= least);
    return found[0];
}
function whole(written, claims, name) {
    var parts = written.split('"' + name + '"'), digits = /^ *: *([0-9]{1,12}) *[,}]/.exec(parts[1]);
    must(parts.length === 2);
    must(claims[name] === Number(digits[1]));
    return Number(digits[1]);
}
function same(one, other) {
    var differs = one.length ^ other.length;
    for (var at = 0; at < one.length; at++) {
        differs |= one.charCodeAt(at) ^ other.charCodeAt(at);
    }
    return differs === 0;
}
function trimmed(text) {
    return /^[ \t]|[ \t]$/.test(text) ? text.replace(/^[ \t]+/, '').replace(/[ \t]+$/, '') : text;
}
async function handler(event) {
    var request = event.request;
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
    if (Object.keys(request.cookies || {}).length) {
        asked.headers = asked.headers.filter(function (header) { return header[0] !== 'cookie'; });
        asked.headers.push(['cookie', spilnoJoined(request.cookies, ';')]);
    }
    if (!spilnoMayOpen(asked)) {
        return null;
    }
    var told = {};
    if (stripped) {
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
