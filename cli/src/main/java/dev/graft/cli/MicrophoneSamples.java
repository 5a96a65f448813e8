package dev.graft.cli;

import dev.graft.transfer.TransferException;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;
import javax.sound.sampled.LineUnavailableException;
import javax.sound.sampled.TargetDataLine;

/** The samples of a microphone. */
final class MicrophoneSamples implements SampleSource {
  private static final int BITS = 16;

  private final TargetDataLine line;
  private final RawSamples samples;

  /** Finds a line that records in a format. */
  interface Lines {
    /** Those of this machine. */
    Lines OF_THIS_MACHINE = AudioSystem::getTargetDataLine;

    /**
     * An unopened line.
     *
     * @throws LineUnavailableException if others use it
     * @throws IllegalArgumentException if there is none
     */
    TargetDataLine find(AudioFormat format) throws LineUnavailableException;
  }

  private MicrophoneSamples(TargetDataLine line) {
    this.line = line;
    this.samples = new RawSamples(new AudioInputStream(line), "the microphone");
  }

  /**
   * Begins to record: 16 bits, one channel.
   *
   * @throws TransferException if there is no microphone or it cannot be used
   */
  static MicrophoneSamples open(Lines lines, int sampleRate) {
    AudioFormat format = new AudioFormat(sampleRate, BITS, 1, true, false);
    try {
      TargetDataLine line = lines.find(format);
      line.open(format);
      line.start();
      return new MicrophoneSamples(line);
    } catch (LineUnavailableException | IllegalArgumentException | SecurityException none) {
      throw new TransferException(
          TransferException.Cause.ENVIRONMENT,
          "Listening to the microphone: one that records "
              + sampleRate
              + " samples a second of 16 bits is expected, but this machine offers none ("
              + none.getMessage()
              + "). Connect one, or pipe raw samples in: arecord -t raw -f S16_LE -c 1 -r "
              + sampleRate
              + " | graft wakeword listen MODEL -",
          none);
    }
  }

  @Override
  public int read(float[] target) {
    return samples.read(target);
  }

  @Override
  public boolean isLive() {
    return true;
  }

  @Override
  public void close() {
    line.stop();
    line.close();
  }
}
