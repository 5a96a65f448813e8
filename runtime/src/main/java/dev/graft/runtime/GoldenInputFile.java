package dev.graft.runtime;

import dev.graft.data.DataException;
import dev.graft.data.ExampleSource;
import dev.graft.data.audio.AudioDecoder;
import dev.graft.data.image.ImageDecoder;
import dev.graft.data.text.PlainText;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * A golden input as a file that keeps it without loss: PNG for pixels, WAV for samples, UTF-8 for
 * text.
 */
final class GoldenInputFile {
  private static final Pattern NAME =
      Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,99}\\.(png|wav|txt)");

  private GoldenInputFile() {}

  /** The extension that the file of an example has. */
  static String extension(GoldenExample example) {
    return switch (example.input().modality()) {
      case IMAGE -> "png";
      case AUDIO -> "wav";
      case TEXT -> "txt";
    };
  }

  /** The whole file. */
  static byte[] encode(GoldenExample example) {
    ModelInput input = example.input();
    if (input instanceof ModelInput.Sound sound) {
      return FloatWav.encode(sound.samples(), sound.sampleRate());
    }
    return input instanceof ModelInput.Text text
        ? text.text().getBytes(StandardCharsets.UTF_8)
        : PngEncoder.encode(((ModelInput.Pixels) input).image());
  }

  /** Whether this is the name of such a file, without a path. */
  static boolean isName(String name) {
    return NAME.matcher(name).matches();
  }

  /**
   * Reads what was encoded.
   *
   * @throws DataException if it cannot be read or decoded
   */
  static ModelInput read(Path file) {
    byte[] encoded = new ExampleSource.FileSource(file).read();
    String name = file.toString();
    if (name.endsWith(".txt")) {
      return new ModelInput.Text(PlainText.decode(encoded, name));
    }
    if (!name.endsWith(".wav")) {
      return new ModelInput.Pixels(new ImageDecoder().decode(encoded, name));
    }
    int rate = AudioDecoder.describe(encoded, name).sampleRate();
    return new ModelInput.Sound(new AudioDecoder().decode(encoded, name, rate).samples(), rate);
  }
}
