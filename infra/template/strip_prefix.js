// Takes the site's path off, so that the API sees its own: /support/v1/session becomes /v1/session.
// PREFIX is written above this by the template. CloudFront chooses the behaviour by the cleaned-up path but sends on
// the path as it came, so what is not clean is refused here: nothing may reach another path than the one chosen.
// It also says whose call it is, for the firewall (firewall.py), which can count by a header but takes each IPv6
// address for a reader of its own, and from which country it comes, so that pages ask in the reader's currency first.
// Whatever a reader claims under these names is written over. CloudFront tells the country to a function whose behaviour
// hands its header on, which the managed policy AllViewerExceptHostHeader does.
// Runs as a CloudFront function (cloudfront-js-2.0); tests/template/test_strip_prefix.py runs it on a table of paths.

var UNCLEAN = /\/\/|\\|\/\.{1,2}(\/|$)|%2f|%5c|%2e|%00/i;

function handler(event) {
    var request = event.request;
    var path = request.uri;
    if (UNCLEAN.test(path) || (path !== PREFIX && path.indexOf(PREFIX + '/') !== 0)) {
        return notFound();
    }
    request.uri = path.slice(PREFIX.length) || '/';
    request.headers['x-spilno-network'] = { value: network(event.viewer.ip) };
    delete request.headers['x-spilno-country'];
    if (request.headers['cloudfront-viewer-country']) {
        request.headers['x-spilno-country'] = { value: request.headers['cloudfront-viewer-country'].value };
    }
    return request;
}

// An IPv4 address, or the first four groups of an IPv6 one: what a household or a phone is given.
function network(address) {
    if (address.indexOf(':') < 0) {
        return address;
    }
    if (address.indexOf('.') > 0) {
        return address.slice(address.lastIndexOf(':') + 1);
    }
    var sides = address.split('::').map(function (side) { return side ? side.split(':') : []; });
    var groups = sides[0];
    if (sides.length > 1) {
        while (groups.length + sides[1].length < 8) {
            groups.push('0');
        }
        groups = groups.concat(sides[1]);
    }
    return groups.slice(0, 4).join(':');
}

function notFound() {
    var problem = {
        type: 'urn:spilno:problem:not_found',
        title: 'There is nothing at this address.',
        status: 404,
        code: 'not_found'
    };
    return {
        statusCode: 404,
        statusDescription: 'Not Found',
        headers: {
            'content-type': { value: 'application/problem+json' },
            'cache-control': { value: 'private, no-store' }
        },
        body: JSON.stringify(problem)
    };
}
