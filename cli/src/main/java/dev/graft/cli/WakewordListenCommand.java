package dev.graft.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graft.runtime.Bundle;
import dev.graft.runtime.Detection;
import dev.graft.runtime.DetectionRule;
import dev.graft.runtime.WakeWordDetector;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Listens for a wake word. */
@Command(
    name = "listen",
    header = "Listen for a wake word.",
    description =
        "Listen for a wake word in a recording, in raw samples from standard input, or at the"
            + " microphone, and print each hit with its time and score.",
    footer = {
      "  graft wakeword listen jarvis-model evening.wav",
      "  arecord -t raw -f S16_LE -c 1 -r 16000 | graft wakeword listen jarvis-model -",
      "  graft wakeword listen jarvis-model --microphone"
    })
final class WakewordListenCommand implements Callable<Integer> {
  private static final String STANDARD_INPUT = "-";
  private static final int SECONDS_OF_FILE_AT_ONCE = 10;
  private static final int SECONDS_OF_HOUR = 3_600;
  private static final int SECONDS_OF_MINUTE = 60;

  @Parameters(index = "0", paramLabel = "MODEL", description = "The folder that training wrote.")
  private Path model = Path.of("");

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "SOUND",
      description =
          "A recording, or - for raw samples from standard input: 16 bits, signed, little-endian, one"
              + " channel, at the model's rate (mostly 16 kHz).")
  private @Nullable String sound;

  @Option(names = "--microphone", description = "Listen to the microphone.")
  private boolean microphone;

  @Option(
      names = "--threshold",
      paramLabel = "P",
      description = "Least score of a hit, above 0 and below 1 (default: the model's own).")
  private @Nullable Double threshold;

  @Option(names = "--json", description = "Write a JSON object for each hit, on a line of its own.")
  private boolean json;

  @Mixin
  @SuppressWarnings("UnusedVariable") // the parser reads it
  private final CommonOptions common = new CommonOptions();

  @Spec private CommandSpec spec = CommandSpec.create();

  private final Console console;
  private final MicrophoneSamples.Lines lines;

  WakewordListenCommand(Console console) {
    this(console, MicrophoneSamples.Lines.OF_THIS_MACHINE);
  }

  WakewordListenCommand(Console console, MicrophoneSamples.Lines lines) {
    this.console = console;
    this.lines = lines;
  }

  @Override
  public Integer call() {
    if (microphone == (sound != null)) {
      throw new ParameterException(
          spec.commandLine(), "Expected either a recording, or -, or --microphone");
    }
    Bundle bundle = Bundle.open(model);
    try (WakeWordDetector detector = WakeWordDetector.open(bundle, rule(bundle));
        SampleSource source = source(detector.sampleRate())) {
      ListeningFigures figures = new ListeningFigures(detector.sampleRate());
      try (Progress progress = Progress.on(console);
          Interruption interruption =
              Interruption.announce(console, progress, () -> figures.text(source.isLive()) + ".")) {
        listen(detector, source, figures, interruption);
      }
      console.error().println(figures.text(source.isLive()) + ".");
    }
    return ExitCode.DONE;
  }

  private DetectionRule rule(Bundle bundle) {
    DetectionRule own = bundle.detectionRule();
    try {
      return threshold == null ? own : own.withThreshold(threshold);
    } catch (IllegalArgumentException refused) {
      throw new ParameterException(
          spec.commandLine(), String.valueOf(refused.getMessage()), refused);
    }
  }

  private SampleSource source(int sampleRate) {
    if (microphone) {
      return MicrophoneSamples.open(lines, sampleRate);
    }
    return STANDARD_INPUT.equals(sound)
        ? new RawSamples(console.in(), "standard input")
        : new RecordedSamples(Path.of(String.valueOf(sound)), sampleRate);
  }

  private void listen(
      WakeWordDetector detector,
      SampleSource source,
      ListeningFigures figures,
      Interruption interruption) {
    int atOnce =
        source.isLive()
            ? detector.rule().hopSamples()
            : SECONDS_OF_FILE_AT_ONCE * detector.sampleRate();
    float[] samples = new float[atOnce];
    for (int got = source.read(samples); got > 0; got = source.read(samples)) {
      interruption.pass();
      long before = System.nanoTime();
      List<Detection> hits = detector.hear(samples, 0, got);
      figures.step(got, hits.size(), System.nanoTime() - before);
      hits.forEach(hit -> print(hit, detector.rule().phrase()));
    }
  }

  private void print(Detection hit, String phrase) {
    if (json) {
      ObjectNode line = Json.object();
      line.put("phrase", phrase);
      line.put("seconds", Math.round(100 * hit.seconds()) / 100.0);
      line.put("score", hit.score());
      console.results().line(Json.line(line));
      return;
    }
    int whole = (int) hit.seconds();
    console
        .results()
        .line(
            String.format(
                Locale.ROOT,
                "%02d:%02d:%05.2f  %s  %.3f",
                whole / SECONDS_OF_HOUR,
                whole / SECONDS_OF_MINUTE % SECONDS_OF_MINUTE,
                hit.seconds() - whole / SECONDS_OF_MINUTE * SECONDS_OF_MINUTE,
                Wording.name(phrase),
                hit.score()));
  }
}
