package dev.graft.transfer.evidence;

/**
 * The frame of the pages that people read: one HTML file that needs no network, no script and no
 * other file. Its content security policy forbids everything but its own style and the pictures and
 * sound inside of it. Not thread-safe.
 */
public final class HtmlPage {

  private final String title;
  private final StringBuilder style = new StringBuilder(ReportStyle.CSS);
  private final StringBuilder links = new StringBuilder();
  private final StringBuilder sections = new StringBuilder();

  /** An empty page; its title is also its heading. */
  public HtmlPage(String title) {
    this.title = title;
  }

  /** Adds rules to the common style. */
  public HtmlPage style(String css) {
    style.append(css);
    return this;
  }

  /**
   * Adds a section.
   *
   * @param id what links point to: letters, digits and "-"
   * @param name what the list of sections calls it
   * @param heading above it
   * @param inner its content, as HTML
   */
  public HtmlPage section(String id, String name, String heading, String inner) {
    links
        .append("<li><a href=\"#")
        .append(id)
        .append("\">")
        .append(HtmlText.escape(name))
        .append("</a></li>\n");
    sections
        .append("<section id=\"")
        .append(id)
        .append("\" aria-labelledby=\"")
        .append(id)
        .append("-heading\">\n<h2 id=\"")
        .append(id)
        .append("-heading\">")
        .append(HtmlText.escape(heading))
        .append("</h2>\n")
        .append(inner)
        .append("</section>\n");
    return this;
  }

  /** The whole file. */
  public String html() {
    return """
    <!doctype html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <meta name="referrer" content="no-referrer">
    <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:; media-src data:">
    """
        + "<title>"
        + HtmlText.escape(title)
        + "</title>\n<style>\n"
        + style
        + "</style>\n</head>\n<body>\n<header>\n<h1>"
        + HtmlText.escape(title)
        + "</h1>\n<nav aria-label=\"Sections\"><ul>\n"
        + links
        + "</ul></nav>\n</header>\n<main>\n"
        + sections
        + "</main>\n</body>\n</html>\n";
  }
}
