package dev.graft.runtime;

import java.nio.file.Files;
import java.nio.file.Path;

/** Replaces a bundle over and over, until it is killed; says a word after each. */
final class BundleReplacingProcess {
  private BundleReplacingProcess() {}

  public static void main(String... arguments) throws Exception {
    Path bundle = Path.of(arguments[0]);
    while (true) {
      try (BundlePlace place = BundlePlace.take(bundle)) {
        TestBundles.write(place.staging());
        Files.createDirectories(place.staging().resolve(BundleLayout.EXAMPLES));
        place.moveIn();
      }
      System.out.println("replaced");
    }
  }
}
