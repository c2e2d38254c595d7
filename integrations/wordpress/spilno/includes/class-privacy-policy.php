<?php

namespace Spilno;

/** What a newsroom may say of Spilno in its page about privacy: Settings → Privacy suggests it. */
final class Privacy_Policy
{
    public static function hooks(): void
    {
        add_action('admin_init', static function (): void {
            wp_add_privacy_policy_content(__('Spilno', 'spilno'), wp_kses_post(self::text()));
        });
    }

    private static function text(): string
    {
        $ours = '<p class="privacy-policy-tutorial">%s</p>';
        $suggested = '<strong class="privacy-policy-tutorial">%s </strong>';
        $paragraph = '<p>%s</p>';
        return sprintf($ours, esc_html__('The plugin itself stores nothing about readers in WordPress and sends nothing about them. Their browsers load a script from your Spilno, which keeps what its own page about privacy says.', 'spilno'))
            . sprintf($suggested, esc_html__('Suggested text:', 'spilno'))
            . sprintf($paragraph, esc_html__('Who supports us, and texts for supporters, are kept by our own Spilno, not by this website. Where a page has a donate button, a text for supporters or a link to sign in, your browser loads a script from there, and it sees your IP address as any server does.', 'spilno'))
            . sprintf($paragraph, esc_html__('Two cookies, spilno-ask and spilno-asked, hold only a 1, or 1-gift in a browser that came by a gift link. They tell the page whether to ask if a text is open to you, name nobody, and are read by nobody but this site.', 'spilno'))
            . sprintf($paragraph, esc_html__('What we know about you as a supporter is on the page “My support”, where you can also download it and have it deleted.', 'spilno'));
    }
}
