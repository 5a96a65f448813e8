package dev.graft.cli;

import dev.graft.data.ExampleSource;
import dev.graft.data.audio.AudioDecoder;
import dev.graft.data.audio.AudioStream;
import java.nio.file.Path;

/** The samples of a recording of any length, decoded as they are read. */
final class RecordedSamples implements SampleSource {
  private final AudioStream stream;

  /**
   * @throws dev.graft.data.DataException if the file cannot be read or is no recording
   */
  RecordedSamples(Path file, int sampleRate) {
    this.stream = new AudioDecoder().open(new ExampleSource.FileSource(file), sampleRate);
  }

  @Override
  public int read(float[] target) {
    return stream.read(target, 0, target.length);
  }

  @Override
  public boolean isLive() {
    return false;
  }

  @Override
  public void close() {
    stream.close();
  }
}
