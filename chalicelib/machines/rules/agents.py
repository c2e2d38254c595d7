"""The names by which robots.txt addresses machines, by what they do with a page.

As their makers write them, looked up on 2026-11-30; decision 0095 has the sources. Search engines are not here: what
is not to be found is said on its page, as an address that they may not fetch can still be listed. Nor are names that
somebody saw once: such a list is old the day it is made, and who hides its name reads no robots.txt.
"""

from typing import Final

PREVIEW: Final = (
    *("facebookexternalhit", "Twitterbot", "TelegramBot", "Viber", "WhatsApp", "Slackbot", "LinkedInBot"),
    "Discordbot",
)
ARCHIVE: Final = ("ia_archiver", "archive.org_bot")
# Those that end in -User or -fetcher fetch what a person asks for; some of them say that they obey no robots.txt.
AI_ANSWERS: Final = (
    *("OAI-SearchBot", "ChatGPT-User", "Claude-SearchBot", "Claude-User", "PerplexityBot", "Perplexity-User"),
    *("Amzn-SearchBot", "Amzn-User", "DuckAssistBot", "meta-externalfetcher", "MistralAI-User"),
    "MistralAI-Index",
)
# Google-Extended and Applebot-Extended fetch nothing: they say what Googlebot's and Applebot's pages may be used for.
AI_TRAINING: Final = (
    *("GPTBot", "ClaudeBot", "CCBot", "Google-Extended", "Applebot-Extended", "Amazonbot", "meta-externalagent"),
    *("MistralAI-Training", "Bytespider", "AI2Bot", "Diffbot"),
)
