"""How an exported page looks: light and dark as the reader's system is, from a phone's width to paper."""

from __future__ import annotations

STYLE = """
:root { color-scheme: light dark; --ink: #1f2328; --quiet: #636c76; --paper: #fdfdfc; --card: #f4f5f6; --line:
  #d8dce1; --good: #17713a; --bad: #b42318; --open: #8a5a00;
  --link: #0b5cad; --key: #7a3e9d; --text: #17713a; --number: #0b5cad }
@media (prefers-color-scheme: dark) { :root { --ink: #dfe3e8; --quiet: #9aa4af; --paper: #14171b; --card: #1d2127;
  --line: #343a42; --good: #58c17c; --bad: #ff8a7a; --open: #e0b04a; --link: #7ab7f5; --key: #d0a0ea; --text: #7fcf9b;
  --number: #8fc1f7 } }
* { box-sizing: border-box }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1.06rem/1.65 Charter, "Bitstream Charter",
  "Iowan Old Style", Georgia, "DejaVu Serif", serif; -webkit-text-size-adjust: 100% }
main, header, footer { max-width: 44rem; margin: 0 auto; padding: 0 1.1rem }
header { padding-top: 2.6rem }
h1, h2, h3, .eyebrow, nav, footer, figcaption, .badge, summary, th, .contents b { font-family: system-ui,
  -apple-system,
  "Segoe UI", Roboto, "DejaVu Sans", sans-serif }
.eyebrow { margin: 0; color: var(--quiet); font-size: .85rem; letter-spacing: .06em; text-transform: uppercase }
h1 { margin: .2rem 0 1rem; font-size: 1.95rem; line-height: 1.2; letter-spacing: -.01em }
h2 { margin: 2.6rem 0 .6rem; font-size: 1.3rem; line-height: 1.3 }
h3 { margin: 2rem 0 .4rem; font-size: 1.08rem }
.lead { color: var(--quiet); font-size: 1.12rem; font-style: italic }
a { color: var(--link); text-underline-offset: .15em }
p, li { overflow-wrap: break-word }
li { margin: .35rem 0 }
li > p { margin: .4rem 0 }
code, pre, samp { font-family: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace }
code { font-size: .88em; background: var(--card); padding: .1em .32em; border-radius: .3em; overflow-wrap: anywhere }
pre { margin: 1.1rem 0; padding: .85rem 1rem; overflow-x: auto; background: var(--card); border-radius: .5rem;
  font-size: .82rem; line-height: 1.5; tab-size: 4 }
pre code { background: none; padding: 0; font-size: inherit; overflow-wrap: normal }
pre.python { border-bottom-left-radius: 0; border-bottom-right-radius: 0; margin-bottom: 0 }
pre.python.alone { border-radius: .5rem; margin-bottom: 1.1rem }
pre.output { margin-top: 0; border-top: 1px dashed var(--line); border-top-left-radius: 0; border-top-right-radius: 0;
  color: var(--quiet) }
pre.console b { color: var(--ink) }
pre.console { color: var(--quiet) }
pre .k, pre .kn, pre .kc, pre .ow { color: var(--key) } pre .s1, pre .s2, pre .sd, pre .sa { color: var(--text) }
pre .mi, pre .mf { color: var(--number) } pre .c1 { color: var(--quiet); font-style: italic }
math { font-family: "STIX Two Math", "Cambria Math", "Latin Modern Math", "DejaVu Math TeX Gyre", math }
math[display=block] { font-size: 1.1rem; margin: 0; text-align: left }
mtd { padding: .25em 0 } mtd:first-child { text-align: right; padding-right: .28em } mtd:last-child {
  text-align: left }
mtd:only-child { text-align: center }
.claim { margin: .9rem 0; border-left: 3px solid var(--line); padding: .1rem 0 .1rem .9rem; break-inside: avoid }
.claim.proved { border-color: var(--good) } .claim.wrong { border-color: var(--bad) } .claim.open {
  border-color: var(--open) }
.claim summary { display: flex; align-items: center; gap: 1rem; cursor: pointer; list-style: none }
.claim summary::-webkit-details-marker { display: none }
.claim .formula { flex: 1 1 auto; overflow-x: auto; padding: .35rem 0; min-width: 0 }
.claim.plain { display: flex; align-items: center; gap: 1rem }
.badge { flex: none; font-size: .78rem; white-space: nowrap; color: var(--quiet) }
.badge span, .good { color: var(--good) } .badge .bad, .bad { color: var(--bad) } .badge .open, .open { color:
  var(--open) }
.mark { color: var(--bad) } .quiet { color: var(--quiet) }
.badge::after { content: " ▸"; color: var(--quiet) } details[open] > summary .badge::after { content: " ▾" }
.plain .badge::after { content: "" }
.claim .typed { font-size: .86rem }
.why { margin: .1rem 0 .3rem; font-size: .94rem; color: var(--quiet) }
.answer-lines { margin: .3rem 0 .5rem; font-size: .76rem }
.sheet { margin: 1.1rem 0; background: var(--card); border-radius: .5rem; padding: .7rem 0; break-inside: avoid }
.sheet pre { margin: 0; padding: 0 1rem; background: none; border-radius: 0 }
.sheet .lines { display: grid; grid-template-columns: minmax(0, 1fr) auto; overflow-x: auto }
.sheet .marks { padding: 0 1rem 0 .4rem; text-align: right }
.sheet details { padding: .3rem 1rem 0; font-size: .85rem; color: var(--quiet) }
.sheet summary { cursor: pointer; font-size: .78rem }
figure { margin: 1.6rem 0; text-align: center; break-inside: avoid }
figure svg { max-width: 100%; height: auto; color: var(--ink) }
figcaption { margin-top: .5rem; font-size: .88rem; line-height: 1.45; color: var(--quiet) }
table { border-collapse: collapse; margin: 1.2rem 0; font-size: .95rem; display: block; overflow-x: auto;
  max-width: 100% }
th, td { padding: .4rem .9rem .4rem 0; text-align: left; border-bottom: 1px solid var(--line); vertical-align: top }
th { font-size: .82rem; font-weight: 600 }
blockquote { margin: 1rem 0; padding: 0 0 0 1rem; border-left: 3px solid var(--line); color: var(--quiet) }
details.think { margin: .5rem 0 1.4rem; padding-left: 1rem; border-left: 3px solid var(--line) }
details.think > summary { cursor: pointer; font-size: .88rem; color: var(--link) }
nav { display: flex; flex-wrap: wrap; justify-content: space-between; gap: .4rem 1.5rem; margin-bottom: 1.1rem;
  font-size: .88rem }
footer { margin-top: 3.5rem; padding-top: 1rem; padding-bottom: 3rem; font-size: .85rem; color: var(--quiet) }
.contents { list-style: none; padding: 0 } .contents li { margin: 1.1rem 0 } .contents p { margin: .15rem 0;
  color: var(--quiet) }
@media print { :root { --ink: #000; --quiet: #444; --paper: #fff; --card: #f4f4f4; --line: #ccc; --good: #0a5a2a;
  --bad: #8f1b12; --link: #000 } body { font-size: 10.5pt } main, header, footer { max-width: none } nav {
  display: none }
  details.think::details-content { content-visibility: visible; block-size: auto } pre { white-space: pre-wrap }
  .badge::after { content: "" } h2, h3 { break-after: avoid } }
@media (max-width: 32rem) { body { font-size: 1rem } h1 { font-size: 1.6rem } .claim summary, .claim.plain {
  gap: .5rem }
  .claim summary { flex-wrap: wrap } pre { font-size: .74rem } }
"""
