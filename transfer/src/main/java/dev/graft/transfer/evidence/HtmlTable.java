package dev.graft.transfer.evidence;

import java.util.List;

/** Builds an HTML table whose rows each begin with a heading. Not thread-safe. */
final class HtmlTable {

  private final String caption;
  private String style = "";
  private final StringBuilder head = new StringBuilder();
  private final StringBuilder body = new StringBuilder();

  HtmlTable(String caption) {
    this.caption = caption;
  }

  HtmlTable classed(String name) {
    style = " class=\"" + name + "\"";
    return this;
  }

  /** The headings of the columns, the one of the row headings first. */
  HtmlTable columns(List<String> headings) {
    head.append("<thead><tr>");
    headings.forEach(
        heading ->
            head.append("<th scope=\"col\">").append(HtmlText.escape(heading)).append("</th>"));
    head.append("</tr></thead>\n");
    return this;
  }

  /** A row; its cells are made by {@link #words}, {@link #number} or {@link #cell}. */
  HtmlTable row(String heading, String... cells) {
    body.append("<tr><th scope=\"row\"><bdi>")
        .append(HtmlText.escape(heading))
        .append("</bdi></th>");
    for (String cell : cells) {
      body.append(cell);
    }
    body.append("</tr>\n");
    return this;
  }

  static String words(String words) {
    return "<td><bdi>" + HtmlText.escape(words) + "</bdi></td>";
  }

  static String number(String figure) {
    return "<td class=\"number\">" + HtmlText.escape(figure) + "</td>";
  }

  /** A cell of HTML made here. */
  static String cell(String attributes, String html) {
    return "<td" + attributes + ">" + html + "</td>";
  }

  /** The table in a box that scrolls sideways where the screen is narrow, also by keyboard. */
  String html() {
    String name = HtmlText.escape(caption);
    return "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\""
        + name
        + "\">\n<table"
        + style
        + ">\n<caption>"
        + name
        + "</caption>\n"
        + head
        + "<tbody>\n"
        + body
        + "</tbody>\n</table>\n</div>\n";
  }
}
