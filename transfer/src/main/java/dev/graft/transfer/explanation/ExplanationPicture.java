package dev.graft.transfer.explanation;

import dev.graft.data.image.Canvas;
import dev.graft.data.image.PixelImage;
import dev.graft.data.image.Region;
import dev.graft.data.image.Scaling;
import dev.graft.transfer.visualisation.HeatPalette;
import java.util.List;
import java.util.Locale;

/** Paints an explanation: three panels of the same size, headings above, scales below. */
final class ExplanationPicture {
  private static final int LONGER_SIDE = 380;
  private static final int NARROWEST_PANEL = 250;
  private static final int MARGIN = 18;
  private static final int HEADING = 34;
  private static final int LEGEND = 62;
  private static final int SCALE_HEIGHT = 12;
  private static final double TITLE = 11;
  private static final double WORDS = 8.5;
  private static final int PAPER = 0xFFFFFF;
  private static final int INK = 0x202020;
  private static final int FAINT_INK = 0x606060;

  /** Smaller drops of a probability are noise and shall not be painted in full colour. */
  private static final double SMALLEST_DROP_SHOWN = 0.02;

  /** How much of a place's colour is that of the map: at its lowest, and more at its highest. */
  private static final double FAINTEST = 0.15;

  private static final double STRONGEST = 0.7;

  private final Explanation explanation;
  private final PixelImage panel;
  private final Region seen;
  private final int panelWidth;
  private final int columnWidth;

  ExplanationPicture(Explanation explanation) {
    this.explanation = explanation;
    PixelImage image = explanation.input().shown();
    double scale = (double) LONGER_SIDE / Math.max(image.width(), image.height());
    panelWidth = (int) Math.max(1, Math.round(scale * image.width()));
    panel = Scaling.to(image, panelWidth, (int) Math.max(1, Math.round(scale * image.height())));
    Region part = explanation.input().seen();
    double across = (double) panelWidth / image.width();
    double down = (double) panel.height() / image.height();
    seen =
        new Region(part.x() * across, part.y() * down, part.width() * across, part.height() * down);
    columnWidth = Math.max(panelWidth, NARROWEST_PANEL);
  }

  PixelImage paint() {
    Canvas canvas =
        new Canvas(3 * columnWidth + 4 * MARGIN, panel.height() + HEADING + LEGEND + MARGIN, PAPER);
    column(canvas, 0, name(), panel);
    List<String> caption = explanation.input().caption();
    for (int line = 0; line < caption.size(); line++) {
      words(canvas, 0, line + 1, caption.get(line));
    }
    gradCam(canvas);
    occlusion(canvas);
    return canvas.image();
  }

  private String name() {
    String share = percent(explanation.probability());
    String named = explanation.label() + "  " + share;
    boolean fits = Canvas.canWrite(named) && Canvas.widthOf(named, TITLE) <= columnWidth;
    return fits ? named : "probability " + share;
  }

  private void gradCam(Canvas canvas) {
    if (explanation.activation() instanceof ClassActivation.Found found) {
      double highest = found.map().highest();
      column(canvas, 1, "Grad-CAM" + directions(found.map()), overlay(found.map(), highest));
      if (highest > 0) {
        scale(canvas, 1, "no evidence for it", "most");
      } else {
        words(canvas, 1, 1, "Nothing speaks for this class.");
      }
    } else {
      column(canvas, 1, "Grad-CAM", overlay(explanation.occlusion().drops(), 0));
      words(canvas, 1, 1, "Cannot be had of this network.");
    }
  }

  private void occlusion(Canvas canvas) {
    HeatGrid drops = explanation.occlusion().drops();
    double most = Math.max(SMALLEST_DROP_SHOWN, drops.highest());
    column(canvas, 2, "Occlusion" + directions(drops), overlay(drops, most));
    scale(canvas, 2, explanation.input().covered() + ": no change", "-" + points(most));
  }

  private String directions(HeatGrid map) {
    return map.rows() == 1 && explanation.input() instanceof ExplainedSound ? " over time" : "";
  }

  private static String points(double share) {
    return String.format(Locale.ROOT, "%.0f points", 100 * share);
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * share);
  }

  private void column(Canvas canvas, int number, String heading, PixelImage picture) {
    int x = left(number);
    canvas.write(heading, x, HEADING - 12, TITLE, INK);
    canvas.draw(picture, x, HEADING);
  }

  private int left(int number) {
    return MARGIN + number * (columnWidth + MARGIN);
  }

  private void words(Canvas canvas, int number, int line, String text) {
    canvas.write(text, left(number), HEADING + panel.height() + 4 + 18 * line, WORDS, FAINT_INK);
  }

  private void scale(Canvas canvas, int number, String lowest, String highest) {
    int x = left(number);
    int y = HEADING + panel.height() + 10;
    byte[] rgb = new byte[3 * columnWidth * SCALE_HEIGHT];
    for (int i = 0; i < columnWidth * SCALE_HEIGHT; i++) {
      HeatPalette.write(i % columnWidth / (columnWidth - 1.0), rgb, 3 * i);
    }
    canvas.draw(new PixelImage(columnWidth, SCALE_HEIGHT, rgb), x, y);
    int baseline = y + SCALE_HEIGHT + 18;
    canvas.write(lowest, x, baseline, WORDS, FAINT_INK);
    int width = Canvas.widthOf(highest, WORDS);
    canvas.write(highest, x + columnWidth - width, baseline, WORDS, FAINT_INK);
  }

  /** The image in greys with the map over what the network sees. */
  private PixelImage overlay(HeatGrid map, double most) {
    int height = panel.height();
    byte[] rgb = new byte[3 * panelWidth * height];
    byte[] colour = new byte[3];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < panelWidth; x++) {
        int at = 3 * (y * panelWidth + x);
        double grey = luma(at);
        double across = (x + 0.5 - seen.x()) / seen.width();
        double down = (y + 0.5 - seen.y()) / seen.height();
        boolean outside = across < 0 || across > 1 || down < 0 || down > 1;
        if (outside || most <= 0) {
          byte faded = (byte) Math.round(outside ? 170 + 0.25 * grey : grey);
          rgb[at] = faded;
          rgb[at + 1] = faded;
          rgb[at + 2] = faded;
          continue;
        }
        double share = Math.max(0, Math.min(1, map.at(across, down) / most));
        double opacity = FAINTEST + (STRONGEST - FAINTEST) * share;
        HeatPalette.write(share, colour, 0);
        for (int c = 0; c < 3; c++) {
          rgb[at + c] = (byte) Math.round((1 - opacity) * grey + opacity * (colour[c] & 0xFF));
        }
      }
    }
    return new PixelImage(panelWidth, height, rgb);
  }

  private double luma(int at) {
    byte[] rgb = panel.rgb();
    return 0.299 * (rgb[at] & 0xFF) + 0.587 * (rgb[at + 1] & 0xFF) + 0.114 * (rgb[at + 2] & 0xFF);
  }
}
