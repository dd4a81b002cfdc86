"""What is typed of digests. None has gone out yet; Luis reads child care's, Ben the funder edition."""

from __future__ import annotations

from tests.handlers.commands.rows import By, fails, other, works, writes, writes_wrong

NEAR = "I don't know “talant”. Did you mean *Talent pathways*?"
UNKNOWN = "I don't know “qqqq”. There are digests of Talent pathways, Supplier and small-firm growth"
NOT_HIS = "The digest of Talent pathways is read by its working group, steering and the coordinators. Yolanda Briggs or"
REFUSED = "Digests are sent by the coordinators. Dana Whitlock can help."

ROWS = (
    works("", "omar", "", "*Digests you get*", "• Talent pathways in #lb-talent", "*Latest:* none yet"),
    works("", "omar", "talent", "[Digest preview]\n", "Talent pathways"),
    fails("", "omar", "talant", NEAR),
    fails("", "omar", "qqqq", f"[Backbeat]\n{UNKNOWN}"),
    fails("", "omar", "histry", "I don't know “histry”. Did you mean *digest history*?"),
    writes("", "yolanda", "digest", "• Your part, Talent pathways, the working day before"),
    writes("", "ben", "digest", "• The funder edition by direct message"),
    other("", "omar", By.BACKBEAT, "digest", "*Digests you get*"),
    other("", "omar", By.PREFIX, "", "*Digests you get*"),
    works(
        "preview", "omar", "preview talent", "[Digest preview]\nA preview: nothing is sent by it.", "Talent pathways"
    ),
    fails("preview", "omar", "preview talant", f"[Backbeat]\n{NEAR}"),
    fails("preview", "omar", "preview qqqq", f"[Backbeat]\n{UNKNOWN}"),
    fails("preview", "luis", "preview talent", f"[Backbeat]\n{NOT_HIS}"),
    writes("preview", "yolanda", "digest preview talent", "A preview: nothing is sent by it."),
    writes("preview", "ben", "digest preview", "A preview: nothing is sent by it.", "*Overdue:* Three providers"),
    works("history", "omar", "history", "No digest has gone out yet.", "Preview"),
    fails("history", "omar", "history may", "I don't know “history may”. Did you mean */digest history*?"),
    fails("history", "omar", "histori", "I don't know “histori”. Did you mean *digest history*?"),
    fails("history", "omar", "past week", "I don't know “past week”. Did you mean */digest history*?"),
    works("subscribe", "omar", "subscribe", "*Copies by direct message*", "*Roll-up* · not sent to you"),
    works("subscribe", "omar", "subscribe talent", "Talent pathways comes to you from the next digest on."),
    fails("subscribe", "omar", "subscribe talant", NEAR),
    fails("subscribe", "omar", "subscribe qqqq", UNKNOWN),
    fails("subscribe", "luis", "subscribe talent", NOT_HIS),
    writes("subscribe", "ben", "digest subscribe", "*Funder edition: Next Rung Fund* · comes to you"),
    works("unsubscribe", "omar", "unsubscribe talent", "Talent pathways isn't sent to you anymore."),
    fails("unsubscribe", "omar", "unsubscribe talent", "Talent pathways isn't sent to you anymore."),
    fails("unsubscribe", "omar", "unsubscribe", "*Copies by direct message*", "*Talent pathways* · not sent to you"),
    fails("unsubscribe", "omar", "unsubscribe talant", NEAR),
    fails("unsubscribe", "omar", "unsubscribe qqqq", UNKNOWN),
    writes(
        "unsubscribe", "ben", "digest unsubscribe", "*Funder edition: Next Rung Fund* · comes to you", "Stop copies"
    ),
    works("send", "omar", "send", "*Send this week's digest now?*", "It goes to #lb-steering", "Send now"),
    fails("send", "omar", "send qqqq", "I don't know the digest “qqqq”. There is Friday leadership digest."),
    fails("send", "luis", "send", REFUSED),
    fails("send", "omar", "sned", "I don't know “sned”. Did you mean *digest send*?"),
    writes_wrong("send", "ben", "digest send", REFUSED),
    works("move", "omar", "move", "[Move a digest]\n", "*Friday leadership digest*: only the digest that you choose"),
    fails(
        "move", "omar", "move qqqq", "[Backbeat]\nI don't know the digest “qqqq”. There is Friday leadership digest."
    ),
    fails("move", "luis", "move", "[Backbeat]\n" + REFUSED),
    fails("move", "omar", "mov", "I don't know “mov”. Did you mean *digest move*?"),
    writes_wrong("move", "ben", "digest move", REFUSED),
    works("forward", "omar", "forward", "[Pass on the digest]\n", "No digest has gone out yet."),
    fails("forward", "omar", "forward qqqq", "I don't know “forward qqqq”. Did you mean */digest forward*?"),
    fails("forward", "luis", "forward", REFUSED),
    fails("forward", "omar", "forwards", "I don't know “forwards”. Did you mean *digest forward*?"),
    writes_wrong("forward", "ben", "digest forward", REFUSED),
    works("help", "luis", "help", "`/digest preview [PRIORITY]` how it would read now; nothing is sent"),
    fails("help", "omar", "hepl", "I don't know “hepl”. Did you mean *digest help*?"),
    fails("help", "omar", "help send", "I don't know “help send”. Did you mean */digest help*?"),
    fails("help", "omar", "helpp", "I don't know “helpp”. Did you mean *digest help*?"),
    writes("help", "yolanda", "digest help", "`digest history` past digests, as they were published"),
    other("help", "omar", By.PREFIX, "help", "`/lb-digest send [NAME]`"),
)
