package dev.graft.data.audio;

import dev.graft.data.DataException;
import dev.graft.data.DatasetKind;
import dev.graft.data.ExampleSource;
import dev.graft.data.LeftOut;
import dev.graft.data.UnlabelledFile;
import dev.graft.data.UnlabelledFiles;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Recordings of rooms, streets and machines that are mixed into training recordings. Immutable and
 * thread-safe; nothing is decoded before it is needed.
 */
public final class BackgroundSounds {
  private static final double MOST_SECONDS = 1_800;

  private final List<UnlabelledFile> files;
  private final String hash;

  private BackgroundSounds(List<UnlabelledFile> files, String hash) {
    this.files = files;
    this.hash = hash;
  }

  /**
   * Finds the recordings in a file, a folder with all below it, or a zip archive.
   *
   * @throws DataException if there is none
   */
  public static BackgroundSounds in(Path place) {
    UnlabelledFiles found = UnlabelledFiles.list(DatasetKind.AUDIO, place);
    if (found.files().isEmpty()) {
      String why =
          found.leftOut().stream()
              .findFirst()
              .map(LeftOut::reason)
              .map(reason -> " (" + reason + ")")
              .orElse("");
      throw new DataException(
          "Reading background sounds from "
              + place
              + ": recordings are expected (WAV, FLAC, MP3, Ogg, Opus, M4A, AIFF), but none was"
              + " found"
              + why
              + ".");
    }
    StringBuilder all = new StringBuilder();
    found.files().forEach(file -> all.append(file.source().contentHash()).append('\n'));
    return new BackgroundSounds(
        found.files(), ExampleSource.hash(all.toString().getBytes(StandardCharsets.UTF_8)));
  }

  /**
   * All of them, decoded, mono; of those beyond half an hour in all none.
   *
   * @param rate samples per second
   * @throws DataException naming a file that cannot be decoded
   */
  public List<Waveform> at(int rate) {
    AudioDecoder decoder = new AudioDecoder();
    List<Waveform> sounds = new ArrayList<>();
    double seconds = 0;
    for (UnlabelledFile file : files) {
      if (seconds < MOST_SECONDS) {
        Waveform sound = decoder.decode(file.source(), rate);
        seconds += sound.seconds();
        sounds.add(sound);
      }
    }
    return sounds;
  }

  /** A stable key of their content: 64 hexadecimal digits. */
  public String hash() {
    return hash;
  }

  /** Their number and their key. */
  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%d recordings, sha256 %s", files.size(), hash);
  }
}
