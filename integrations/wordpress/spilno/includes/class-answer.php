<?php

namespace Spilno;

/** What Spilno answered. */
final class Answer
{
    /** @var int HTTP's; 0 where there was no answer */
    public $status;

    /** @var array<string, mixed> */
    public $json;

    /** @var int seconds that Spilno asks to wait, 0 where it says nothing */
    public $wait;

    /** @param array<string, mixed> $json */
    public function __construct(int $status, array $json = [], int $wait = 0)
    {
        $this->status = $status;
        $this->json = $json;
        $this->wait = $wait;
    }

    public function ok(): bool
    {
        return $this->status >= 200 && $this->status < 300;
    }

    /** Whether the same call may succeed later, without anybody mending anything. */
    public function may_pass(): bool
    {
        return $this->status === 0 || $this->status === 408 || $this->status === 429 || $this->status >= 500;
    }

    /** The API's code of what is wrong; else the status, such as `status_502`. */
    public function code(): string
    {
        return (string) ($this->json['code'] ?? "status_$this->status");
    }

    /** What is wrong, in a sentence of the API's; empty where it said none. */
    public function title(): string
    {
        return (string) ($this->json['title'] ?? '');
    }
}
