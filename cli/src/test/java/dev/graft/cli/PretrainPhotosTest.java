package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.cli.Commands.Outcome;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.TreeSet;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pre-training on photographs of 40 classes: a minute of what makes the bundled backbone. */
@Tag("reference-data")
@Tag("slow")
class PretrainPhotosTest {
  private static final int CLASSES = 40;

  @TempDir Path folder = Path.of(".");

  /** A guess is right for 2.5 % of the images. */
  @Test
  void pretrain_fortyClassesFromFreshWeights_beatsTenPercent() throws IOException {
    Path source = Path.of(System.getProperty("graft.shared", "absent"), "data/tiny-imagenet.zip");
    assumeTrue(Files.isRegularFile(source), "reference data absent: " + source);
    Path data = folder.resolve("forty.zip");
    copyFirstClasses(source, data);
    Outcome outcome =
        Commands.run(
            "pretrain",
            data,
            "--out",
            folder.resolve("backbone"),
            "--widths",
            "16,32,64,128",
            "--size",
            "48",
            "--start-size",
            "32",
            "--epochs",
            "4",
            "--averaging",
            "0.98",
            "--json");
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    double accuracy =
        new ObjectMapper().readTree(outcome.out()).at("/validation/accuracy").asDouble();
    assertThat(accuracy).isGreaterThan(0.10);
  }

  private static void copyFirstClasses(Path source, Path target) throws IOException {
    try (ZipFile zip = new ZipFile(source.toFile());
        OutputStream file = Files.newOutputStream(target);
        ZipOutputStream copy = new ZipOutputStream(file)) {
      TreeSet<String> classes = new TreeSet<>();
      zip.stream().map(entry -> entry.getName().split("/")[1]).forEach(classes::add);
      String last = classes.stream().skip(CLASSES - 1).findFirst().orElseThrow();
      Enumeration<? extends ZipEntry> entries = zip.entries();
      while (entries.hasMoreElements()) {
        ZipEntry entry = entries.nextElement();
        if (entry.getName().split("/")[1].compareTo(last) <= 0) {
          copy.putNextEntry(new ZipEntry(entry.getName()));
          zip.getInputStream(entry).transferTo(copy);
        }
      }
    }
  }
}
