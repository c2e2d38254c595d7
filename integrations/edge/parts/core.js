// The gate at the edge: opens what a valid pass alone opens, with the API's own answer. Whatever it is not sure of it
// leaves to the API: then it answers null. It reads no table, keeps nothing and asks nobody.
//
//   asked  {method, path, query, headers}: path and query as they came, headers [[name in lower case, value], …]
//   told   {pass_keys, seal_keys, issuer, audience}: texts, the keys as in SPILNO_PASS_KEYS and SPILNO_SEAL_KEYS
//   host   {now, hmac, text}: seconds since 1970; (key, text) -> base64url of HMAC-SHA-256; base64url -> text
//
// ES5, synchronous, without a library: the same text runs in CloudFront, nginx, Workers and Netlify. Each line of
// `must` is a guard, and tests/edge takes away one after the other.

var SPILNO_PASS = '__Host-spilno-pass';
var SPILNO_YEAR_10000 = 253402300800;

function spilnoEdge(asked, told, host) {
    try {
        return spilnoOpens(asked, told, host);
    } catch (error) {
        return null; // also for whatever nobody thought of
    }
}

// Whether it is worth reading the keys: one of the two calls, with a pass and nothing that is the API's to look at.
function spilnoMayOpen(asked) {
    try {
        spilnoPass(asked);
        return true;
    } catch (error) {
        return false;
    }
}

// The path as the API knows it, where the host shows it with the prefix of the public address: /support/v1/access.
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

// The pass that a call brings, if the call may be answered here at all.
function spilnoPass(asked, issuer) {
    must(asked.method === 'GET');
    must(asked.path === '/v1/access' || spilnoArticle(asked.path));
    // On a developer's machine the cookie's name ends in the port, as the API's does there.
    var local = /^http:\/\/(127\.0\.0\.1|localhost):([0-9]+)/.exec(issuer || '');
    var cookie = SPILNO_PASS + (local ? '-' + local[2] : ''), unknown = issuer === undefined, found = [];
    asked.headers.forEach(function (header) {
        // CORS, a pass in another place, and a body (whose type is checked) are the API's to look at.
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
    // A browser holds it once. Of two somebody else set one.
    must(found.length === 1);
    return found[0];
}

function spilnoArticle(path) {
    var found = fits(/^\/v1\/articles\/([A-Za-z0-9._~-]{1,128})\/key$/, path);
    return found && found[1];
}

// What a pass holds, as `reading/rules/passes.py` checks it.
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

// The key of an article's sealed text, for a fresh ticket, as `articles/rules/sealed_text.py` derives both.
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

// The parameter's value; it must come once. The API decodes names, too: n%65eds is `needs` there.
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

// What matches, if it is all of the text (in nginx `$` stands before a last newline, too); else null, on whose parts
// whoever asks for them stumbles.
function fits(pattern, text) {
    var found = typeof text === 'string' ? pattern.exec(text) : null;
    return found && found[0].length === text.length ? found : null;
}

// The key of this name in `kid:key,kid:key`. A short one is a mistake, and would be guessed.
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

// A claim that is a whole number, also as it is written: 1e9 and 1.0 are none to the API, and JavaScript cannot tell.
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
