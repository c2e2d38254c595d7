// Stands behind a function of CloudFront's: what its handler does with each event, and how often it reads the store.
// Each entry of WORK: {now, store, event}. A key that is not there is an error, as in CloudFront.
var reads = 0, held = {};
var cf = {
    kvs: function () {
        return {
            get: function (name) {
                reads += 1;
                return held[name] ? Promise.resolve(held[name]) : Promise.reject(new Error('KeyNotFound'));
            }
        };
    }
};
var seconds = 0;
Date.now = function () { return seconds * 1000 + 999; };

async function handled(work, said) {
    for (var at = 0; at < work.length; at++) {
        reads = 0;
        held = work[at].store;
        seconds = work[at].now;
        var before = JSON.stringify(work[at].event.request);
        var answer = await handler(work[at].event);
        var unchanged = answer === work[at].event.request && JSON.stringify(answer) === before;
        // njs prints two thousand characters, so of a request that goes on only what tests look at.
        if (!answer.statusCode) {
            answer = { uri: answer.uri, network: answer.headers['x-spilno-network'] };
        }
        said({ answer: answer, unchanged: unchanged, reads: reads });
    }
}
