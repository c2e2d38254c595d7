"""What of an article's HTML stands on our page: these elements with these attributes, and nothing else.

The newsroom wrote it, so nothing here is about taste. It is about what must not act on a page where readers are
signed in and type their address: scripts, forms, frames and styles of others, and names that our own page uses.
"""

from collections.abc import Mapping

# On every element, beside the classes that `looks.py` gives.
EVERYWHERE = frozenset({"lang", "dir", "title", "hidden", "role", "aria-label", "aria-hidden"})
ROLES = frozenset({"img", "note", "presentation", "none"})  # and everything that begins with `doc-`
# Lists of ids; our page has ids of its own, so that all of the article's get a prefix.
NAMES_OF_IDS = frozenset({"aria-labelledby", "aria-describedby", "headers"})
ID_PREFIX = "article-"

_PLAIN = """
    abbr address article aside b bdi bdo big br caption cite code dd dfn div dl dt em figcaption figure footer h2
    h3 h4 h5 h6 header hgroup hr i kbd mark nav nobr p picture pre rp rt ruby s samp section small span strike strong
    sub summary sup tbody tfoot thead tr tt u var wbr ul menu table
""".split()
_SIZE = frozenset({"width", "height"})
_WHEN = frozenset({"datetime"})
_CELL = frozenset({"colspan", "rowspan", "scope", "abbr"})
_PLAYS = frozenset({"src", "loop", "muted", "preload"})

KEPT: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(_PLAIN, frozenset[str]()),
    "a": frozenset({"href", "hreflang", "download"}),
    "audio": _PLAYS,
    "blockquote": frozenset({"cite"}),
    "col": frozenset({"span"}),
    "colgroup": frozenset({"span"}),
    "data": frozenset({"value"}),
    "del": _WHEN | {"cite"},
    "details": frozenset({"open"}),
    "img": _SIZE | {"src", "srcset", "sizes", "alt", "loading", "decoding"},
    "ins": _WHEN | {"cite"},
    "li": frozenset({"value"}),
    "ol": frozenset({"start", "reversed", "type"}),
    "q": frozenset({"cite"}),
    "source": _SIZE | {"src", "srcset", "sizes", "media", "type"},
    "td": _CELL,
    "th": _CELL,
    "time": _WHEN,
    "track": frozenset({"src", "kind", "srclang", "label", "default"}),
    "video": _SIZE | _PLAYS | {"poster", "playsinline"},
}
# The page has its own first heading and main part; the others are what browsers made of them long ago.
RENAMED = {
    "h1": "h2",
    "main": "div",
    "xmp": "pre",
    "listing": "pre",
    "plaintext": "pre",
    "dir": "ul",
    "center": "div",
}
# Gone with all that is in them: what acts, what is for the page's head, what a form asks. Of all others that are not
# kept (a button, a form, an element that only the site's scripts know) the words stay.
GONE = frozenset(
    """
    script style template head title meta link base basefont bgsound noframes noembed frameset frame param embed
    input select textarea option optgroup datalist meter progress keygen area portal fencedframe
    """.split()
)
# What a player's script would have filled: times, buttons, sliders. The audio and the video beside it have their own.
# And WordPress's preview of a file, which has the link to it beside it.
GONE_BY_CLASS = frozenset(
    """
    kg-audio-player kg-audio-thumbnail kg-video-overlay kg-video-player-container mejs-controls wp-block-file__embed
    """.split()
)
# Whose tags can go without a trace: they only colour words. Without the tags of others a browser would build the rest
# differently, so that it is read once more.
COLOURING = frozenset({"font", "blink", "tt", "label"})

# Drawings: shapes and words. Without styles, scripts, links, animations and HTML within.
_SHAPES = """
    circle clipPath defs desc ellipse g line linearGradient marker mask path pattern polygon polyline radialGradient
    rect stop svg symbol text title tspan use
""".split()
DRAWN = frozenset(_SHAPES)
DRAWN_WITH = frozenset(
    """
    clip-path clip-rule clipPathUnits cx cy d dominant-baseline dx dy fill fill-opacity fill-rule font-family
    font-size font-style font-weight fx fy gradientTransform gradientUnits height letter-spacing marker-end marker-mid
    marker-start markerHeight markerUnits markerWidth mask maskUnits offset opacity orient patternTransform
    patternUnits points preserveAspectRatio r refX refY rotate rx ry spreadMethod stop-color stop-opacity stroke
    stroke-dasharray stroke-dashoffset stroke-linecap stroke-linejoin stroke-miterlimit stroke-opacity stroke-width
    text-anchor textLength transform viewBox width x x1 x2 y y1 y2
    """.split()
)
WITH_WORDS = frozenset({"text", "tspan", "title", "desc"})
