<?php
/*
 * Spilno on a site in old PHP: 5.3 or newer, any charset, without cURL, mbstring and iconv. One file, plain ASCII.
 * How it is used: docs/sites/php.md. Fails closed: whatever goes wrong, a page shows the teaser and a link.
 */
class Spilno
{
    const DIVIDER = '<!--more-->';

    /** What the API found worth an editor's look when it last took an article: code => sentence. */
    public $warnings = array();
    /** The link's words, as HTML. */
    public $readOn = '&#1063;&#1080;&#1090;&#1072;&#1090;&#1080; &#1076;&#1072;&#1083;&#1110;';
    /** Whose articles these are: what another system has put under the same id is neither replaced nor deleted. */
    public $origin = 'php';
    /** Seconds that the API may take. */
    public $timeout = 5;

    private $api;
    private $key;
    private $charset;

    /**
     * @param string $api     the API's public address
     * @param string $key     a key of "ops keys create --for cms"; needed to put and to delete
     * @param string $charset in which this site's texts and pages are
     */
    public function __construct($api, $key = '', $charset = 'utf-8')
    {
        $this->api = rtrim($api, '/');
        $this->key = $key;
        $this->charset = strtolower($charset);
    }

    /**
     * Give the whole text to the API, and get what the site stores and shows in its place: the teaser and the wall.
     *
     * What is not stored cannot leak: feeds, search, print and mobile versions have the teaser.
     *
     * @param string $text   HTML with a line <!--more-->; what follows it is for supporters
     * @param string $access open, metered, members, tier:<name>; open with a closes_at is gated from that day on
     * @param array  $more   what else PUT /v1/articles/{id} takes: author, section, opens_at ...
     * @throws RuntimeException with the reason, for the editor to see; then nothing may be stored
     */
    public function gate($id, $title, $url, $text, $access, array $more = array())
    {
        if (strpos($text, '<spilno-wall') !== false) {
            throw new RuntimeException('This is what readers see, not the whole text. Open the article anew.');
        }
        if (!is_string($access) || $access === '') {
            throw new RuntimeException('Say who may read it: open, metered, members, or tier: and a name.');
        }
        if ($access === 'open' && empty($more['closes_at'])) {
            $this->deleteOwn($id);
            return $text;
        }
        $parts = explode(self::DIVIDER, $text);
        if (count($parts) !== 2 || !$this->shows($parts[0]) || !$this->shows($parts[1])) {
            $why = 'The text must have one line ' . self::DIVIDER . ', with a beginning before and the rest after it.';
            throw new RuntimeException($why);
        }
        $all = array('title' => $title, 'url' => $url, 'access' => $access,
            'teaser_html' => $parts[0], 'body_html' => $parts[0] . $parts[1]);
        return $this->wall($id, $parts[0], $this->put($id, $all + $more));
    }

    /**
     * For the editor's form: the whole text with its divider, where $stored is what gate() answered.
     *
     * @throws RuntimeException if the API does not answer: then the form must not be shown
     */
    public function whole($id, $stored)
    {
        if (strpos($stored, '<spilno-wall') === false) {
            return $stored;
        }
        $article = $this->call('GET', $id, null);
        $teaser = $article['teaser_html'];
        return $this->fromUtf8($teaser . self::DIVIDER . substr($article['body_html'], strlen($teaser)));
    }

    /**
     * Put an article: title, url, access, teaser_html, body_html, and what else PUT /v1/articles/{id} takes.
     *
     * @return string the seal, to be kept beside the article and given to wall(); '' where the API seals nothing
     * @throws RuntimeException with the reason, for the editor to see; nothing was changed then
     */
    public function put($id, array $article)
    {
        $body = json_encode($this->allToUtf8($article + array('origin' => $this->origin)));
        if ($body === false || $body === 'null') {
            throw new RuntimeException("The article is not in $this->charset, and was not put.");
        }
        $answer = $this->call('PUT', $id, $body);
        $this->warnings = array();
        foreach (isset($answer['warnings']) ? $answer['warnings'] : array() as $warning) {
            $this->warnings[$warning['code']] = $warning['title'];
        }
        return empty($answer['seal']) ? '' : json_encode($answer['seal']);
    }

    /** Take an article away from the API, where it may never have been. */
    public function delete($id)
    {
        $this->call('DELETE', $id, null);
    }

    /**
     * The teaser with what opens the rest: HTML that is right in every charset, made without asking anybody.
     *
     * @param string $teaser as HTML, in the page's own charset; the whole text never goes in here
     * @param string $seal   what put() answered, if the site keeps it
     */
    public function wall($id, $teaser, $seal = '')
    {
        $read = $this->escaped($this->api . '/read/' . rawurlencode($id));
        return '<spilno-wall class="spilno-wall" api="' . $this->escaped($this->api) . '" article="'
            . $this->escaped($id) . '"' . ($seal === '' ? '' : ' seal="' . $this->escaped($seal) . '"') . '>'
            . $teaser . '<p class="spilno-read-on"><a href="' . $read . '">' . $this->readOn . '</a></p></spilno-wall>';
    }

