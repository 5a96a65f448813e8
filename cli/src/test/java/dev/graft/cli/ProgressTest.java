package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ProgressTest {
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private long nanos;

  private Progress on(Terminal terminal) {
    Console console =
        new Console(
            InputStream.nullInputStream(),
            OutputStream.nullOutputStream(),
            written,
            StandardCharsets.UTF_8,
            terminal);
    return new Progress(console, () -> nanos);
  }

  private String text() {
    return written.toString(StandardCharsets.UTF_8);
  }

  private void pass(double seconds) {
    nanos += Math.round(seconds * Duration.ofSeconds(1).toNanos());
  }

  // --- elsewhere than on a terminal
  // ---------------------------------------------------------------

  @Test
  void update_withoutTerminal_writesPlainLineEveryFiveSeconds() {
    try (Progress progress = on(Terminal.none())) {
      progress.phase("Features");
      for (int done = 1; done <= 120; done++) {
        pass(0.1);
        progress.update("Features", done, 400, "images");
      }
    }
    assertThat(text().lines())
        .containsExactly(
            "Features ...",
            "Features: 12 %, 50 of 400 images, 10/s, 35 s left",
            "Features: 25 %, 100 of 400 images, 10/s, 30 s left",
            "Features: 120 images in 12.0 s, 10/s");
  }

  @Test
  void note_withoutTerminal_isLineOfItsOwn() {
    try (Progress progress = on(Terminal.none())) {
      progress.phase("Training");
      progress.note("Epoch 1 of 3");
    }
    assertThat(text().lines()).containsExactly("Training ...", "Epoch 1 of 3");
  }

  // --- on a terminal -----------------------------------------------------------------------------

  @Test
  void update_onTerminal_redrawsOneLineWithBarRateAndTimeLeft() {
    try (Progress progress = on(new Terminal(true, true, false, false, 100))) {
      progress.phase("Features");
      pass(10);
      progress.update("Features", 50, 200, "images");
      assertThat(text())
          .endsWith(
              "\r\u001b[K[###---------] Features: 25 %, 50 of 200 images, 5.0/s," + " 30 s left");
      assertThat(text()).doesNotContain("\n", "\u001b[36m");
    }
    assertThat(text()).endsWith("Features: 50 images in 10.0 s, 5.0/s\n");
  }

  @Test
  void update_onTerminal_redrawsAtMostTenTimesASecond() {
    try (Progress progress = on(new Terminal(true, true, false, false, 100))) {
      progress.phase("Features");
      for (int done = 1; done <= 1_000; done++) {
        pass(0.001);
        progress.update("Features", done, 5_000, "images");
      }
      assertThat(text().split("\r", -1)).hasSizeLessThan(15);
    }
  }

  @Test
  void update_onColouredTerminal_coloursTheBarOnly() {
    try (Progress progress = on(new Terminal(true, true, false, true, 100))) {
      progress.phase("Features");
      pass(1);
      progress.update("Features", 1, 2, "images");
      assertThat(text()).contains("\u001b[36m[######------] \u001b[0mFeatures: 50 %");
    }
  }

  @Test
  void update_onNarrowTerminal_staysOnOneLine() {
    try (Progress progress = on(new Terminal(true, true, false, false, 40))) {
      progress.phase("A phase with a name that is rather long");
      pass(1);
      progress.update("A phase with a name that is rather long", 1, 2, "images");
      String drawn = text().substring(text().lastIndexOf("\u001b[K") + 3);
      assertThat(drawn).hasSize(39);
    }
  }

  @Test
  void note_onTerminal_staysAboveTheLine() {
    try (Progress progress = on(new Terminal(true, true, false, false, 100))) {
      progress.phase("Training");
      progress.note("Epoch 1 of 3");
      assertThat(text()).contains("\u001b[KEpoch 1 of 3\n\r\u001b[KTraining ...");
    }
  }

  @Test
  void update_unknownTotal_countsOnly() {
    try (Progress progress = on(new Terminal(true, true, false, false, 100))) {
      progress.phase("Reading");
      pass(2);
      progress.update("Reading", 30, 0, "files");
      assertThat(text()).endsWith("\u001b[KReading: 30 files, 15/s");
    }
  }
}
