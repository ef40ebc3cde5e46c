"""A fuzzer as an outsider would write it: it shares no code with the product but ``check`` and ``Network``.

A claim is drawn as an expression tree; its *text* is written in one of the spellings of the language, with as few
brackets as print has (``spelling``), and side by side its *value* is computed with NumPy at several widths
(``values``). True claims come from laws and from derivatives worked out by hand, false ones from slips (``laws``). What
is true is decided by value alone; what ``check`` says is then held against it (``judging``).

``test_outsider`` judges a few hundred claims in every test run and 100,000 with ``-m long`` (``-n 2`` shares them out).
A seed always draws the same claims: ``list(claims(seed, count, [slopes]))`` shows those of a family.

To add an operation: its shape in ``trees.SHAPES``, its value in ``values.VALUES``, its text in ``spelling.Writer``; a
line in ``drawing.Drawing`` draws it, and lines in ``laws.LAWS`` and ``laws.slope`` say what is true of it. To add a
family of claims: a function from a ``Random`` to a ``Claim`` in ``families``, named in ``FAMILIES`` with its weight; it
raises ``Misfit`` where a draw makes no sense. A kind of error that a verdict may have belongs into ``judging.Report``.
"""