    /**
     * For the <head> of an article's own page, and of no other: what search engines are told, as JSON-LD.
     *
     * The same as every other tool of Spilno prints (docs/search-engines.md), made without asking anybody; in ASCII,
     * so that it is right in every charset. Texts are in the site's charset, as they stand in its pages.
     *
     * @param string $publisher the newsroom's name
     * @param string $stored    what gate() answered: with a wall in it the article is not free
     * @param array  $more      author, section, tags: as they were given to gate()
     * @return string a script, or '' where something is not in the charset: a page is shown whatever happens
     */
    public function about($title, $url, $publisher, $stored, array $more = array())
    {
        try {
            $about = $this->structuredData($title, $url, $publisher, $more);
        } catch (RuntimeException $error) {
            return '';
        }
        $gated = strpos($stored, '<spilno-wall') !== false;
        $about['isAccessibleForFree'] = !$gated;
        if ($gated) {
            $about['hasPart'] = array('@type' => 'WebPageElement', 'isAccessibleForFree' => false,
                'cssSelector' => '.spilno-wall');
        }
        // Every sign that could end the script is written by its number, as is every letter beyond ASCII.
        $json = @json_encode($about, JSON_HEX_TAG | JSON_HEX_AMP);
        return is_string($json) && $json !== 'null' ? '<script type="application/ld+json">' . $json . '</script>' : '';
    }

    private function structuredData($title, $url, $publisher, array $more)
    {
        $about = array('@context' => 'https://schema.org', '@type' => 'NewsArticle',
            'headline' => $this->asRead($title), 'url' => $url, 'mainEntityOfPage' => $url,
            'publisher' => array('@type' => 'NewsMediaOrganization', 'name' => $this->toUtf8($publisher)));
        if (!empty($more['author'])) {
            $about['author'] = array('@type' => 'Person', 'name' => $this->asRead($more['author']));
        }
        if (!empty($more['section'])) {
            $about['articleSection'] = $this->asRead($more['section']);
        }
        if (!empty($more['tags'])) {
            $about['keywords'] = array_map(array($this, 'asRead'), array_values($more['tags']));
        }
        return $about;
    }

    /** A title or a name as its readers see it, in UTF-8: pages print it as HTML, which it need not be. */
    private function asRead($text)
    {
        $text = preg_replace('~<(?:br|wbr)\s*/?>~i', ' ', $this->toUtf8($text));
        $pair = '~<(a|abbr|b|bdi|cite|code|del|em|font|i|ins|mark|nobr|q|s|small|span|strong|sub|sup|u)(?:\s[^<>]*)?>'
            . '(.*?)</\1\s*>~is';
        do {
            $text = preg_replace($pair, '$2', $text, -1, $found);
        } while ($found);
        $text = html_entity_decode($text, defined('ENT_HTML5') ? ENT_QUOTES | ENT_HTML5 : ENT_QUOTES, 'UTF-8');
        $seen = preg_replace('~[\x00-\x1F\x7F-\x{9F}\x{2028}-\x{202E}\x{2066}-\x{2069}\x{FEFF}]+~u', ' ', $text);
        if (!is_string($seen)) {
            throw new RuntimeException("This is not in $this->charset.");
        }
        return trim(preg_replace('~ {2,}~', ' ', $seen));
    }

    /** What everybody may read is published whether the API answers or not; the next time it is saved clears up. */
    private function deleteOwn($id)
    {
        try {
            $there = $this->call('GET', $id, null);
            if (isset($there['origin']) && $there['origin'] === $this->origin) {
                $this->delete($id);
            }
        } catch (RuntimeException $error) {
            return;
        }
    }

    /** Whether a reader sees anything of it: the halves of an element that the divider has cut are nothing. */
    private function shows($html)
    {
        $bare = preg_replace('~<(script|style|template)\b.*?</\1\s*>~is', '', $this->toUtf8($html));
        $bare = strip_tags($bare, '<img><picture><iframe><video><audio><object><embed><svg>');
        return trim(str_replace(array('&nbsp;', '&#160;', "\xC2\xA0"), ' ', $bare)) !== '';
    }

    private function escaped($ascii)
    {
        // Of the charsets that an old site may have, all hold ASCII as Latin-1 does.
        return htmlspecialchars($ascii, ENT_QUOTES, 'ISO-8859-1');
    }

