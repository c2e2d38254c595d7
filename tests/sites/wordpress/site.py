"""What tests do with a WordPress: run PHP inside of it, log in, write posts as each kind of client does."""

import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

# The users that php/install.php makes, in its order.
USERS = {"stranger": 0, "admin": 1, "editor": 2, "author": 3, "contributor": 4, "subscriber": 5}
LINE = '<!-- wp:spilno/access {"access":"members"} /-->'


def paragraphs(*texts: str) -> str:
    """A text of blocks, as the block editor writes it."""
    return "\n\n".join(f"<!-- wp:paragraph -->\n<p>{text}</p>\n<!-- /wp:paragraph -->" for text in texts)


def walled(open_part: str, closed_part: str, line: str = LINE) -> str:
    """The same with the line between the two."""
    return f"{paragraphs(open_part)}\n\n{line}\n\n{paragraphs(closed_part)}"


@dataclass
class Site:
    """A running WordPress at `url`; `token` lets a test run PHP in it."""

    url: str
    folder: Path
    token: str
    people: dict[str, requests.Session] = field(default_factory=dict)

    def answers(self) -> bool:
        """Whether its front page is there."""
        try:
            return bool(requests.get(self.url, timeout=10).status_code == requests.codes.ok)
        except requests.ConnectionError:
            return False

    # ---- Inside

    def run(self, code: str, *, user: str = "admin", path: str = "/", **values: Any) -> Any:
        """What this PHP returns, run by WordPress as this user; `$name` of each value is at hand."""
        given = "".join(
            f"${name} = json_decode({_quoted(json.dumps(value))}, true);" for name, value in values.items()
        )
        answer = requests.post(
            f"{self.url}{path}",
            data=(given + code).encode(),
            headers={"X-Test-Run": self.token, "X-Test-User": str(USERS[user]), "Content-Type": "text/x-php"},
            timeout=60,
        )
        assert answer.status_code == requests.codes.ok, answer.text[:2000] + self.log()[-2000:]
        return answer.json()["returned"]

    def log(self) -> str:
        """What PHP complained about so far, of the plugin's files."""
        path = self.folder / "debug.log"
        lines = path.read_text(errors="replace").splitlines() if path.exists() else []
        return "\n".join(line for line in lines if "/spilno/" in line or "Spilno" in line)

    def options(self, **values: Any) -> None:
        """Change the plugin's settings."""
        self.run("Spilno\\Options::set($values); delete_transient('spilno_newsroom');", values=values)

    def row(self, post_id: int) -> dict[str, str]:
        """A post as it lies in the table."""
        found: dict[str, str] = self.run(
            "return $GLOBALS['wpdb']->get_row('SELECT * FROM ' . $GLOBALS['wpdb']->posts . ' WHERE ID=' . $id);",
            id=post_id,
        )
        return found

    def whole(self, post_id: int) -> str:
        """A post's text as its editor has it, whatever way it was stored."""
        return str(self.run("return Spilno\\Row::number($id)->whole();", id=post_id))

    def rest(self, post_id: int) -> str | None:
        """What was taken out of the row."""
        found: str | None = self.run("return Spilno\\Row::number($id)->rest();", id=post_id)
        return found

    def insert(self, content: str, *, user: str = "admin", **more: Any) -> int:
        """A post by code."""
        post = {"post_title": "Міст", "post_status": "publish", **more, "post_content": content}
        made = self.run("return wp_insert_post(wp_slash($post), true);", user=user, post=post)
        assert isinstance(made, int), made
        return made

    def update(self, post_id: int, *, user: str = "admin", **changes: Any) -> None:
        """Change it by code that knows nothing of the plugin."""
        post = {"ID": post_id, **changes}
        self.run("return wp_update_post(wp_slash($post), true);", user=user, post=post)

    def cron(self, *, at_once: bool = True) -> None:
        """Run what is planned; `at_once`: also what is planned for later."""
        if at_once:
            self.run(
                """
                $planned = _get_cron_array(); $now = [];
                foreach ($planned as $time => $hooks) foreach ($hooks as $hook => $events)
                    if (strpos($hook, 'spilno_') === 0) $now[$hook] = ($now[$hook] ?? []) + $events;
                    else $now2[$time][$hook] = $events;
                delete_transient('doing_cron'); // of a run that broke off
                _set_cron_array(array_filter([time() - 1 => $now]) + ($now2 ?? []) + ['version' => 2]);
                """
            )
        requests.get(f"{self.url}/wp-cron.php", timeout=60)

    def planned(self) -> list[str]:
        """The names of our own events that are to come, without those of the daily comparison."""
        found: list[str] = self.run(
            """
            $names = [];
            foreach (_get_cron_array() as $hooks) foreach ($hooks as $hook => $events)
                if (strpos($hook, 'spilno_') === 0) foreach ($events as $event) $names[] = $hook;
            sort($names);
            return array_values(array_diff($names, ['spilno_compare', 'spilno_compare_on']));
            """
        )
        return found

    # ---- From outside

    def session(self, user: str) -> requests.Session:
        """A browser's cookies of this user; a stranger's are none."""
        if user not in self.people:
            session = requests.Session()
            if user != "stranger":
                session.cookies.set("wordpress_test_cookie", "WP Cookie check")
                form = {"log": user, "pwd": user, "testcookie": "1"}
                answer = session.post(f"{self.url}/wp-login.php", data=form, allow_redirects=False, timeout=30)
                assert answer.status_code == requests.codes.found, answer.text
            self.people[user] = session
        return self.people[user]

    def get(self, path: str, user: str = "stranger") -> requests.Response:
        """A page, as this user sees it."""
        return self.session(user).get(f"{self.url}{path}", timeout=30)

    def nonce(self, user: str, action: str = "wp_rest") -> str:
        """What WordPress puts into a user's forms."""
        page = self.session(user).get(f"{self.url}/wp-admin/admin-ajax.php?action=rest-nonce", timeout=30)
        assert action == "wp_rest"
        return page.text

    def rest_call(self, method: str, path: str, user: str = "stranger", **body: Any) -> requests.Response:
        """A call of WordPress's own REST API, as the block editor makes it."""
        headers = {} if user == "stranger" else {"X-WP-Nonce": self.nonce(user)}
        return self.session(user).request(
            method, f"{self.url}/wp-json{path}", json=body or None, headers=headers, timeout=30
        )

    def form(self, path: str, user: str = "admin", form: str = "post") -> dict[str, str]:
        """The hidden and visible fields of a form of wp-admin."""
        page = self.get(path, user).text
        inside = re.search(rf'<form[^>]*(?:name|id)="{form}".*?</form>', page, re.DOTALL)
        assert inside, page[:1000]
        return _fields(inside.group())


def _quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _fields(html: str) -> dict[str, str]:
    from html import unescape

    found = {}
    for tag in re.findall(r"<input\b[^>]*>", html):
        attributes = dict(re.findall(r"""([a-z-]+)=["']([^"']*)["']""", tag))
        checked = attributes.get("type") not in {"checkbox", "radio", "submit", "button"} or "checked" in tag
        if "name" in attributes and checked:
            found[attributes["name"]] = unescape(attributes.get("value", ""))
    for name, text in re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>(.*?)</textarea>', html, re.DOTALL):
        found[name] = unescape(text)
    return found
