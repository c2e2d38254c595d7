"""A small newspaper by Pelican, with everything on that has let whole texts out of somebody's site."""

SITENAME = "Вісті Надріччя"
SITEURL = "http://127.0.0.1:8001"
PATH = "content"
TIMEZONE = "Europe/Kyiv"
DEFAULT_LANG = "uk"
THEME = "simple"
THEME_TEMPLATES_OVERRIDES = ["templates"]
ARTICLE_URL = ARTICLE_SAVE_AS = "posts/{slug}.html"
DIRECT_TEMPLATES = ["index", "archives", "tags", "categories", "search", "sitemap"]
SEARCH_SAVE_AS = "search.json"
SITEMAP_SAVE_AS = "sitemap.xml"
FEED_ALL_ATOM = "feeds/all.atom.xml"
FEED_ALL_RSS = "feeds/all.rss.xml"
CATEGORY_FEED_ATOM = "feeds/{slug}.atom.xml"
TAG_FEED_ATOM = "feeds/tag-{slug}.atom.xml"
RSS_FEED_SUMMARY_ONLY = False
OUTPUT_SOURCES = True  # puts each file of content beside its page
