// Takes our cookies away from a call of the website's own server, which must not see who is signed in here: they go
// with every call to this origin (Path=/), and a plugin of the website's could collect them. It runs before CloudFront
// makes a cache key, so that they do not split the website's cache either.
// Names are compared as browsers do: case counts, and only space and tab before a name are no part of it.
// Runs as a CloudFront function (cloudfront-js-2.0); tests/template/test_site_cookies.py runs it on a table of cookies.

var OURS = /^[ \t]*(__Host-)?spilno-/;

function handler(event) {
    var cookies = event.request.cookies;
    for (var name of Object.keys(cookies)) {
        if (OURS.test(name)) {
            delete cookies[name];
        }
    }
    return event.request;
}
