// Stands behind the core: what it does with each case of a table. ES5, as njs runs it, too.
var crypto = require('crypto');

var host = {
    hmac: function (key, text) { return crypto.createHmac('sha256', key).update(text).digest('base64url'); },
    text: function (part) { return Buffer.from(part, 'base64url').toString(); }
};

function ran(work) {
    return work.cases.map(function (one) {
        var told = {};
        [work.told, one.told || {}].forEach(function (some) {
            Object.keys(some).forEach(function (name) { told[name] = some[name]; });
        });
        var asked = {
            method: one.asked.method,
            path: one.asked.path,
            query: one.asked.query,
            headers: one.asked.headers.map(function (header) { return [header[0].toLowerCase(), header[1]]; })
        };
        host.now = one.now;
        return { looks: spilnoMayOpen(asked), answer: spilnoEdge(asked, told, host) };
    });
}
