package dev.graft.transfer.evidence;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Looks for faults in the layout of a page. */
public final class PageLayout {
  private static final Map<String, Integer> WIDTHS = Map.of("phone", 360, "desktop", 1280);
  private static final String UNFOLD =
      "document.querySelectorAll('details').forEach(e => e.open = true)";

  private PageLayout() {}

  /**
   * What is wrong at the width of a phone and of a desktop, in light and dark, with everything
   * unfolded: what overflows, is empty, lies on something else, or can hardly be read.
   *
   * <p>With -Dgraft.pictures=FOLDER it keeps pictures for people to look at.
   */
  public static List<String> faults(Browser browser, Path page) throws IOException {
    List<String> found = new ArrayList<>();
    String script = script();
    for (Map.Entry<String, Integer> width : WIDTHS.entrySet()) {
      browser.resize(width.getValue(), 800);
      for (String scheme : List.of("light", "dark")) {
        browser.prefer(scheme);
        browser.open(page);
        browser.evaluate(UNFOLD);
        for (JsonNode fault : browser.evaluate(script)) {
          found.add(width.getKey() + ", " + scheme + ": " + fault.asText());
        }
        keepPicture(browser, page, width.getKey() + "-" + scheme);
      }
    }
    return found;
  }

  private static void keepPicture(Browser browser, Path page, String name) throws IOException {
    String folder = System.getProperty("graft.pictures");
    if (folder != null) {
      Path file =
          Files.createDirectories(Path.of(folder))
              .resolve(page.getFileName() + "-" + name + ".png");
      Files.write(file, browser.picture());
    }
  }

  private static String script() throws IOException {
    try (InputStream file = PageLayout.class.getResourceAsStream("layout.js")) {
      return new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
