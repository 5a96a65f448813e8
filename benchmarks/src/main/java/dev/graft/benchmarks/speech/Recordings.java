package dev.graft.benchmarks.speech;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Given recordings to mix into a stream: WAV files below folders. Stateless. */
final class Recordings {
  private static final int MOST_FOLDERS_DEEP = 8;

  private Recordings() {}

  /**
   * A recording.
   *
   * @param label the name of the folder that it lies in
   */
  record Recording(String label, Path file) {
    /** The sound at 16 kHz. */
    Waveform read() throws IOException {
      Waveform sound = WaveFiles.read(file);
      return sound.rate() == Waveform.RATE
          ? sound
          : new Waveform(
              SincResampler.resample(sound.samples(), (double) sound.rate() / Waveform.RATE),
              Waveform.RATE);
    }
  }

  /**
   * Lists those of some folders, sorted by path.
   *
   * @throws IllegalStateException if a folder has none
   */
  static List<Recording> in(List<Path> folders) throws IOException {
    List<Recording> found = new ArrayList<>();
    for (Path folder : folders) {
      List<Path> files;
      try (Stream<Path> tree = Files.walk(folder, MOST_FOLDERS_DEEP)) {
        files =
            tree.filter(Files::isRegularFile)
                .filter(file -> file.toString().toLowerCase(Locale.ROOT).endsWith(".wav"))
                .sorted()
                .toList();
      }
      if (files.isEmpty()) {
        throw new IllegalStateException(
            "Looking for recordings in " + folder + ": expected WAV files, found none");
      }
      files.forEach(file -> found.add(new Recording(labelOf(file), file)));
    }
    return found;
  }

  private static String labelOf(Path file) {
    Path folder = file.toAbsolutePath().getParent();
    Path name = folder == null ? null : folder.getFileName();
    return name == null ? "" : name.toString();
  }
}
