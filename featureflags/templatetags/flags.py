"""Flags in templates.

    {% load flags %}
    {% flag "variant_generation_v2" %}four outlines{% else %}one outline{% endflag %}
    {% flag "variant_generation_v2" as multi %}{% if multi %}...{% endif %}

Both ask for the user of the request; without a request, for nobody.
"""

from __future__ import annotations

from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.template.context import Context

from featureflags.flags import is_enabled

register = template.Library()


class FlagNode(template.Node):
    """Renders one of two branches, or stores the answer under a name."""

    def __init__(
        self, flag: FilterExpression, name: str | None, on: NodeList | None = None, off: NodeList | None = None
    ) -> None:
        self.flag, self.name = flag, name
        self.nodelist_on = on or NodeList()
        self.nodelist_off = off or NodeList()

    child_nodelists = ("nodelist_on", "nodelist_off")

    def render(self, context: Context) -> str:
        """Return the branch of the decision; with `as`, nothing."""
        enabled = is_enabled(str(self.flag.resolve(context)), context.get("user"))
        if self.name is not None:
            context[self.name] = enabled
            return ""
        return (self.nodelist_on if enabled else self.nodelist_off).render(context)


@register.tag("flag")
def flag_tag(parser: Parser, token: Token) -> FlagNode:
    """Compile `{% flag KEY %}` with its branches, or `{% flag KEY as name %}`."""
    match token.split_contents():
        case [_, key]:
            on, off = parser.parse(("else", "endflag")), NodeList()
            if parser.next_token().contents == "else":
                off = parser.parse(("endflag",))
                parser.delete_first_token()
            return FlagNode(parser.compile_filter(key), None, on, off)
        case [_, key, "as", name]:
            return FlagNode(parser.compile_filter(key), name)
        case _:
            raise template.TemplateSyntaxError('Write {% flag "key" %} or {% flag "key" as name %}.')
