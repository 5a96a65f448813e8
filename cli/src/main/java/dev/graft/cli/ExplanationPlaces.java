package dev.graft.cli;

import dev.graft.transfer.TransferException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Where explanations go; decided, and refused, before the work begins. */
final class ExplanationPlaces {
  private static final String EXPLAINED = ".explained";

  private final List<Path> places;

  private ExplanationPlaces(List<Path> places) {
    this.places = places;
  }

  /**
   * Finds a place for each input.
   *
   * @param out one file, or a folder, which is made; null for the current folder
   * @param ending of the files, such as ".png"
   * @param ids names of the inputs
   * @throws TransferException if a file is there already, or a folder cannot be written to
   */
  static ExplanationPlaces place(
      @Nullable Path out, String ending, List<String> ids, boolean overwrite) {
    if (out != null
        && String.valueOf(out.getFileName()).toLowerCase(Locale.ROOT).endsWith(ending)) {
      if (ids.size() > 1) {
        throw new TransferException(
            TransferException.Cause.SETTINGS,
            "Writing "
                + out
                + ": it is one file, but there are "
                + ids.size()
                + " inputs. Give --out a folder, or one input.");
      }
      OutputFile.require(out, overwrite);
      return new ExplanationPlaces(List.of(out));
    }
    Path folder = out == null ? Path.of("") : out;
    if (!ids.isEmpty()) {
      make(folder);
    }
    List<Path> places = new ArrayList<>();
    Set<String> taken = new HashSet<>();
    for (String id : ids) {
      String stem = stem(id);
      String name = stem + EXPLAINED + ending;
      for (int number = 2; !taken.add(name.toLowerCase(Locale.ROOT)); number++) {
        name = stem + "-" + number + EXPLAINED + ending;
      }
      Path place = folder.resolve(name);
      OutputFile.require(place, overwrite);
      places.add(place);
    }
    return new ExplanationPlaces(places);
  }

  /** The name of a file without its folders and its ending. */
  private static String stem(String id) {
    String name = id.substring(id.replace('\\', '/').lastIndexOf('/') + 1);
    int dot = name.lastIndexOf('.');
    String stem = dot > 0 ? name.substring(0, dot) : name;
    return stem.isEmpty() || stem.equals(".") || stem.equals("..") ? "input" : stem;
  }

  private static void make(Path folder) {
    Path absolute = folder.toAbsolutePath();
    try {
      Files.createDirectories(absolute);
    } catch (IOException failure) {
      throw new TransferException(
          TransferException.Cause.ENVIRONMENT,
          "Making the folder "
              + folder
              + " failed: "
              + FileProblems.reason(failure)
              + ". Choose another --out folder.",
          failure);
    }
  }

  Path of(int input) {
    return places.get(input);
  }
}
