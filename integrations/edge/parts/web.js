// What Workers and Netlify have in common: a Request in, the Response if a pass opens it, else null.
function spilnoOpened(request, told) {
    const url = new URL(request.url);
    const opened = spilnoEdge({
        method: request.method,
        path: spilnoPath(url.pathname, told.issuer),
        query: url.search.slice(1),
        headers: [...request.headers]
    }, told, {
        now: Math.floor(Date.now() / 1000),
        hmac: (key, text) => createHmac('sha256', key).update(text).digest('base64url'),
        text: (part) => Buffer.from(part, 'base64url').toString()
    });
    return opened && new Response(opened.body, { status: opened.status, headers: opened.headers });
}