    private function call($method, $id, $body)
    {
        $headers = array("Authorization: Bearer $this->key", 'Content-Type: application/json', 'Connection: close');
        // The key goes to the API alone: a redirect is an error.
        $http = array('method' => $method, 'header' => $headers, 'timeout' => $this->timeout,
            'ignore_errors' => true, 'follow_location' => 0, 'protocol_version' => 1.1);
        if ($body !== null) {
            $http['content'] = $body;
        }
        $url = $this->api . '/v1/articles/' . rawurlencode($id)
            . ($method === 'DELETE' ? '?origin=' . rawurlencode($this->origin) : '');
        $stream = @fopen($url, 'r', false, stream_context_create(array('http' => $http)));
        if ($stream === false) {
            $why = 'Spilno does not answer, or PHP may not ask (allow_url_fopen, openssl).';
            throw new RuntimeException($why);
        }
        // The time limit of the stream is for each read; an answer that comes byte by byte would take for ever.
        $text = '';
        for ($ends = time() + $this->timeout; !feof($stream) && time() <= $ends; $text .= $read) {
            $read = (string) fread($stream, 65536);
        }
        $meta = stream_get_meta_data($stream);
        $whole = feof($stream) && empty($meta['timed_out']);
        fclose($stream);
        $first = isset($meta['wrapper_data'][0]) ? $meta['wrapper_data'][0] : '';
        $status = preg_match('~^HTTP/\S+ (\d+)~', $first, $found) ? (int) $found[1] : 0;
        $answer = json_decode($text, true);
        $gone = $status === 404 && isset($answer['code']) && $answer['code'] === 'unknown_article';
        if ($method === 'DELETE' && ($status === 204 || $gone)) {
            return array();
        }
        if ($status !== 200 || !$whole || !is_array($answer)) {
            $title = is_array($answer) && isset($answer['title']) ? $answer['title'] : 'Try again.';
            throw new RuntimeException("Spilno did not take it: status $status. $title");
        }
        return $answer;
    }

    private function allToUtf8(array $values)
    {
        foreach ($values as $name => $value) {
            $values[$name] = is_array($value) ? $this->allToUtf8($value)
                : (is_string($value) ? $this->toUtf8($value) : $value);
        }
        return $values;
    }

    private function toUtf8($text)
    {
        if ($this->charset === 'utf-8') {
            return $text;
        }
        if ($this->charset === 'windows-1251' || $this->charset === 'cp1251') {
            return strtr($text, self::ofWindows1251());
        }
        $made = function_exists('iconv') ? @iconv($this->charset, 'UTF-8', $text) : false;
        if ($made === false) {
            throw new RuntimeException("This PHP cannot read $this->charset; it needs iconv for that.");
        }
        return $made;
    }

    private function fromUtf8($text)
    {
        if ($this->charset === 'utf-8') {
            return $text;
        }
        // Letters that the site's charset lacks become numbers, which every browser reads.
        $letters = in_array($this->charset, array('windows-1251', 'cp1251'), true)
            ? array_flip(self::ofWindows1251()) : array();
        return preg_replace_callback('/[^\x00-\x7F]/u', function ($found) use ($letters) {
            if (isset($letters[$found[0]])) {
                return $letters[$found[0]];
            }
            $bytes = array_values(unpack('C*', $found[0]));
            $code = $bytes[0] & (0x7F >> count($bytes));
            foreach (array_slice($bytes, 1) as $byte) {
                $code = $code << 6 | $byte & 63;
            }
            return "&#$code;";
        }, $text);
    }

    /** Each byte beyond ASCII, and the same letter in UTF-8. */
    private static function ofWindows1251()
    {
        static $letters = null;
        if ($letters === null) {
            // From 0x80 to 0xBF; the rest is the alphabet in its order.
            $codes = array_map('hexdec', explode(' ', '402 403 201A 453 201E 2026 2020 2021 20AC 2030 409 2039 40A 40C '
                . '40B 40F 452 2018 2019 201C 201D 2022 2013 2014 FFFD 2122 459 203A 45A 45C 45B 45F A0 40E 45E 408 A4 '
                . '490 A6 A7 401 A9 404 AB AC AD AE 407 B0 B1 406 456 491 B5 B6 B7 451 2116 454 BB 458 405 455 457'));
            $letters = array();
            foreach (array_merge($codes, range(0x410, 0x44F)) as $at => $code) {
                $letters[chr(0x80 + $at)] = $code < 0x800
                    ? chr(0xC0 | $code >> 6) . chr(0x80 | $code & 63)
                    : chr(0xE0 | $code >> 12) . chr(0x80 | $code >> 6 & 63) . chr(0x80 | $code & 63);
            }
        }
        return $letters;
    }
}
