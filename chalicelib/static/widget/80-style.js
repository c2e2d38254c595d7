// One constructed style sheet for both elements: allowed under a strict Content-Security-Policy, where a
// <style> element would not be. Colours follow the page's own text colour, so dark pages need nothing.
const sheet = new CSSStyleSheet();
sheet.replaceSync(`
:host{display:block;font:inherit;--a:var(--spilno-accent,var(--spilno-newsroom-accent,#8a1c1c));--o:var(--spilno-on-accent,#fff);--l:var(--spilno-line,color-mix(in srgb,currentColor 55%,transparent));--r:var(--spilno-radius,3px)}
:host(:focus){outline:0}
:host([hidden]),[hidden]{display:none!important}
*{box-sizing:border-box}
p,h2,h3,fieldset{margin:0 0 .8em;padding:0;border:0;min-width:0}
h2,h3{line-height:1.2;font-size:1.35em}
h3{font-size:1.1em;margin-bottom:.4em}
legend,.label{display:block;padding:0;margin-bottom:.35em;font-size:.9em}
.row{display:flex;flex-wrap:wrap;gap:.4em;font-size:.92em}
.row>label{position:relative;flex:1 1 auto;display:flex;align-items:center;justify-content:center;min-height:44px;padding:.4em;border:1px solid var(--l);border-radius:var(--r);white-space:nowrap}
.row input{position:absolute;inset:0;width:100%;height:100%;margin:0;opacity:0;cursor:pointer}
.row>:has(:checked){background:var(--a);border-color:var(--a);color:var(--o)}
[part~=own],[part~=field],select,button{font:inherit;color:inherit;min-height:44px;padding:.5em .8em;border:1px solid var(--l);border-radius:var(--r);background:transparent}
option{color:#111;background:#fff}
[part~=own],[part~=field]{width:100%;max-width:22em}
[aria-invalid=true]{border:2px solid var(--spilno-error,#b3261e)}
#least{margin:.5em 0 .8em}
.line{display:flex;align-items:center;gap:.6em}
.line .label{margin:0}
button,.button{cursor:pointer}
button.main,a.button{display:block;width:100%;padding:.7em 1em;background:var(--a);border:1px solid var(--a);border-radius:var(--r);color:var(--o);font-weight:600;text-align:center;text-decoration:none}
[part~=sign-in] button.main{background:transparent;color:inherit;border-color:currentColor}
button[aria-disabled=true]{opacity:.75;cursor:progress}
button.quiet,a.quiet{min-height:24px;padding:.1em .2em;border:0;color:inherit;text-decoration:underline;text-underline-offset:.2em}
:focus-visible,.row>:has(:focus-visible){outline:2px solid var(--spilno-focus,currentColor);outline-offset:2px}
[part~=banner],[part~=note],[part~=line]{font-size:.85em}
[part~=banner]{padding:.4em;border:1px dashed var(--l)}
[part~=error]{padding-left:.7em;border-left:4px solid var(--spilno-error,#b3261e);font-weight:600}
[part~=note],[part~=line],[part~=error],.last{margin-bottom:0}
[part~=button]+[part~=note]{margin-top:.8em}
[part~=error]:not(:last-child){margin-bottom:.8em}
[part~=appeal],[part~=sign-in],[part~=line]{margin-top:1.5em;padding-top:1.2em;border-top:1px solid var(--l)}
[part~=appeal]{border-top:3px double var(--l)}
[part~=line]{padding-top:.6em}
@media(forced-colors:active){.row>:has(:checked){forced-color-adjust:none;background:Highlight;color:HighlightText}}
@media print{:host>:not(slot){display:none!important}}
`);
