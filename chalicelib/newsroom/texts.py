"""Check the newsroom's file as a whole: its settings, and its own sentences in the place of ours."""

import tomllib

from chalicelib.i18n.texts import Texts
from chalicelib.newsroom import file as newsroom_file
from chalicelib.newsroom.file import NewsroomFileWrong
from chalicelib.newsroom.rules import Newsroom


def read(content: bytes) -> Newsroom:
    """Read and check the file. Done at every start, when it is packed, and by `ops newsroom check`.

    :raises NewsroomFileWrong, TextWrong: at the first mistake, with what to write instead.
    """
    try:
        raw = tomllib.loads(content.decode("utf-8-sig"))  # some editors write a byte order mark
    except UnicodeDecodeError:
        raise NewsroomFileWrong("The newsroom's file is not UTF-8. Save it anew with that encoding.") from None
    except tomllib.TOMLDecodeError as error:
        raise NewsroomFileWrong(f"The newsroom's file is no TOML: {error}.") from None
    newsroom = newsroom_file.read(raw)
    for lang in newsroom.languages:
        Texts(lang, newsroom.texts)
    return newsroom
