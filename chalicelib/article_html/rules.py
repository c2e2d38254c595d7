"""The allow-list for an article's HTML on our page: these elements with these attributes, and nothing else.

It is about safety, not taste: on a page where readers are signed in and type their address, no foreign script, form,
frame or style may act, and no id may clash with one of our own.
"""

from collections.abc import Mapping

# On every element, beside the classes that `looks.py` gives.
EVERYWHERE = frozenset({"lang", "dir", "title", "hidden", "role", "aria-label", "aria-hidden"})
ROLES = frozenset({"img", "note", "presentation", "none"})  # and everything that begins with `doc-`
# Attributes that are lists of ids. All ids of the article get a prefix, as our page has ids of its own.
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
# Our page has its own `h1` and `main`; the others are obsolete, and become what browsers show them as.
RENAMED = {
    "h1": "h2",
    "main": "div",
    "xmp": "pre",
    "listing": "pre",
    "plaintext": "pre",
    "dir": "ul",
    "center": "div",
}
# Removed with their content: what acts, what belongs in a page's head, the fields of forms. Of all other elements
# that are not in `KEPT` (a button, a form, one that only the site's scripts know) the content stays.
GONE = frozenset(
    """
    script style template head title meta link base basefont bgsound noframes noembed frameset frame param embed
    input select textarea option optgroup datalist meter progress keygen area portal fencedframe
    """.split()
)
# Controls that a player's script would fill: times, buttons, sliders. The audio or video beside them has its own.
# Also WordPress's preview of a file, beside which is the link to it.
GONE_BY_CLASS = frozenset(
    """
    kg-audio-player kg-audio-thumbnail kg-video-overlay kg-video-player-container mejs-controls wp-block-file__embed
    """.split()
)
# Tags that can be removed without further effect: they only style text. Without any other tag a browser would build a
# different tree, so that the result is parsed once more.
COLOURING = frozenset({"font", "blink", "tt", "label"})

# Drawings: shapes and text, without styles, scripts, links, animations and HTML within.
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
