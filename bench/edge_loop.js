// Stands behind the core: asks it WORK.times times the same. node and njs run it.
var crypto = require('crypto');

var host = {
    now: WORK.now,
    hmac: function (key, text) { return crypto.createHmac('sha256', key).update(text).digest('base64url'); },
    text: function (part) { return Buffer.from(part, 'base64url').toString(); }
};
var opened = 0;
for (var asked = 0; asked < WORK.times; asked++) {
    opened += spilnoEdge(WORK.asked, WORK.told, host) ? 1 : 0;
}
if (opened !== (WORK.opens ? WORK.times : 0)) {
    throw new Error('It opened ' + opened + ' of ' + WORK.times + '.');
}
